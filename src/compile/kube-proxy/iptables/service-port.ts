import type { ClusterView, EndpointView, NodeView, ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import type { Chain, Rule, Target } from '../../../domain/datapath/netfilter/rules.js';
import type { Cidr } from '../../../domain/values/cidr.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';
import type { CategorizedEndpoints } from '../categorize-endpoints.js';
import type { ServicePortNames } from './chain-names.js';
import type { IptablesSettings } from './iptables-settings.js';

/** The node that a service port's chains are for. */
export interface ServicePortNode {
  readonly view: ClusterView;
  readonly node: NodeView;
  readonly settings: IptablesSettings;
  /** Where a local pod's packets come from; `null`: kube-proxy cannot tell. */
  readonly localTraffic: Cidr | null;
  /** In large clusters those of the rules that lead to endpoints are left out. */
  readonly hasEndpointComments: boolean;
  /** An endpoint's chain has its name from a hash; it can be looked up once a rule has led to it. */
  rememberEndpointChain(chain: Chain): void;
}

/** One service port on one node, as the chains that it has to itself see it. */
export interface ServicePort {
  readonly node: ServicePortNode;
  readonly service: ServiceView & { readonly clusterIP: Ipv4 };
  readonly port: ServicePortView;
  readonly names: ServicePortNames;
  /** All there are, those too that this node does not use. */
  readonly allEndpoints: readonly EndpointView[];
  readonly endpoints: CategorizedEndpoints;
  readonly vips: readonly Ipv4[];
  /** Endpoints for traffic to every address but the clusterIP. */
  readonly hasExternalEndpoints: boolean;
  /** The match on traffic to the clusterIP, as the rules of the service's own chains repeat it. */
  toClusterIp(target: Target, source?: NonNullable<Rule['source']>): Rule;
  endpointChain(endpoint: EndpointView): Chain;
}
