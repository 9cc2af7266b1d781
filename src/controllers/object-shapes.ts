/**
 * The fields of validated Kubernetes objects that the control plane reads and writes. All other fields are kept
 * unchanged.
 */
import type { KubeObject } from '../domain/cluster/objects.js';
import type { LabelSelector } from '../domain/cluster/label-selector.js';
import type { Protocol } from '../domain/packet/packet.js';

export type TransportProtocol = Exclude<Protocol, 'ICMP'>;

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly [field: string]: unknown;
}

export interface NodeObject extends KubeObject {
  readonly spec?: {
    readonly podCIDR?: string;
    readonly podCIDRs?: readonly string[];
    readonly unschedulable?: boolean;
    readonly taints?: readonly NodeTaint[];
    readonly [field: string]: unknown;
  };
  readonly status?: NodeStatus;
}
export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: unknown;
}
export interface NodeStatus {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  /** How long a taint of effect NoExecute is tolerated; if unset, without a limit. */
  readonly tolerationSeconds?: number;
}
export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  readonly matchFields?: readonly NodeSelectorRequirement[];
}
export interface PlacementSpec {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
      readonly [field: string]: unknown;
    };
    readonly [field: string]: unknown;
  };
  readonly tolerations?: readonly Toleration[];
  readonly topologySpreadConstraints?: readonly object[];
}
interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: TransportProtocol;
}
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly ContainerPort[];
  readonly [field: string]: unknown;
}
export interface PodSpec extends PlacementSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly containers: readonly Container[];
  readonly activeDeadlineSeconds?: number;
  readonly schedulingGates?: readonly { readonly name: string }[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly [field: string]: unknown;
}
export interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly hostIP?: string;
  readonly conditions?: readonly Condition[];
  readonly containerStatuses?: readonly unknown[];
  readonly startTime?: string;
  readonly [field: string]: unknown;
}
export interface PodObject extends KubeObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol?: TransportProtocol;
  readonly port: number;
  readonly nodePort?: number;
  readonly [field: string]: unknown;
}
export interface LoadBalancerIngress {
  readonly ip?: string;
  readonly ipMode?: string;
  readonly [field: string]: unknown;
}
export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly externalIPs?: readonly string[];
  readonly ports?: readonly ServicePort[];
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly loadBalancerIP?: string;
  readonly loadBalancerClass?: string;
  readonly [field: string]: unknown;
}
export interface ServiceObject extends KubeObject {
  readonly spec: ServiceSpec;
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly LoadBalancerIngress[] }; readonly [field: string]: unknown };
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}
export interface WorkloadStatus {
  readonly replicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly collisionCount?: number;
  readonly [field: string]: unknown;
}
export interface ReplicaSetObject extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector: LabelSelector; readonly template?: PodTemplate; readonly [field: string]: unknown };
  readonly status?: WorkloadStatus;
}
export interface ReplicationControllerObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: Readonly<Record<string, string>>;
    readonly template: PodTemplate;
    readonly [field: string]: unknown;
  };
  readonly status?: WorkloadStatus;
}
export interface DeploymentObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly strategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string } };
    readonly revisionHistoryLimit?: number;
    readonly paused?: boolean;
    readonly [field: string]: unknown;
  };
  readonly status?: WorkloadStatus;
}

export interface StatefulSetObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly serviceName?: string;
    readonly ordinals?: { readonly start?: number };
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
    readonly [field: string]: unknown;
  };
  readonly status?: WorkloadStatus & { readonly currentRevision?: string; readonly updateRevision?: string };
}
export interface DaemonSetObject extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
    readonly [field: string]: unknown;
  };
  readonly status?: WorkloadStatus;
}
export interface JobObject extends KubeObject {
  readonly spec: {
    readonly parallelism?: number;
    readonly completions?: number;
    readonly selector?: LabelSelector;
    readonly manualSelector?: boolean;
    readonly template: PodTemplate;
    readonly completionMode?: string;
    readonly backoffLimit?: number;
    readonly suspend?: boolean;
    readonly podReplacementPolicy?: string;
    readonly managedBy?: string;
    readonly [field: string]: unknown;
  };
  readonly status?: JobStatus;
}
export interface JobStatus {
  readonly succeeded?: number;
  readonly failed?: number;
  readonly completedIndexes?: string;
  readonly startTime?: string;
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

export interface EndpointsAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: { readonly namespace?: string; readonly name?: string };
}
export interface EndpointsObject extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointsAddress[];
    readonly notReadyAddresses?: readonly EndpointsAddress[];
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: TransportProtocol; readonly appProtocol?: string }[];
  }[];
}

export interface IngressObject extends KubeObject {
  readonly spec?: { readonly ingressClassName?: string };
}

/** An IngressClass, or a GatewayClass. */
export interface ClassObject extends KubeObject {
  readonly spec?: { readonly controller?: string; readonly controllerName?: string };
}

export interface EndpointSliceObject extends KubeObject {
  readonly addressType?: string;
}
