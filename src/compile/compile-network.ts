import type { ClusterView } from '../domain/cluster/view.js';
import type { Netns, NetnsId, Network } from '../domain/datapath/netns.js';
import { parseIpv4 } from '../domain/values/ipv4.js';
import { planOf } from './cluster-plan.js';
import { Compilation, type CompileOptions } from './compilation.js';
import { NodeNetns } from './node-netns.js';
import { podNetns } from './pod-netns.js';
import { cloudLoadBalancerNetns } from './underlay/cloud-load-balancer.js';
import { FabricNetns } from './underlay/fabric.js';
import { GatewayNetns } from './underlay/gateway.js';
import { internetHostNetns } from './underlay/internet-host.js';
import { IspNetns } from './underlay/isp.js';
import { lanHostNetns } from './underlay/lan-host.js';

/**
 * Compiles a cluster to the Linux network that it runs on. Lazy: a namespace is built when it is asked for, and reads from
 * `view` only what a packet touches, so that compiling a network for every trace is cheap. `view` must not change while the
 * network is in use.
 */
export const compileNetwork = (view: ClusterView, options: CompileOptions = {}): Network =>
  new CompiledNetwork(new Compilation(view, planOf(view.settings), options));

class CompiledNetwork implements Network {
  readonly #compilation: Compilation;
  readonly #built = new Map<NetnsId, Netns | undefined>();

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  netns(id: NetnsId): Netns | undefined {
    const built = this.#built.get(id);
    if (built || this.#built.has(id)) return built;
    const netns = build(this.#compilation, id);
    this.#built.set(id, netns);
    return netns;
  }
}

function build(compilation: Compilation, id: NetnsId): Netns | undefined {
  const colon = id.indexOf(':');
  const name = id.slice(colon + 1);
  switch (colon < 0 ? id : id.slice(0, colon)) {
    case 'pod': return podNetns(compilation, id, name);
    case 'node': {
      const node = compilation.view.node(name);
      return node && new NodeNetns(compilation, node);
    }
    case 'fabric': return new FabricNetns(compilation);
    case 'gateway': return new GatewayNetns(compilation);
    case 'isp': return new IspNetns(compilation);
    case 'cloud-lb': return cloudLoadBalancerNetns(compilation);
    case 'lan': return lanHostNetns(compilation, id, name);
    case 'internet': {
      const address = parseIpv4(name);
      return address === undefined ? undefined : internetHostNetns(compilation, id, address);
    }
    default: return undefined;
  }
}
