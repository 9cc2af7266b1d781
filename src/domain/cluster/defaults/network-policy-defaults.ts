/**
 * @source k8s.io/kubernetes `pkg/apis/networking/v1` `SetDefaults_NetworkPolicy`, `SetDefaults_NetworkPolicyPort`; network-policy-api, the defaults
 * of the CRDs
 */
import type { AdminNetworkPolicy, AdminPolicyPort, BaselineAdminNetworkPolicy } from '../kinds/admin-network-policy.js';
import type { NetworkPolicy, NetworkPolicyPort } from '../kinds/network-policy.js';

/** Fills in the ports of rules that have a list of ports. */
const withPorts = <Port, Rule extends { readonly ports?: readonly Port[] | undefined }>(rules: readonly Rule[], defaultPort: (port: Port) => Port): Rule[] =>
  rules.map((rule) => (rule.ports ? { ...rule, ports: rule.ports.map(defaultPort) } : rule));

const defaultPort = (port: NetworkPolicyPort): NetworkPolicyPort => ({ protocol: 'TCP', ...port });

type Directions = NonNullable<NonNullable<NetworkPolicy['spec']>['policyTypes']>;

/** The default of policyTypes is Ingress, and also Egress if the policy has egress rules. */
export function policyTypesOf({ policyTypes = [], egress = [] }: NonNullable<NetworkPolicy['spec']>): Directions {
  if (policyTypes.length > 0) return policyTypes;
  return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

export function defaultNetworkPolicy(policy: NetworkPolicy): NetworkPolicy {
  const { policyTypes: _stated, ingress, egress, ...spec } = policy.spec ?? {};
  return {
    ...policy,
    spec: {
      podSelector: {}, ...spec,
      policyTypes: policyTypesOf(policy.spec ?? {}),
      ...(ingress && { ingress: withPorts(ingress, defaultPort) }),
      ...(egress && { egress: withPorts(egress, defaultPort) }),
    },
  };
}

const defaultAdminPort = ({ portNumber, portRange, ...port }: AdminPolicyPort): AdminPolicyPort => ({
  ...port,
  ...(portNumber && { portNumber: { protocol: 'TCP' as const, ...portNumber } }),
  ...(portRange && { portRange: { protocol: 'TCP' as const, ...portRange } }),
});

export const defaultAdminNetworkPolicy = <Policy extends AdminNetworkPolicy | BaselineAdminNetworkPolicy>(policy: Policy): Policy => ({
  ...policy,
  spec: {
    ...policy.spec,
    ...(policy.spec.ingress && { ingress: withPorts(policy.spec.ingress, defaultAdminPort) }),
    ...(policy.spec.egress && { egress: withPorts(policy.spec.egress, defaultAdminPort) }),
  },
});
