/** nodeport-addresses.json: the addresses of a node on which its node ports are open, and the valid settings for them. */
import { NodePortAddresses } from '../../../src/compile/kube-proxy/node-port-addresses.js';
import { validateClusterSettings } from '../../../src/domain/cluster/validate-cluster-settings.js';
import { formatIpv4, parseIpv4, UNSPECIFIED } from '../../../src/domain/values/ipv4.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import { listOf } from '../stated.js';

interface NodePortAddressesCase extends ConformanceCase {
  /** `null` if not configured. */
  readonly nodePortAddresses: readonly string[] | null;
  readonly interfaces?: readonly { readonly name: string; readonly addresses: readonly string[] | null }[] | null;
  readonly expected: {
    readonly containsIPv4Loopback?: Partial<Readonly<Record<Family, boolean>>>;
    readonly valid?: boolean;
  } & Partial<Readonly<Record<Family, { readonly matchAll: boolean; readonly ips: readonly string[] }>>>;
}
type Family = 'IPv4' | 'IPv6';

/** The result for cases with IPv6, which cannot be represented in the product. */
const NOT_MODELLED = 'IPv6 is not modelled';

const isValid = (nodePortAddresses: readonly string[]): boolean => validateClusterSettings({ name: 'conformance', kubeProxy: { nodePortAddresses } }).errors.length === 0;

export const nodePortAddresses = adapter<NodePortAddressesCase>({
  families: ['nodeport-addresses'],
  run({ nodePortAddresses: configured, interfaces, expected }) {
    const nodePorts = new NodePortAddresses(listOf(configured));
    const own = listOf(interfaces)
      .flatMap(({ addresses }) => listOf(addresses).map((address) => parseIpv4(address.split('/')[0]!)))
      .filter((address) => address !== undefined);
    const { IPv4, IPv6, containsIPv4Loopback, valid } = expected;
    const findings: readonly Finding[] = [
      { name: 'IPv4', expected: IPv4, actual: { matchAll: nodePorts.matchAll, ips: nodePorts.of(UNSPECIFIED, own).map(formatIpv4) } },
      { name: 'IPv6', expected: IPv6, actual: NOT_MODELLED },
      { name: 'IPv4', expected: containsIPv4Loopback?.IPv4, actual: nodePorts.containsLoopback },
      { name: 'IPv6', expected: containsIPv4Loopback?.IPv6, actual: NOT_MODELLED },
      { name: 'valid', expected: valid, actual: isValid(listOf(configured)) },
    ];
    return findings.filter((finding) => finding.expected !== undefined);
  },
});
