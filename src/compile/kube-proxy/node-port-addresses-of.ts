import type { NodeView } from '../../domain/cluster/view.js';
import { LOOPBACK, type Ipv4 } from '../../domain/values/ipv4.js';
import { cniOf } from '../cni/registry.js';
import type { Compilation } from '../compilation.js';
import { wiringOf } from '../node-wiring.js';
import type { NodePortAddresses } from './node-port-addresses.js';

/**
 * The addresses of one node on which its node ports work, in the order of its interfaces.
 *
 * @source Kubernetes `pkg/proxy/util/nodeport_addresses.go` `GetNodeIPs`
 */
export function nodePortAddressesOf(compilation: Compilation, node: NodeView, configured: NodePortAddresses): readonly Ipv4[] {
  const pods = cniOf(compilation.plan.settings).nodeNetwork(compilation, node);
  return configured.of(node.internalIP, [LOOPBACK, node.internalIP, ...wiringOf(node.wiring).addresses, ...pods.addresses]);
}
