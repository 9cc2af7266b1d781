import type { ClusterView } from '../domain/cluster/view.js';
import type { Machine, Relay } from '../domain/datapath/machine.js';
import type { Interface, Netns, Network, Route } from '../domain/datapath/netns.js';
import { formatIpv4, ipv4, type Ipv4 } from '../domain/values/ipv4.js';
import { planOf, type ClusterPlan } from './cluster-plan.js';
import { Compilation, isAttached } from './compilation.js';
import { compileNetwork } from './compile-network.js';
import { wiringOf } from './node-wiring.js';
import { chooseNode } from './underlay/load-balancer.js';

/** The internet host that stands for all of them where the settings name none. */
const ANY_HOST = ipv4('198.51.100.10');

/** Every machine of a cluster: the switch, the gateway, the internet, then LAN hosts, nodes and pods in order of creation. */
export function allMachines(view: ClusterView): readonly Machine[] {
  const plan = planOf(view.settings);
  const [host = null, ...otherHosts] = hostsOf(plan);
  const network = compileNetwork(view, host === null ? {} : { internetHost: host });
  const found = (id: string): readonly Machine[] => {
    const netns = network.netns(id);
    return netns ? [machine(netns, view)] : [];
  };
  const nodes = [...view.allNodes()];
  const pods = nodes.flatMap(({ name }) => [...view.podsOnNode(name)]).filter(isAttached);
  const machines = [
    ...found('fabric'), ...found('gateway'), ...found('isp'), ...found('cloud-lb'),
    ...(host === null ? [] : found(`internet:${formatIpv4(host)}`)),
    ...plan.lanHosts.flatMap(({ name }) => found(`lan:${name}`)),
    ...nodes.flatMap(({ name }) => found(`node:${name}`)),
    ...pods.flatMap(({ namespace, name }) => found(`pod:${namespace}/${name}`)),
  ];
  return otherHosts.reduce<readonly Machine[]>((all, address, index) => withHost(all, view, address, `eth${index + 2}`), machines);
}

const hostsOf = (plan: ClusterPlan): readonly Ipv4[] => (plan.internetHosts === null ? [ANY_HOST] : [...plan.internetHosts.keys()]);

function machine(netns: Netns, view: ClusterView): Machine {
  const node = netns.id.startsWith('node:') ? view.node(netns.id.slice('node:'.length)) : undefined;
  return {
    id: netns.id, sysctls: netns.sysctls, netfilter: netns.netfilter,
    interfaces: [...netns.allInterfaces()],
    routes: [...netns.allRoutes()].filter(({ table, protocol }) => table === 'main' && protocol !== 'kernel'),
    sockets: [...netns.allSockets()],
    relays: netns.id === 'cloud-lb' ? [...relays(view)] : [],
    announces: node ? wiringOf(node.wiring).announces : [],
  };
}

/** What the load balancer connects to for each address in ipMode Proxy. */
function* relays(view: ClusterView): Iterable<Relay> {
  const compilation = new Compilation(view, planOf(view.settings), {});
  for (const service of view.allServices()) {
    for (const { ip, ipMode } of service.loadBalancerIngress) {
      for (const port of ipMode === 'Proxy' ? service.ports : []) {
        const target = chooseNode(compilation, { service, port, kind: 'loadBalancer' }, undefined);
        if (target && port.protocol === 'TCP') yield { address: ip, port: port.port, toAddress: target.node.internalIP, toPort: port.nodePort };
      }
    }
  }
}

/** A further internet host gets an interface of its own on the internet's router, and a route there. */
function withHost(machines: readonly Machine[], view: ClusterView, address: Ipv4, name: string): readonly Machine[] {
  const network: Network = compileNetwork(view, { internetHost: address });
  const host = network.netns(`internet:${formatIpv4(address)}`);
  const routerSide = network.netns('isp')?.interface('eth1');
  if (!host || !routerSide) return machines;
  const ofHost = machine(host, view);
  const rewired = (device: Interface): Interface => (device.peer ? { ...device, peer: { netns: 'isp', name } } : device);
  const route: Route = {
    destination: { base: address, prefix: 32 },
    via: null, device: name, source: null, metric: 0, scope: 'link', protocol: 'boot', table: 'main',
  };
  return [
    ...machines.map((each) =>
      each.id === 'isp' ? { ...each, interfaces: [...each.interfaces, { ...routerSide, name }], routes: [...each.routes, route] } : each,
    ),
    { ...ofHost, interfaces: ofHost.interfaces.map(rewired) },
  ];
}
