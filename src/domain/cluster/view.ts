/**
 * The lookups of a cluster that the compiler and the trace use, answered from memory by the index. Only `all…()` lists a
 * whole table; it is used for exports and for choices among nodes.
 */
import type { GatewayView } from '../http/gateway.js';
import type { HttpRouteView } from '../http/http-route.js';
import type { IngressView } from '../http/ingress-view.js';
import type { Protocol } from '../packet/packet.js';
import type { Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Direction } from './policy/policy.js';
import type { PolicySet } from './policy/policy-set.js';
import type { ClusterSettings, NodeWiring } from './settings.js';

export interface NodeView {
  readonly name: string;
  readonly internalIP: Ipv4;
  readonly podCIDR: Cidr | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly wiring: NodeWiring;
  /** Status of the Ready condition. */
  readonly ready: 'True' | 'False' | 'Unknown';
  /** `false` if the link annotation or an Unknown Ready condition cuts the link. */
  readonly linkUp: boolean;
  /** The link annotation cuts the link, independently of the Ready condition. */
  readonly linkCut?: true;
  /** The cluster autoscaler has marked it for deletion. */
  readonly toBeDeleted?: true;
  /** Addresses in its status by which clients outside of the cluster reach it, if it has any. What translates them is not modelled. */
  readonly externalIPs?: readonly Ipv4[];
}

export interface ContainerView {
  readonly name: string;
  /** An init container with `restartPolicy: Always`. */
  readonly sidecar?: true;
  readonly ports: readonly ContainerPortView[];
}

export interface ContainerPortView {
  readonly name: string | null;
  readonly containerPort: number;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  /** The port of the node that is forwarded to this one; `null`: none. */
  readonly hostPort: number | null;
  /** The only address of the node on which the host port is open; absent means all of them. */
  readonly hostIP?: Ipv4;
}

/** One entry of the listen annotation. */
export interface ListenAddress {
  readonly address: Ipv4;
  readonly port: number;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
}

/** A pod's configuration of its resolver. */
export interface PodDns {
  readonly policy: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  /** From `dnsConfig`, like the next two. */
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly { readonly name: string; readonly value: string | null }[];
  readonly hostAliases: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
}

export interface PodView {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `null`: not scheduled. */
  readonly node: string | null;
  /**
   * The scheduler's message why it has no node, or the kubelet's message which readiness gates keep it from being ready;
   * `null`: neither, or not stored.
   */
  readonly waiting: string | null;
  /** `null`: none assigned yet. A hostNetwork pod has its node's. */
  readonly ip: Ipv4 | null;
  readonly hostNetwork: boolean;
  /** `spec.hostname`; `null`: not set, so the hostname is the pod's name. */
  readonly hostname: string | null;
  /** `spec.subdomain`: the headless Service under which the hostname is a DNS name. */
  readonly subdomain: string | null;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** Succeeded or Failed: its containers and its network namespace are gone. */
  readonly finished: boolean;
  readonly containers: readonly ContainerView[];
  /** The addresses of the listen annotation, which override the container ports; `null`: no annotation. */
  readonly listen: readonly ListenAddress[] | null;
  /** `null`: only the policy ClusterFirst. */
  readonly dns: PodDns | null;
  /** Position in the order of creation, which on a node is also the order of its bridge ports. */
  readonly ordinal: number;
}

export interface ServicePortView {
  /** `''` for an unnamed port. */
  readonly name: string;
  readonly protocol: Exclude<Protocol, 'ICMP'>;
  readonly port: number;
  readonly targetPort: number | string;
  /** 0: none. */
  readonly nodePort: number;
  /** The application protocol, if the Service names one. */
  readonly appProtocol?: string;
}

export interface ServiceView {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** `null`: headless or ExternalName. */
  readonly clusterIP: Ipv4 | null;
  readonly headless: boolean;
  readonly externalName: string | null;
  readonly ports: readonly ServicePortView[];
  readonly selector: Readonly<Record<string, string>> | null;
  readonly externalIPs: readonly Ipv4[];
  readonly loadBalancerIngress: readonly { readonly ip: Ipv4; readonly ipMode: 'VIP' | 'Proxy' }[];
  readonly loadBalancerSourceRanges: readonly Cidr[];
  /** Annotations by which a cloud's load balancer may turn clients away; absent if it has none. */
  readonly restrictedBy?: readonly string[];
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  /** 0: none. */
  readonly healthCheckNodePort: number;
  /** Seconds of ClientIP affinity; `null`: none. */
  readonly sessionAffinitySeconds: number | null;
  readonly publishNotReadyAddresses: boolean;
  readonly trafficDistribution: string | null;
  /** Name of the proxy that serves it instead of kube-proxy; `null`: none. */
  readonly proxyName: string | null;
  /** It has the label `service.kubernetes.io/headless`, whether it is headless or not. */
  readonly labelledHeadless: boolean;
}

/** One endpoint of one service port, its slices merged. */
export interface EndpointView {
  readonly ip: Ipv4;
  readonly port: number;
  /** `null`: the slice names none. */
  readonly node: string | null;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zone: string | null;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
  /** Its DNS label under the Service's name; `null`: it has none. */
  readonly hostname: string | null;
  /** `namespace/name` of the pod behind it; `null` if there is none. */
  readonly pod: string | null;
}

export interface VipMatch {
  readonly service: ServiceView;
  readonly port: ServicePortView;
  readonly kind: 'clusterIP' | 'externalIP' | 'loadBalancer';
}

export interface IngressClassView {
  readonly name: string;
  /** `spec.controller`, e.g. `k8s.io/ingress-nginx`. */
  readonly controller: string;
  readonly isDefault: boolean;
  /** The Service of the controller's pods, `namespace/name`, if the class's annotation names it; else `null`. */
  readonly service: string | null;
}

interface GatewayClassView {
  readonly name: string;
  /** `spec.controllerName`, e.g. `projectcontour.io/gateway-controller`. */
  readonly controller: string;
}

/** Allows objects of other namespaces to refer to objects of this one. */
export interface ReferenceGrantView {
  readonly namespace: string;
  readonly name: string;
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  /** `name` is `null` for all objects of the kind. */
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name: string | null }[];
}

/** What routes that are not modelled are for; a controller is named as in an IngressClass, and has no namespace. */
export type Routed = 'Gateway' | 'Service' | 'Controller';

/** A route that is not modelled, e.g. a TCPRoute. */
export interface ForeignRouteView extends Pick<HttpRouteView, 'namespace' | 'name' | 'parents' | 'hostnames'> {
  readonly kind: string;
}

/** Objects that route HTTP requests. */
export interface HttpView {
  /** Ingresses with a rule for exactly this host pattern (`''`: without a host), in order of creation. */
  ingressesAt(host: string): readonly IngressView[];
  /** Ingresses whose annotations may give a server this further name, in order of creation. */
  ingressesAlsoNamed(name: string): readonly IngressView[];
  /** Ingresses that have the Service as a backend, in order of creation. */
  ingressesLeadingTo(service: { readonly namespace: string; readonly name: string }): readonly IngressView[];
  /** Those of them whose annotations are about the Service, wherever requests for it come from. */
  ingressesAbout(service: { readonly namespace: string; readonly name: string }): readonly IngressView[];
  /** Ingresses that only take a share of the requests of others, in order of creation; a cluster has few. */
  canaries(): readonly IngressView[];
  ingressesWithDefault(): readonly IngressView[];
  ingressClass(name: string): IngressClassView | undefined;
  /** In order of creation; a cluster has few. */
  ingressClasses(): readonly IngressClassView[];
  gateway(namespace: string, name: string): GatewayView | undefined;
  /** Gateways with a listener for exactly this hostname pattern (`''`: for any), in order of creation. */
  gatewaysAt(hostname: string): readonly GatewayView[];
  gatewayClass(name: string): GatewayClassView | undefined;
  /** In order of creation; a cluster has few. */
  gatewayClasses(): readonly GatewayClassView[];
  /** Gateways of a class, in order of creation. */
  gatewaysOf(className: string): readonly GatewayView[];
  /** Gateways whose Service is named by their annotation, in order of creation; a cluster has few. */
  gatewaysWithService(): readonly GatewayView[];
  /** Routes that name the Gateway and this hostname pattern (`''`: none; `null`: any or none), in order of creation. */
  routesOf(gateway: { readonly namespace: string; readonly name: string }, hostname: string | null): readonly HttpRouteView[];
  /** Routes that name this hostname pattern (`''`: none), in order of creation. */
  routesNaming(hostname: string): readonly HttpRouteView[];
  /** Routes that a mesh would apply to requests to the Service, which they name as their parent, in order of creation. */
  meshRoutesOf(service: { readonly namespace: string; readonly name: string }): readonly (HttpRouteView & { readonly kind: string })[];
  referenceGrants(namespace: string): readonly ReferenceGrantView[];
}

export interface ClusterView {
  readonly http: HttpView;
  /** @param key one that it has to have; a Secret without any data has all keys, as those of a dump are empty */
  hasSecret(namespace: string, name: string, key?: string): boolean;
  /** `undefined`: there is no such namespace. */
  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined;
  readonly id: string;
  readonly settings: ClusterSettings;
  readonly revision: number;

  node(name: string): NodeView | undefined;
  /** By InternalIP or by one of the wiring's further addresses. */
  nodeByAddress(address: Ipv4): NodeView | undefined;
  /** By ExternalIP. */
  nodeByExternalIP(address: Ipv4): NodeView | undefined;
  /** The node whose podCIDR holds `address`; none of them overlap. */
  nodeByPodAddress(address: Ipv4): NodeView | undefined;
  /** Nodes on which a program answers ARP for `address` (`wiring.announces`), in order of creation. */
  nodesAnnouncing(address: Ipv4): readonly NodeView[];
  /** In order of creation. */
  allNodes(): Iterable<NodeView>;

  pod(namespace: string, name: string): PodView | undefined;
  /** A pod with a network namespace of its own (not hostNetwork, not finished) that holds `address`. */
  podByAddress(address: Ipv4): PodView | undefined;
  /** Pods whose `namespace/name` has this FNV-1a hash, which names their interfaces; nearly always one or none. */
  podsByNameHash(hash: number): Iterable<PodView>;
  /** Is there a pod on the node that has a network namespace of its own: an address, not hostNetwork, not finished? */
  hasAttachedPods(node: string): boolean;
  /** The pods of a node, hostNetwork ones included, finished ones not, in order of creation. */
  podsOnNode(node: string): Iterable<PodView>;
  /** Those of them that use ports of the node: by `hostPort`, or as hostNetwork pods. */
  podsWithHostPorts(node: string): Iterable<PodView>;
  allPods(): Iterable<PodView>;
  hasNamespace(name: string): boolean;

  service(namespace: string, name: string): ServiceView | undefined;
  /** Services that own a virtual IP (any port), in order of creation. */
  servicesAt(address: Ipv4): readonly VipMatch[];
  /** The service port with this node port; the API server allows at most one. */
  serviceByNodePort(protocol: Protocol, nodePort: number): { readonly service: ServiceView; readonly port: ServicePortView } | undefined;
  /** The service whose health check listens on this port. */
  serviceByHealthCheckNodePort(port: number): ServiceView | undefined;
  allServices(): Iterable<ServiceView>;
  /** All endpoints of a service port, overlapping slices merged (one per ip:port, ready wins), in order of first appearance. */
  endpoints(service: ServiceView, port: ServicePortView): readonly EndpointView[];
  /** The same of the slices that kube-proxy watches. */
  watchedEndpoints(service: ServiceView, port: ServicePortView): readonly EndpointView[];
  /** At least the number of `watchedEndpoints` of all service ports together; known without reading them. */
  mostWatchedEndpoints(): number;

  /** NetworkPolicies and admin policies, as of now. */
  readonly policies: PolicySet;

  /** The first of a workload's unfinished pods in order of name; for `from: {"deployment"}`. */
  firstPodOf(kind: string, namespace: string, name: string): PodView | undefined;
  /** Names similar to `name`, best first; for "did you mean". */
  similarNames(kind: 'pod' | 'service' | 'node' | 'deployment', namespace: string | null, name: string): readonly string[];
  /** Stored objects that would apply to what this pod receives or sends, but are not enforced, e.g. `CiliumNetworkPolicy default/deny`. */
  unenforced(pod: PodView, direction: Direction): readonly string[];
  /** Stored objects that configure how proxies connect to this Service but are not enforced, e.g. `BackendTLSPolicy default/web`. */
  unenforcedOn(service: ServiceView): readonly string[];
  /** Stored objects that would make pods that the selector selects, but are not modelled, e.g. `Rollout default/web`. */
  foreignMakersOf(namespace: string, selector: Readonly<Record<string, string>>): readonly string[];
  /**
   * Stored objects that would route what comes to this Gateway, to the proxies of this ingress controller, or in a mesh to
   * this Service, but are not modelled.
   */
  foreignRoutes(kind: Routed, of: { readonly namespace: string; readonly name: string }): readonly ForeignRouteView[];
}
