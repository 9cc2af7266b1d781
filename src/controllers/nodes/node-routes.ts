import type { ClusterSettings } from '../../domain/cluster/settings.js';
import { decodeNodeWiring, WIRING_ANNOTATIONS } from '../../domain/cluster/node-wiring.js';
import { checkRoutes, type Attached } from '../../domain/cluster/rules/route-rules.js';
import { addressAt, cidr, cidrOf, parseCidr } from '../../domain/values/cidr.js';
import { parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Findings } from '../admission/findings.js';
import type { NodeObject } from '../object-shapes.js';

/** Refuses routes that the node's kernel would refuse. Called once the node's addresses are known. */
export function checkNodeRoutes({ underlay }: ClusterSettings, { metadata: { annotations = {} }, spec, status }: NodeObject, findings: Findings): void {
  const { routes, addresses } = decodeNodeWiring(annotations).wiring;
  if (routes.length === 0) return;
  const pods = parseCidr(spec?.podCIDR ?? '');
  const own = (name: string, address: Ipv4 | undefined): Attached[] => (address === undefined ? [] : [{ name, block: cidrOf(address, 32) }]);
  const sources = [
    ...(status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').flatMap(({ address }) => own('its address', parseIpv4(address))),
    ...addresses.flatMap((address) => own('its address', parseIpv4(address))),
    ...own('its bridge', pods && addressAt(pods, 1)),
    { name: 'loopback', block: cidr('127.0.0.0/8') },
  ];
  const links: Attached[] = [
    { name: 'underlay.nodeCIDR', block: cidr(underlay.nodeCIDR), isLink: true },
    ...(pods ? [{ name: 'its podCIDR', block: pods, isLink: true }] : []),
  ];
  checkRoutes(routes, `metadata.annotations[${WIRING_ANNOTATIONS.routes}]`, [...links, ...sources.slice(0, -1)], sources, (path, message) =>
    findings.refuse(path, message),
  );
}
