/** Extracts the facts that the index keeps of an object. */
import { extractAdminPolicyFacts } from './extract/admin-network-policy-facts.js';
import { extractEndpointSliceFacts } from './extract/endpoint-slice-facts.js';
import { extractGatewayClassFacts, extractGatewayFacts, extractHttpRouteFacts, extractReferenceGrantFacts } from './extract/gateway-facts.js';
import { extractIngressClassFacts, extractIngressFacts } from './extract/ingress-facts.js';
import { controllerOf, labelsOf, ownersOf } from './extract/meta-facts.js';
import { extractNetworkPolicyFacts } from './extract/network-policy-facts.js';
import { extractNodeFacts } from './extract/node-facts.js';
import { extractOtherFacts } from './extract/other-facts.js';
import { extractPodFacts } from './extract/pod-facts.js';
import { extractServiceFacts } from './extract/service-facts.js';
import { extractReplicationController, extractWorkloadFacts } from './extract/workload-facts.js';
import type { Facts } from './facts.js';
import type { AdminNetworkPolicy, BaselineAdminNetworkPolicy } from './kinds/admin-network-policy.js';
import type { EndpointSlice } from './kinds/endpoint-slice.js';
import type { NetworkPolicy } from './kinds/network-policy.js';
import type { Node } from './kinds/node.js';
import type { Pod } from './kinds/pod.js';
import type { Service } from './kinds/service.js';
import { groupOf, type KubeObject } from './objects.js';

/**
 * @param object validated, with its defaults and its allocated addresses and ports
 * @param ordinal its position in the order of creation
 * @throws RangeError for a node without an InternalIP
 */
export function extractFacts(object: KubeObject, ordinal: number): Facts {
  const facts = factsOfKind(object, ordinal);
  const owners = ownersOf(object.metadata, knowsController(facts, object));
  return owners.length === 0 ? facts : { ...facts, owners };
}

/** Do the facts already name the object's controller? Those of a managed slice do by the name of its Service. */
function knowsController(facts: Facts, { metadata }: KubeObject): boolean {
  if (facts.kind !== 'EndpointSlice') return 'owner' in facts;
  const controller = facts.managed ? controllerOf(metadata) : null;
  return controller?.kind === 'Service' && controller.name === facts.service;
}

function factsOfKind(object: KubeObject, ordinal: number): Facts {
  const { metadata } = object;
  const group = groupOf(object.apiVersion);
  // Objects of these kinds were validated by their schema.
  const as = <Kind>(): Kind => object as unknown as Kind;
  switch (`${group}/${object.kind}`) {
    case '/Node': return extractNodeFacts(as<Node>(), metadata, ordinal);
    case '/Pod': return extractPodFacts(as<Pod>(), metadata, ordinal);
    case '/Service': return extractServiceFacts(as<Service>(), metadata, ordinal);
    case '/Namespace': return { kind: 'Namespace', name: metadata.name, uid: metadata.uid ?? '', labels: labelsOf(metadata), ordinal };
    case 'discovery.k8s.io/EndpointSlice': return extractEndpointSliceFacts(as<EndpointSlice>(), metadata, ordinal);
    case 'apps/Deployment': return extractWorkloadFacts('Deployment', as(), metadata, ordinal);
    case 'apps/ReplicaSet': return extractWorkloadFacts('ReplicaSet', as(), metadata, ordinal);
    case '/ReplicationController': return extractReplicationController(as(), metadata, ordinal);
    case 'apps/StatefulSet': return extractWorkloadFacts('StatefulSet', as(), metadata, ordinal);
    case 'apps/DaemonSet': return extractWorkloadFacts('DaemonSet', as(), metadata, ordinal);
    case 'batch/Job': return extractWorkloadFacts('Job', as(), metadata, ordinal);
    case 'networking.k8s.io/NetworkPolicy': return extractNetworkPolicyFacts(as<NetworkPolicy>(), metadata, ordinal);
    case 'policy.networking.k8s.io/AdminNetworkPolicy': return extractAdminPolicyFacts(as<AdminNetworkPolicy>(), metadata, ordinal);
    case 'policy.networking.k8s.io/BaselineAdminNetworkPolicy': return extractAdminPolicyFacts(as<BaselineAdminNetworkPolicy>(), metadata, ordinal);
    case 'networking.k8s.io/Ingress': return extractIngressFacts(as(), metadata, ordinal);
    case 'networking.k8s.io/IngressClass': return extractIngressClassFacts(as(), metadata, ordinal);
    case 'gateway.networking.k8s.io/GatewayClass': return extractGatewayClassFacts(as(), metadata, ordinal);
    case 'gateway.networking.k8s.io/Gateway': return extractGatewayFacts(as(), metadata, ordinal);
    case 'gateway.networking.k8s.io/HTTPRoute': return extractHttpRouteFacts(as(), metadata, ordinal);
    case 'gateway.networking.k8s.io/ReferenceGrant': return extractReferenceGrantFacts(as(), metadata, ordinal);
    default: return extractOtherFacts(object, ordinal);
  }
}
