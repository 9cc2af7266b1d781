/**
 * What the in-memory index keeps of an object: all that a walk, the controllers and the allocators ask for, and nothing
 * else. Facts are extracted from a complete (defaulted, allocated) object by `extract-facts`, and stored beside the
 * object's body, so that a server can open a large cluster without parsing every body.
 */
import type { LabelSelector } from './label-selector.js';
import type { AffinityTerm } from './pod-affinity.js';
import type { GatewayView } from '../http/gateway.js';
import type { HttpRouteView } from '../http/http-route.js';
import type { IngressView } from '../http/ingress-view.js';
import type { NginxConfig } from '../http/nginx-config.js';
import type { IngressClassView, NodeView, PodView, ReferenceGrantView, ServiceView } from './view.js';
import type { OwnerReference } from './objects.js';
import type { Direction, Policy } from './policy/policy.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Protocol } from '../packet/packet.js';

export interface NodeFacts extends NodeView {
  readonly kind: 'Node';
  readonly uid: string;
  readonly unschedulable: boolean;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  /** Allocatable CPU in millicores; 0 if the node does not say. */
  readonly milliCpu: number;
  /** Position in the order of creation. */
  readonly ordinal: number;
}

export interface PodFacts extends PodView {
  readonly kind: 'Pod';
  readonly uid: string;
  /** It has finished, and did not fail. */
  readonly succeeded: boolean;
  /** Its inter-pod affinity and spread constraints; `null` if it has none. Once it is on a node, only its anti-affinity matters. */
  readonly interPod: { readonly antiAffinity: readonly AffinityTerm[] } | null;
  /** The controller, if any. */
  readonly owner: Pick<OwnerReference, 'kind' | 'name' | 'uid'> | null;
}

export interface ServiceFacts extends ServiceView {
  readonly kind: 'Service';
  readonly uid: string;
  /** Its labels, which its slices get too. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its endpoints are distributed among the zones in proportion to their CPUs (topology hints). */
  readonly topologyHints: boolean;
  readonly ordinal: number;
}

export interface EndpointFacts {
  readonly ip: Ipv4;
  readonly node: string | null;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zone: string | null;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
  /** Name of the pod (in the slice's namespace) that `targetRef` names. */
  readonly pod: string | null;
  readonly hostname: string | null;
}

export interface EndpointSliceFacts {
  readonly kind: 'EndpointSlice';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The label `kubernetes.io/service-name`; `null` if the slice has none. */
  readonly service: string | null;
  /** The label `endpointslice.kubernetes.io/managed-by` is the endpoint slice controller. */
  readonly managed: boolean;
  /** kube-proxy watches it: it has neither the label of a headless Service nor that of another proxy. */
  readonly watched: boolean;
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: Exclude<Protocol, 'ICMP'>;
    /** `null`: all ports */ readonly port: number | null;
    readonly appProtocol?: string;
  }[];
  readonly endpoints: readonly EndpointFacts[];
  readonly ordinal: number;
}

/** Deployment, ReplicaSet and other owners of pods. */
export interface WorkloadFacts {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'ReplicationController' | 'StatefulSet' | 'DaemonSet' | 'Job';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly replicas: number;
  /** Selector of its pods; `null` for a Job without one yet. */
  readonly selector: LabelSelector | null;
  readonly owner: Pick<OwnerReference, 'kind' | 'name' | 'uid'> | null;
  /** The node that its template names, if any. */
  readonly nodeName?: string;
  readonly ordinal: number;
}

export interface NamespaceFacts {
  readonly kind: 'Namespace';
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ordinal: number;
}

/** NetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy. */
export interface PolicyFacts extends Policy {
  readonly uid: string;
}

export interface IngressFacts extends IngressView {
  readonly kind: 'Ingress';
  readonly uid: string;
}

export interface IngressClassFacts extends IngressClassView {
  readonly kind: 'IngressClass';
  readonly namespace: '';
  readonly uid: string;
  readonly ordinal: number;
}

export interface GatewayClassFacts {
  readonly kind: 'GatewayClass';
  readonly namespace: '';
  readonly name: string;
  readonly uid: string;
  readonly controller: string;
  readonly ordinal: number;
}

export interface GatewayFacts extends GatewayView {
  readonly kind: 'Gateway';
  readonly uid: string;
  /** Labels of the objects created for it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The object in its namespace with parameters for the created objects; `null` if there is none. */
  readonly parameters: { readonly group: string; readonly kind: string; readonly name: string } | null;
}

export interface HttpRouteFacts extends HttpRouteView {
  readonly kind: 'HTTPRoute';
  readonly uid: string;
}

export interface ReferenceGrantFacts extends ReferenceGrantView {
  readonly kind: 'ReferenceGrant';
  readonly uid: string;
  readonly ordinal: number;
}

/** Objects that route HTTP requests. */
export type HttpFacts = IngressFacts | IngressClassFacts | GatewayClassFacts | GatewayFacts | HttpRouteFacts | ReferenceGrantFacts;

/** A stored object that is not modelled. `podSelector` is set if a real cluster would enforce it on pods. */
export interface OtherFacts {
  readonly kind: 'Other';
  readonly group: string;
  readonly objectKind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Label selector as in the API (matchLabels, matchExpressions); `null` if the object applies to no pods. */
  readonly podSelector: object | null;
  /** Whether it decides about what the pods receive, or about what they send; absent: about both. */
  readonly direction?: Direction;
  /** It decides about pods of all namespaces that may be in a mesh, although it is in one; absent if it does not. */
  readonly meshWide?: true;
  /** Labels of pods that it would make, for each of its templates; absent if it has none. */
  readonly podLabels?: readonly Readonly<Record<string, string>>[];
  /** Gateways and Services whose requests it would route, or the ingress controller; absent if there are none. */
  readonly routes?: Pick<HttpRouteView, 'parents' | 'hostnames'> & { readonly controller?: string };
  /** Names of the Services, in its namespace, for which it configures how proxies connect; absent if it does not. */
  readonly backends?: readonly string[];
  /** What a ConfigMap tells ingress-nginx; absent if it is not for it. */
  readonly nginx?: NginxConfig;
  /** The keys of a Secret; absent if it has no data. */
  readonly keys?: readonly string[];
  /** The Corefile of the cluster's DNS; `null` for all other ConfigMaps. */
  readonly corefile: string | null;
  readonly ordinal: number;
}

/** Owners of an object, other than the controller that the facts of pods, workloads and slices hold. */
export interface Owned {
  /** Their uids; absent means none. Pods and slices read back from the index have no `owners`: the index answers `ownedBy` itself. */
  readonly owners?: readonly string[];
}

export type Facts = (NodeFacts | PodFacts | ServiceFacts | EndpointSliceFacts | WorkloadFacts | NamespaceFacts | PolicyFacts | HttpFacts | OtherFacts) & Owned;
