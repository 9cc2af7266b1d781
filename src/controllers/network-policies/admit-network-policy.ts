import type { NetworkPolicy } from '../../domain/cluster/kinds/network-policy.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import type { Findings } from '../admission/findings.js';

const DIRECTIONS = [['Ingress', 'ingress'], ['Egress', 'egress']] as const;

/** Warns of rules that have no effect, because policyTypes lacks their direction. @source k8s.io/api networking/v1 `NetworkPolicySpec.policyTypes` */
export function admitNetworkPolicy(object: KubeObject, findings: Findings): KubeObject {
  const { policyTypes = [], ...rules } = (object as NetworkPolicy).spec ?? {};
  for (const [type, field] of DIRECTIONS) {
    if (rules[field]?.length && policyTypes.length > 0 && !policyTypes.includes(type)) {
      findings.warnOf(object, `spec.${field} has no effect, as policyTypes does not have ${type}`);
    }
  }
  return object;
}
