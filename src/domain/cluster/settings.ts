/** A cluster's settings with all defaults filled in, as the API returns them. */
export interface ClusterSettings {
  readonly name: string;
  readonly podCIDR: string;
  readonly nodeCIDRMaskSize: number;
  readonly serviceCIDR: string;
  readonly nodePortRange: string;
  readonly clusterDomain: string;
  readonly dns: { readonly replicas: number };
  readonly cni: { readonly type: 'bridge'; readonly mtu: number };
  readonly kubeProxy: {
    readonly mode: 'iptables';
    readonly masqueradeAll: boolean;
    readonly nodePortAddresses: readonly string[];
    readonly localhostNodePorts: boolean;
    readonly detectLocalMode: 'ClusterCIDR' | 'NodeCIDR' | 'None';
    readonly randomFully: boolean;
  };
  readonly masquerade: { readonly nonMasqueradeCIDRs: readonly string[] };
  /** The Ingress controller that is installed if the cluster has none. */
  readonly ingress: { readonly controller: 'nginx' | 'none' };
  /** The controller of Gateways whose GatewayClass the cluster does not have. */
  readonly gateway: { readonly controller: 'packetwalk' | 'none' };
  readonly networkPolicy: { readonly denyWith: 'DROP' | 'REJECT' };
  readonly underlay: {
    readonly nodeCIDR: string;
    readonly gateway: {
      readonly internalIP: string;
      /** Address with prefix length. */
      readonly externalIP: string;
      readonly portForwards: readonly PortForward[];
    };
    readonly isp: { readonly ip: string };
    readonly internetHosts: 'any' | readonly { readonly ip: string; readonly listen: readonly string[] }[];
    readonly lanHosts: readonly LanHost[];
    readonly loadBalancer: {
      readonly cidr: string;
      /** Further blocks that are routed to the load balancer. */
      readonly furtherCIDRs?: readonly string[] | undefined;
      readonly ipMode: 'VIP' | 'Proxy';
    };
  };
  readonly sysctls: {
    readonly 'bridge-nf-call-iptables': 0 | 1;
    readonly ip_forward: 0 | 1;
    readonly rp_filter: 0 | 1 | 2;
    readonly route_localnet: 0 | 1;
  };
  readonly hairpin: boolean;
}

interface PortForward {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** `ip:port` */
  readonly to: string;
}

export interface LanHost {
  readonly name: string;
  readonly ip: string;
  /** `80/tcp` */
  readonly listen: readonly string[];
  readonly routes: readonly ExtraRoute[];
}

export interface ExtraRoute {
  /** A CIDR. */
  readonly to: string;
  readonly via: string;
  readonly src?: string;
}

/** Network configuration of a node that Kubernetes has no fields for. */
export interface NodeWiring {
  /** Further addresses of `eth0`, /32. */
  readonly addresses: readonly string[];
  readonly routes: readonly ExtraRoute[];
  readonly forwardPolicy: 'ACCEPT' | 'DROP';
  /** Addresses for which a program on the node answers ARP requests. */
  readonly announces: readonly string[];
}

/** Values for settings that were stored before these fields existed. */
export const ADDED_SETTINGS: Pick<ClusterSettings, 'ingress' | 'gateway'> = { ingress: { controller: 'nginx' }, gateway: { controller: 'packetwalk' } };
