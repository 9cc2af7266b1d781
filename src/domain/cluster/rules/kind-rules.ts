/** The value rules of each typed kind, and the syntax of its names. */
import type { AdminNetworkPolicy, BaselineAdminNetworkPolicy } from '../kinds/admin-network-policy.js';
import type { ConfigMap, Secret } from '../kinds/config-data.js';
import type { Deployment } from '../kinds/deployment.js';
import type { EndpointSlice } from '../kinds/endpoint-slice.js';
import type { Gateway, GatewayClass, ReferenceGrant } from '../kinds/gateway.js';
import type { HttpRoute } from '../kinds/http-route.js';
import type { Ingress, IngressClass } from '../kinds/ingress.js';
import type { NetworkPolicy } from '../kinds/network-policy.js';
import type { Endpoints } from '../kinds/endpoints.js';
import type { Node } from '../kinds/node.js';
import type { Pod } from '../kinds/pod.js';
import type { Service } from '../kinds/service.js';
import type { CronJob, DaemonSet, Job, PodDisruptionBudget, ReplicationController, StatefulSet, Workload } from '../kinds/workloads.js';
import { dns1035LabelProblem, dnsLabelProblem, dnsSubdomainProblem, pathSegmentProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkAdminNetworkPolicy, checkBaselineAdminNetworkPolicy } from './admin-network-policy-rules.js';
import { checkConfigMap, checkSecret } from './config-data-rules.js';
import type { DeepPartial } from './deep-partial.js';
import { checkEndpointSlice } from './endpoint-slice-rules.js';
import { checkGateway, checkGatewayClass, checkReferenceGrant } from './gateway-rules.js';
import { checkHttpRoute } from './http-route-rules.js';
import { checkIngress, checkIngressClass } from './ingress-rules.js';
import { checkEndpoints } from './endpoints-rules.js';
import type { NameSyntax } from './metadata-rules.js';
import { checkNetworkPolicy } from './network-policy-rules.js';
import { checkNode } from './node-rules.js';
import { checkPod } from './pod-rules.js';
import { checkService } from './service-rules.js';
import { checkCronJob, checkJob } from './job-rules.js';
import { checkDaemonSet, checkDeployment, checkPodDisruptionBudget, checkReplicated, checkReplicationController, checkStatefulSet } from './workload-rules.js';

interface KindRules {
  readonly nameSyntax: NameSyntax;
  /** @param object the object without everything that has a wrong type */
  readonly check: (object: object, report: Report) => void;
}

/** Safe, because the schema has checked the types of all parts. */
const rules = <Kind>(nameSyntax: NameSyntax, check: (object: DeepPartial<Kind>, report: Report) => void = () => undefined): KindRules => ({
  nameSyntax,
  check: (object, report) => check(object as DeepPartial<Kind>, report),
});

const RULES: ReadonlyMap<string, KindRules> = new Map([
  ['/Node', rules<Node>(dnsSubdomainProblem, checkNode)],
  ['/Namespace', rules(dnsLabelProblem)],
  ['/Pod', rules<Pod>(dnsSubdomainProblem, checkPod)],
  ['/Service', rules<Service>(dns1035LabelProblem, checkService)],
  ['/Endpoints', rules<Endpoints>(dnsSubdomainProblem, checkEndpoints)],
  ['discovery.k8s.io/EndpointSlice', rules<EndpointSlice>(dnsSubdomainProblem, checkEndpointSlice)],
  ['/ReplicationController', rules<ReplicationController>(dnsSubdomainProblem, checkReplicationController)],
  ['apps/Deployment', rules<Deployment>(dnsSubdomainProblem, checkDeployment)],
  ['apps/ReplicaSet', rules<Workload>(dnsSubdomainProblem, checkReplicated)],
  ['apps/StatefulSet', rules<StatefulSet>(dnsLabelProblem, checkStatefulSet)],
  ['apps/DaemonSet', rules<DaemonSet>(dnsSubdomainProblem, checkDaemonSet)],
  ['policy/PodDisruptionBudget', rules<PodDisruptionBudget>(dnsSubdomainProblem, checkPodDisruptionBudget)],
  ['/ConfigMap', rules<ConfigMap>(dnsSubdomainProblem, checkConfigMap)],
  ['/Secret', rules<Secret>(dnsSubdomainProblem, checkSecret)],
  ['batch/Job', rules<Job>(dnsSubdomainProblem, checkJob)],
  ['batch/CronJob', rules<CronJob>(dnsSubdomainProblem, checkCronJob)],
  ['networking.k8s.io/Ingress', rules<Ingress>(dnsSubdomainProblem, checkIngress)],
  ['networking.k8s.io/IngressClass', rules<IngressClass>(dnsSubdomainProblem, checkIngressClass)],
  ['gateway.networking.k8s.io/GatewayClass', rules<GatewayClass>(dnsSubdomainProblem, checkGatewayClass)],
  ['gateway.networking.k8s.io/Gateway', rules<Gateway>(dnsSubdomainProblem, checkGateway)],
  ['gateway.networking.k8s.io/HTTPRoute', rules<HttpRoute>(dnsSubdomainProblem, checkHttpRoute)],
  ['gateway.networking.k8s.io/ReferenceGrant', rules<ReferenceGrant>(dnsSubdomainProblem, checkReferenceGrant)],
  ['networking.k8s.io/NetworkPolicy', rules<NetworkPolicy>(dnsSubdomainProblem, checkNetworkPolicy)],
  ['policy.networking.k8s.io/AdminNetworkPolicy', rules<AdminNetworkPolicy>(dnsSubdomainProblem, checkAdminNetworkPolicy)],
  ['policy.networking.k8s.io/BaselineAdminNetworkPolicy', rules<BaselineAdminNetworkPolicy>(dnsSubdomainProblem, checkBaselineAdminNetworkPolicy)],
]);

const UNTYPED = rules(pathSegmentProblem);
/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateServiceAccountName` and similar functions there */
const UNTYPED_CORE = rules(dnsSubdomainProblem);

export const rulesOf = (group: string, kind: string): KindRules => RULES.get(`${group}/${kind}`) ?? (group === '' ? UNTYPED_CORE : UNTYPED);
