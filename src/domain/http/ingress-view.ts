/** Ingresses as a controller reads them. @source networking/v1 `IngressSpec` */
import type { NginxSettings } from './nginx-settings.js';

export type IngressBackend =
  | { readonly service: string; /** Name or number of a port of the Service. */ readonly port: string | number }
  /** An object of another kind, `StorageBucket assets`. */
  | { readonly resource: string };

export type PathType = 'Exact' | 'Prefix' | 'ImplementationSpecific';

export interface IngressPath {
  readonly path: string;
  readonly pathType: PathType;
  readonly backend: IngressBackend;
}

export interface IngressView {
  readonly namespace: string;
  readonly name: string;
  /** `null`: it names none. */
  readonly className: string | null;
  readonly defaultBackend: IngressBackend | null;
  /** `host` is `''` where the rule has none. */
  readonly rules: readonly { readonly host: string; readonly paths: readonly IngressPath[] }[];
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secret: string | null }[];
  /** What its annotations tell ingress-nginx. */
  readonly nginx: NginxSettings;
  /** Annotations that could decide about a request, and that are not modelled. */
  readonly notModelled: readonly string[];
  /** Creation time, in UTC with a precision of seconds. */
  readonly createdAt: string;
  /** Position in the order of creation. */
  readonly ordinal: number;
}

export interface IngressMatch {
  readonly ingress: IngressView;
  /** Host of the rule; `''` for a rule without one and for a default backend. */
  readonly host: string;
  /** `null` for a default backend. */
  readonly path: IngressPath | null;
  readonly backend: IngressBackend;
}

/** The Ingresses relevant to a request. */
export interface IngressServer {
  /** The pattern that matches the request's host. */
  readonly host: string;
  /** Ingresses with a rule for that pattern, the oldest first; without those that only take a share of the requests of others. */
  readonly ingresses: readonly IngressView[];
}

/** Whether its annotations are about its backends' upstreams, and not only about requests to its own paths. */
export const isAboutUpstreams = ({ nginx: { canary, serviceUpstream } }: Pick<IngressView, 'nginx'>): boolean => canary !== null || serviceUpstream;

/** All backends: the default one first, then those of the paths in their order. */
export const backendsOf = ({ defaultBackend, rules }: Pick<IngressView, 'defaultBackend' | 'rules'>): readonly IngressBackend[] =>
  [...(defaultBackend ? [defaultBackend] : []), ...rules.flatMap(({ paths }) => paths.map(({ backend }) => backend))];

/** Names of the Services that it leads to. */
export const servicesOf = (ingress: Pick<IngressView, 'defaultBackend' | 'rules'>): ReadonlySet<string> =>
  new Set(backendsOf(ingress).flatMap((backend) => ('service' in backend ? [backend.service] : [])));
