import { z } from 'zod';
import { integer, intOrString, labelSelectorSchema, namedMetaSchema } from './fields.js';

const peerSchema = z.object({
  podSelector: labelSelectorSchema.optional(), namespaceSelector: labelSelectorSchema.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
}).meta({ id: 'NetworkPolicyPeer', description: 'Pods by their labels and those of their namespace, or a block of addresses.' });

// Enumerations in the order in which the API server lists them.
const portSchema = z.object({
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(), port: intOrString.optional(), endPort: integer,
}).meta({ id: 'NetworkPolicyPort', description: 'A port of the destination by number, range or name; without a port every port of the protocol.' });

const ports = z.array(portSchema).optional();
const peers = z.array(peerSchema).optional();

export const networkPolicySchema = z.object({
  apiVersion: z.literal('networking.k8s.io/v1'), kind: z.literal('NetworkPolicy'), metadata: namedMetaSchema,
  spec: z.object({
    podSelector: labelSelectorSchema.optional(), policyTypes: z.array(z.enum(['Ingress', 'Egress'])).optional(),
    ingress: z.array(z.object({ from: peers, ports })).optional(),
    egress: z.array(z.object({ to: peers, ports })).optional(),
  }).optional(),
  status: z.unknown().optional(),
}).meta({ id: 'NetworkPolicy', description: 'Which traffic the selected pods may send and receive.' });

export type NetworkPolicyPeer = z.infer<typeof peerSchema>;
export type NetworkPolicyPort = z.infer<typeof portSchema>;
export type NetworkPolicy = z.infer<typeof networkPolicySchema>;
