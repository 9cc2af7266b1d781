import type { Draft } from '../../domain/cluster/draft.js';
import { extractFacts } from '../../domain/cluster/extract-facts.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { groupOf, refOf, type KubeObject } from '../../domain/cluster/objects.js';
import type { AdmissionContext } from '../context.js';
import { admitNetworkPolicy } from '../network-policies/admit-network-policy.js';
import { admitNode } from '../nodes/admit-node.js';
import { admitClass, admitIngress } from '../http/admit-ingress.js';
import type {
  ClassObject, DaemonSetObject, EndpointSliceObject, IngressObject, JobObject, NodeObject, PodObject, ReplicaSetObject, ReplicationControllerObject,
  ServiceObject, StatefulSetObject,
} from '../object-shapes.js';
import { admitPod } from '../pods/admit-pod.js';
import { podSecurityWarnings } from '../pods/pod-warnings.js';
import { admitService } from '../services/admit-service.js';
import { admitDaemonSet, admitJob, admitReplicaSet, admitReplicationController, admitStatefulSet } from '../workloads/admit-workload.js';
import { admitConfigMap, admitSecret } from './admit-config-data.js';
import { admitMetadata, countGeneration } from './admit-metadata.js';
import { Findings, type AdmissionProblem } from './findings.js';
import { checkImmutable } from './immutable-field.js';

interface Admission {
  /** Complete, with everything that the API server and the synchronous controllers fill in. */
  readonly object: KubeObject;
  /** The caller must put these into the draft; `null` if there are errors. */
  readonly facts: Facts | null;
  readonly errors: readonly AdmissionProblem[];
  readonly warnings: readonly string[];
}

/**
 * Admits one object into the cluster: fills in what the API server and the allocators fill in, and checks it against the
 * cluster.
 *
 * @param object validated, and with the defaults that need no allocation
 * @param before the stored object that it replaces; `undefined` if it is new
 */
export function admitObject(draft: Draft, object: KubeObject, before: KubeObject | undefined, context: AdmissionContext): Admission {
  const findings = new Findings();
  const complete = admitKind(draft, admitMetadata(draft, object, before, context, findings), before, context, findings);
  const admitted = before ? countGeneration(complete, before) : complete;
  if (!before) findings.warnOf(object, ...podSecurityWarnings(draft, object));
  const { errors, warnings } = findings;
  if (errors.length > 0) return { object: admitted, facts: null, errors, warnings };
  const former = before && draft.facts(refOf(admitted));
  const facts = extractFacts(admitted, former ? former.ordinal : draft.nextOrdinal());
  if (facts.kind === 'Node') {
    context.scheduler.nodeChanged(facts);
    context.interPod.forget();
  } else if (facts.kind === 'Pod' && former?.kind === 'Pod' && !facts.finished) context.interPod.podChanged(former, facts);
  return { object: admitted, facts, errors, warnings };
}

function admitKind(draft: Draft, object: KubeObject, before: KubeObject | undefined, context: AdmissionContext, findings: Findings): KubeObject {
  switch (`${groupOf(object.apiVersion)}/${object.kind}`) {
    case '/Pod':
      return admitPod(draft, object as PodObject, before as PodObject | undefined, context, findings);
    case '/Service':
      return admitService(draft, object as ServiceObject, before as ServiceObject | undefined, context, findings);
    case '/Node':
      return admitNode(draft, object as NodeObject, before as NodeObject | undefined, context, findings);
    case '/ConfigMap':
      return admitConfigMap(object, before, findings);
    case '/Secret':
      return admitSecret(object, before, findings);
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
      return admitReplicaSet(object as ReplicaSetObject, before as ReplicaSetObject | undefined, findings);
    case '/ReplicationController':
      return admitReplicationController(object as ReplicationControllerObject, before as ReplicationControllerObject | undefined, findings);
    case 'apps/StatefulSet':
      return admitStatefulSet(object as StatefulSetObject, before as StatefulSetObject | undefined, findings);
    case 'apps/DaemonSet':
      return admitDaemonSet(object as DaemonSetObject, before as DaemonSetObject | undefined, findings);
    case 'batch/Job':
      return admitJob(object as JobObject, before as JobObject | undefined, findings);
    case 'discovery.k8s.io/EndpointSlice':
      return admitEndpointSlice(object as EndpointSliceObject, before as EndpointSliceObject | undefined, findings);
    case 'networking.k8s.io/Ingress':
      return admitIngress(object as IngressObject, before as IngressObject | undefined, findings);
    case 'networking.k8s.io/NetworkPolicy':
      return admitNetworkPolicy(object, findings);
    case 'networking.k8s.io/IngressClass':
      return admitClass(object as ClassObject, before as ClassObject | undefined, 'controller', findings);
    case 'gateway.networking.k8s.io/GatewayClass':
      return admitClass(object as ClassObject, before as ClassObject | undefined, 'controllerName', findings);
    default:
      return object;
  }
}

function admitEndpointSlice(slice: EndpointSliceObject, before: EndpointSliceObject | undefined, findings: Findings): KubeObject {
  if (before) checkImmutable(slice.addressType, before.addressType, 'addressType', findings);
  return slice;
}
