/**
 * The upstreams of nginx: one for each backend, however many Ingresses name it. Annotations about it are those of the Ingress that
 * made it, the oldest one. A canary's upstream has no paths of its own.
 *
 * @source ingress-nginx internal/ingress/controller/controller.go `createUpstreams`, `getBackendServers`
 */
import type { IngressBackend, IngressView } from './ingress-view.js';

export type ServiceBackend = Extract<IngressBackend, { service: string }>;

export interface Upstream extends ServiceBackend {
  readonly namespace: string;
}

/** Ingresses by the Service that they lead to, of one controller, the oldest first. */
export interface LeadingTo {
  leadingTo(namespace: string, service: string): readonly IngressView[];
  /** Those whose annotations are about the upstream, if they made it. */
  about(namespace: string, service: string): readonly IngressView[];
}

/** @returns `null` for a backend that is no Service */
export const upstreamOf = ({ namespace }: Pick<IngressView, 'namespace'>, backend: IngressBackend | null): Upstream | null =>
  (backend && 'service' in backend ? { namespace, ...backend } : null);

export const isSameUpstream = (one: Upstream | null, other: Upstream | null): boolean =>
  one !== null && other !== null && one.namespace === other.namespace && one.service === other.service && one.port === other.port;

/** The Ingress whose annotations are the upstream's: the last with it as a default backend, which makes it anew, else the first with it at a path. */
export function makerOf(ingresses: LeadingTo, upstream: Upstream): IngressView | undefined {
  const leading = ingresses.leadingTo(upstream.namespace, upstream.service);
  const names = (ingress: IngressView, backend: IngressBackend | null): boolean => isSameUpstream(upstreamOf(ingress, backend), upstream);
  return leading.findLast((ingress) => names(ingress, ingress.defaultBackend))
    ?? leading.find((ingress) => ingress.rules.some(({ paths }) => paths.some(({ backend }) => names(ingress, backend))));
}

/** Whether paths with this backend count: not if a canary made its upstream. */
export const hasPaths = (ingresses: LeadingTo, upstream: Upstream): boolean =>
  ingresses.about(upstream.namespace, upstream.service).every(({ nginx }) => nginx.canary === null) ||
  (makerOf(ingresses, upstream)?.nginx.canary ?? null) === null;

/** The Ingress by which the proxy connects to the Service's own address; `undefined` if it connects to endpoints. */
export function virtualBy(ingresses: LeadingTo, upstream: Upstream): IngressView | undefined {
  const isPossible = ingresses.about(upstream.namespace, upstream.service).some(({ nginx }) => nginx.serviceUpstream);
  const maker = isPossible ? makerOf(ingresses, upstream) : undefined;
  return maker?.nginx.serviceUpstream ? maker : undefined;
}
