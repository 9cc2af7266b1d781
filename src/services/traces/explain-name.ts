/** Why a name led to no address: what a lookup's outcome means in the cluster's terms. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { similarNames } from '../../domain/cluster/similar-names.js';
import { labelsOf } from '../../domain/dns/dns-name.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { HostLookup } from './look-up-host.js';
import type { Obstacle } from './obstacle.js';
import type { ResolvedSource } from './resolve-source.js';

/** @returns `null` for a name that was found */
export function nameObstacle(state: ClusterState, source: ResolvedSource, lookup: HostLookup): Obstacle | null {
  const { host, resolver, resolution } = lookup;
  const whose = resolver.asks === 'UNDERLAY' ? { subject: `${asker(source)} asks the resolver of the nodes' network, which knows no name of the cluster` } : {};
  switch (resolution.outcome) {
    case 'FOUND': return null;
    case 'UNDETERMINED': return { code: 'DNS_ANSWER_UNKNOWN', details: { name: resolution.deciding?.answer.unknown ?? host, ...(resolver.asks === 'UNDERLAY' ? whose : slip(state, source, lookup)) } };
    case 'NODATA': return { code: 'DNS_NO_ADDRESS', details: { name: host } };
    case 'NXDOMAIN': return { code: 'DNS_NAME_NOT_FOUND', details: { name: host, ...(resolver.asks === 'UNDERLAY' ? whose : hint(state, source, lookup)) } };
  }
}

const asker = ({ pod, node, origin }: ResolvedSource): string => {
  if (pod) return `pod ${pod.namespace}/${pod.name} (dnsPolicy ${pod.dns?.policy ?? 'ClusterFirst'}${pod.hostNetwork ? ', on the node\'s network' : ''})`;
  if (origin.kind === 'arrival') return formatIpv4(origin.source);
  return node === null ? origin.netns.replace(':', ' ') : `node ${node}`;
};

/** What is true of a name that the cluster does not have: where one near it is, or what it lacks. */
function hint(state: ClusterState, { pod }: ResolvedSource, { host }: HostLookup): { readonly subject?: string; readonly headless?: string } {
  const asked = clusterName(state, host, pod?.namespace ?? 'default');
  if (!asked) return {};
  const { name, namespace } = asked;
  const service = asked.isMistyped ? undefined : state.service(namespace, name);
  if (service?.headless === true) return { subject: `the Service ${namespace}/${name} is headless and has no ready endpoint`, headless: 'yes' };
  if (service) return {};
  const absent = state.hasNamespace(namespace) ? '' : `there is no namespace "${namespace}"`;
  const meant = namesNear(state, asked, pod?.namespace);
  return meant === '' && absent === '' ? {} : { subject: [absent, meant].filter((part) => part !== '').join('; ') };
}

/** The same of a name that servers outside could know: it is a slip only where something near it is there. */
function slip(state: ClusterState, { pod }: ResolvedSource, { host }: HostLookup): { readonly hint?: string } {
  const asked = clusterName(state, host, pod?.namespace ?? 'default');
  const meant = asked ? namesNear(state, asked, pod?.namespace) : '';
  return meant === '' ? {} : { hint: meant };
}

interface ClusterName {
  readonly name: string;
  readonly namespace: string;
  /** What is written after the namespace, put right: `''`, `.svc` or `.svc.cluster.local`. */
  readonly end: string;
  readonly isMistyped: boolean;
}

/** A host as the name of a Service, with slips in `svc` and the cluster's domain overlooked. */
function clusterName({ settings }: ClusterState, host: string, own: string): ClusterName | undefined {
  const [name = '', namespace = own, below, ...domain] = labelsOf(host.toLowerCase());
  if (below === undefined) return { name, namespace, end: '', isMistyped: false };
  const zone = settings.clusterDomain.toLowerCase();
  const written = domain.join('.');
  const isNear = similarNames(below, ['svc']).length > 0 && (written === '' || similarNames(written, [zone]).length > 0);
  if (!isNear) return undefined;
  return { name, namespace, end: written === '' ? '.svc' : `.svc.${zone}`, isMistyped: below !== 'svc' || (written !== '' && written !== zone) };
}

/** `did you mean web.shop?`: the nearest Services of the namespace, of those near it, else those of this very name elsewhere. */
function namesNear(state: ClusterState, { name, namespace, end }: ClusterName, own: string | undefined): string {
  const all = [...state.namespaces()].map((each) => each.name);
  const namespaces = state.hasNamespace(namespace) ? [namespace] : similarNames(namespace, all);
  const near = namespaces.flatMap((each) => (state.service(each, name) ? [name] : state.similarNames('service', each, name)).map((service) => [service, each] as const));
  const meant = near.length > 0 ? near : end === '' && namespace !== own ? [] : all.filter((each) => state.service(each, name)).map((each) => [name, each] as const);
  const written = meant.slice(0, SUGGESTED).map(([service, each]) => (each === own && end === '' ? service : `${service}.${each}${end}`));
  return written.length > 0 ? `did you mean ${written.join(' or ')}?` : '';
}

const SUGGESTED = 3;
