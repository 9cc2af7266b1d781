import { parseListenPort, type ListenPort } from '../domain/cluster/listen-syntax.js';
import { cloudLoadBalancerAddress } from '../domain/cluster/node-network.js';
import type { ClusterSettings } from '../domain/cluster/settings.js';
import type { Sysctls } from '../domain/datapath/netns.js';
import type { Protocol } from '../domain/packet/packet.js';
import { cidr, cidrOf, contains, type Cidr } from '../domain/values/cidr.js';
import { ipv4, type Ipv4 } from '../domain/values/ipv4.js';

export interface StaticRoute {
  readonly destination: Cidr;
  readonly via: Ipv4;
  readonly source: Ipv4 | null;
}

interface LanHostPlan {
  readonly name: string;
  readonly address: Ipv4;
  readonly listen: readonly ListenPort[];
  readonly routes: readonly StaticRoute[];
}

interface PortForwardPlan {
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  readonly port: number;
  readonly toAddress: Ipv4;
  readonly toPort: number;
}

/** A cluster's settings with every address and block parsed. */
export interface ClusterPlan {
  readonly settings: ClusterSettings;
  readonly podCIDR: Cidr;
  readonly serviceCIDR: Cidr;
  readonly nodeCIDR: Cidr;
  readonly loadBalancerCIDRs: readonly Cidr[];
  readonly gatewayInternal: Ipv4;
  readonly gatewayExternal: Ipv4;
  /** The network that the gateway and the internet's router share. */
  readonly externalNetwork: Cidr;
  readonly isp: Ipv4;
  readonly cloudLoadBalancer: Ipv4;
  readonly portForwards: readonly PortForwardPlan[];
  readonly lanHosts: readonly LanHostPlan[];
  readonly lanHostByName: ReadonlyMap<string, LanHostPlan>;
  readonly lanHostByAddress: ReadonlyMap<Ipv4, LanHostPlan>;
  /** `null`: a host at every public address that accepts every port. */
  readonly internetHosts: ReadonlyMap<Ipv4, readonly ListenPort[]> | null;
  readonly nodeSysctls: Sysctls;
}

const plans = new WeakMap<ClusterSettings, ClusterPlan>();

/** Parsed once for each settings object: a new revision of the settings is a new object. */
export function planOf(settings: ClusterSettings): ClusterPlan {
  let plan = plans.get(settings);
  if (!plan) plans.set(settings, (plan = parsePlan(settings)));
  return plan;
}

function parsePlan(settings: ClusterSettings): ClusterPlan {
  const { underlay, sysctls } = settings;
  const nodeCIDR = cidr(underlay.nodeCIDR);
  const [externalIP = '', externalPrefix = ''] = underlay.gateway.externalIP.split('/');
  const gatewayExternal = ipv4(externalIP);
  const lanHosts = underlay.lanHosts.map((host): LanHostPlan => ({
    name: host.name, address: ipv4(host.ip), listen: parseListen(host.listen), routes: host.routes.map(parseStaticRoute),
  }));
  return {
    settings,
    podCIDR: cidr(settings.podCIDR),
    serviceCIDR: cidr(settings.serviceCIDR),
    nodeCIDR,
    loadBalancerCIDRs: [underlay.loadBalancer.cidr, ...(underlay.loadBalancer.furtherCIDRs ?? [])].map(cidr),
    gatewayInternal: ipv4(underlay.gateway.internalIP),
    gatewayExternal,
    externalNetwork: cidrOf(gatewayExternal, Number(externalPrefix)),
    isp: ipv4(underlay.isp.ip),
    cloudLoadBalancer: cloudLoadBalancerAddress(nodeCIDR),
    portForwards: underlay.gateway.portForwards.map(({ protocol, port, to }) => {
      const [address = '', toPort = ''] = to.split(':');
      return { protocol, port, toAddress: ipv4(address), toPort: Number(toPort) };
    }),
    lanHosts,
    lanHostByName: new Map(lanHosts.map((host) => [host.name, host])),
    lanHostByAddress: new Map(lanHosts.map((host) => [host.address, host])),
    internetHosts: underlay.internetHosts === 'any' ? null
      : new Map(underlay.internetHosts.map(({ ip, listen }) => [ipv4(ip), parseListen(listen)])),
    nodeSysctls: {
      ipForward: sysctls.ip_forward === 1,
      rpFilter: sysctls.rp_filter,
      routeLocalnet: sysctls.route_localnet === 1,
      bridgeNfCallIptables: sysctls['bridge-nf-call-iptables'] === 1,
    },
  };
}

/** Validated when the settings were: none is left out. */
const parseListen = (texts: readonly string[]): readonly ListenPort[] => texts.flatMap((text) => parseListenPort(text) ?? []);

export const parseStaticRoute = ({ to, via, src }: { readonly to: string; readonly via: string; readonly src?: string }): StaticRoute =>
  ({ destination: cidr(to), via: ipv4(via), source: src === undefined ? null : ipv4(src) });

/** @source RFC 6890: what is not globally reachable; documentation ranges count as public here. */
const NOT_PUBLIC = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16', '100.64.0.0/10', '224.0.0.0/3', '0.0.0.0/8'].map(cidr);

/** Is there, or could there be, an internet host at `address`? The cluster's own ranges are nobody else's. */
export const isPublicAddress = (plan: ClusterPlan, address: Ipv4): boolean =>
  !NOT_PUBLIC.some((block) => contains(block, address)) &&
  !contains(plan.podCIDR, address) && !contains(plan.serviceCIDR, address) && !contains(plan.nodeCIDR, address) &&
  !plan.loadBalancerCIDRs.some((block) => contains(block, address)) && !contains(plan.externalNetwork, address);
