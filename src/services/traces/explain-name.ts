/** Why a name led to no address: what a lookup's outcome means in the cluster's terms. */
import type { ClusterState } from '../../domain/cluster/draft.js';
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
    case 'UNDETERMINED': return { code: 'DNS_ANSWER_UNKNOWN', details: { name: resolution.deciding?.answer.unknown ?? host, ...whose } };
    case 'NODATA': return { code: 'DNS_NO_ADDRESS', details: { name: host } };
    case 'NXDOMAIN': return { code: 'DNS_NAME_NOT_FOUND', details: { name: host, ...(resolver.asks === 'UNDERLAY' ? whose : hint(state, source, lookup)) } };
  }
}

const asker = ({ pod, node, origin }: ResolvedSource): string => {
  if (pod) return `pod ${pod.namespace}/${pod.name} (dnsPolicy ${pod.dns?.policy ?? 'ClusterFirst'}${pod.hostNetwork ? ', on the node\'s network' : ''})`;
  if (origin.kind === 'arrival') return formatIpv4(origin.source);
  return node === null ? origin.netns.replace(':', ' ') : `node ${node}`;
};

function hint(state: ClusterState, { pod }: ResolvedSource, { host }: HostLookup): { readonly subject?: string; readonly headless?: string } {
  const [name = '', namespace = pod?.namespace ?? 'default', below = 'svc'] = labelsOf(host.toLowerCase());
  if (below !== 'svc') return {};
  const service = state.service(namespace, name);
  if (service?.headless === true) return { subject: `the Service ${namespace}/${name} is headless and has no ready endpoint`, headless: 'yes' };
  if (service) return {};
  if (!state.hasNamespace(namespace)) return { subject: `there is no namespace "${namespace}"` };
  const similar = state.similarNames('service', namespace, name);
  return similar.length > 0 ? { subject: `did you mean ${similar.map((each) => (namespace === pod?.namespace ? each : `${each}.${namespace}`)).join(' or ')}?` } : {};
}
