/** AdminNetworkPolicy and BaselineAdminNetworkPolicy, which differ in their priority and in what their rules may do. */
import { z } from 'zod';
import { labelSelectorSchema, namedMetaSchema, port, text, texts, transportProtocol } from './fields.js';

/** Now a label selector; in earlier versions one of three ways to name namespaces. */
const namespaceSetSchema = labelSelectorSchema
  .extend({
    namespaceSelector: labelSelectorSchema.optional(),
    sameLabels: texts,
    notSameLabels: texts,
  })
  .meta({
    id: 'AdminNetworkPolicyNamespaces',
    description: 'A label selector of namespaces; or, as in earlier versions of the API, `namespaceSelector`, `sameLabels` or `notSameLabels`.',
  });

const namespacedPodSchema = z.object({ namespaceSelector: labelSelectorSchema, podSelector: labelSelectorSchema }).meta({
  id: 'AdminNetworkPolicyPods', description: 'Pods by their labels and those of their namespace.',
});

const peerPodsSchema = z
  .object({
    namespaceSelector: labelSelectorSchema.optional(),
    namespaces: namespaceSetSchema.optional(),
    podSelector: labelSelectorSchema.optional(),
  })
  .meta({
    id: 'AdminNetworkPolicyPeerPods',
    description: 'Pods by their labels and those of their namespace; `namespaces` as in earlier versions of the API.',
  });

const podPeers = { namespaces: namespaceSetSchema.optional(), pods: peerPodsSchema.optional() };
const ingressPeerSchema = z.object(podPeers).meta({ id: 'AdminNetworkPolicyIngressPeer', description: 'The possible sources.' });
const egressPeerSchema = z.object({
  ...podPeers, nodes: labelSelectorSchema.optional(), networks: texts, domainNames: texts,
}).meta({ id: 'AdminNetworkPolicyEgressPeer', description: 'The possible destinations. Domain names are stored, but not modelled.' });

const portSchema = z.object({
  portNumber: z.object({ protocol: transportProtocol.optional(), port }).optional(),
  portRange: z.object({ protocol: transportProtocol.optional(), start: port, end: port }).optional(),
  namedPort: text,
}).meta({ id: 'AdminNetworkPolicyPort', description: 'A port of the destination by number, range or name.' });

const ruleName = z.string().meta({ maxLength: 100 }).optional();
const ports = z.array(portSchema).optional();
const subject = z.object({ namespaces: labelSelectorSchema.optional(), pods: namespacedPodSchema.optional() });

const rulesOf = <const Actions extends readonly [string, ...string[]]>(actions: Actions) => ({
  ingress: z.array(z.object({ name: ruleName, action: z.enum(actions), from: z.array(ingressPeerSchema), ports })).optional(),
  egress: z.array(z.object({ name: ruleName, action: z.enum(actions), to: z.array(egressPeerSchema), ports })).optional(),
});

const PRIORITY = { min: 'should be greater than or equal to 0', max: 'should be less than or equal to 1000' };

export const adminNetworkPolicySchema = z.object({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha1'), kind: z.literal('AdminNetworkPolicy'), metadata: namedMetaSchema,
  spec: z.object({ priority: z.int().min(0, { error: PRIORITY.min }).max(1000, { error: PRIORITY.max }), subject, ...rulesOf(['Allow', 'Deny', 'Pass']) }),
  status: z.unknown().optional(),
}).meta({ id: 'AdminNetworkPolicy', description: 'What the cluster\'s administrators allow, deny or leave to NetworkPolicies.' });

export const baselineAdminNetworkPolicySchema = z.object({
  apiVersion: z.literal('policy.networking.k8s.io/v1alpha1'), kind: z.literal('BaselineAdminNetworkPolicy'), metadata: namedMetaSchema,
  spec: z.object({ subject, ...rulesOf(['Allow', 'Deny']) }),
  status: z.unknown().optional(),
}).meta({ id: 'BaselineAdminNetworkPolicy', description: 'Rules for pods that no NetworkPolicy selects.' });

export type AdminNetworkPolicy = z.infer<typeof adminNetworkPolicySchema>;
export type BaselineAdminNetworkPolicy = z.infer<typeof baselineAdminNetworkPolicySchema>;
export type AdminPolicyRule = NonNullable<AdminNetworkPolicy['spec']['ingress']>[number] | NonNullable<AdminNetworkPolicy['spec']['egress']>[number];
export type AdminPolicyPeer = z.infer<typeof egressPeerSchema>;
export type AdminPolicyPort = z.infer<typeof portSchema>;
export type AdminPolicyNamespaces = z.infer<typeof namespaceSetSchema>;
