import type { ClusterView, EndpointView, NodeView, ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import type { Chain, Rule, Target } from '../../../domain/datapath/netfilter/rules.js';
import type { Cidr } from '../../../domain/values/cidr.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';
import type { CategorizedEndpoints } from '../categorize-endpoints.js';
import type { ServicePortNames } from './chain-names.js';
import type { IptablesSettings } from './iptables-settings.js';

/** What the chains of a service port need to know of their node. */
export interface ServicePortNode {
  readonly view: ClusterView;
  readonly node: NodeView;
  readonly settings: IptablesSettings;
  /** Sources that count as local pod traffic (`detectLocalMode`); `null`: kube-proxy does not distinguish. */
  readonly localTraffic: Cidr | null;
  /** Whether the rules for endpoints have comments: kube-proxy leaves these out in large clusters. */
  readonly hasEndpointComments: boolean;
  /** Makes an endpoint's chain known by its name, so that the jump to it can be followed. */
  rememberEndpointChain(chain: Chain): void;
}

/** One service port on one node, as its own chains see it. */
export interface ServicePort {
  readonly node: ServicePortNode;
  readonly service: ServiceView & { readonly clusterIP: Ipv4 };
  readonly port: ServicePortView;
  readonly names: ServicePortNames;
  /** All endpoints, including those that this node does not use. */
  readonly allEndpoints: readonly EndpointView[];
  readonly endpoints: CategorizedEndpoints;
  readonly vips: readonly Ipv4[];
  /** Whether there are endpoints for traffic to addresses other than the clusterIP. */
  readonly hasExternalEndpoints: boolean;
  /** A rule that matches traffic to the clusterIP and port. */
  toClusterIp(target: Target, source?: NonNullable<Rule['source']>): Rule;
  endpointChain(endpoint: EndpointView): Chain;
}
