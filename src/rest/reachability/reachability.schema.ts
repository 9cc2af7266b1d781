import * as z from 'zod';
import { POLICY_BASES } from '../../domain/cluster/policy/decision.js';

const side = z
  .strictObject({
    direction: z.enum(['INGRESS', 'EGRESS']),
    allowed: z.boolean(),
    basis: z.enum(POLICY_BASES).exclude(['NOT_SELECTED']).meta({
      description:
        '`RULE`: the rule named decided. `ISOLATED`: NetworkPolicies select the pod and none allows. `NO_RULE_APPLIES`: admin policies alone select it, and say nothing about this. `OWN_NODE`: a node always reaches its own pods. `ITSELF`: a pod can not block access to itself',
    }),
    policy: z.string().nullable().meta({ description: 'The policy that decided; null if no single one did', example: 'NetworkPolicy default/web' }),
    rule: z.string().nullable().meta({ description: 'Position in the policy', example: 'spec.ingress[0] from[1] ports[0]' }),
    considered: z
      .array(z.string())
      .meta({ description: 'Every policy that was evaluated, in order, with its result', example: ['NetworkPolicy default/deny: NO_RULES'] }),
  })
  .meta({ id: 'PolicySide' });

const explanation = z
  .strictObject({
    cell: z.string().meta({ description: 'The character in the cells' }),
    egress: side.nullable().meta({ description: 'null: no egress policy selects the source, or the packet does not pass its edge' }),
    ingress: side.nullable().meta({ description: 'null: no ingress policy selects the destination, or the packet does not pass its edge' }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Code of what loses the packets apart from policies, e.g. NO_LISTENER; a trace of the flow may name a more exact cause' }),
  })
  .meta({ id: 'ReachabilityExplanation' });

export const reachability = z
  .strictObject({
    revision: z.int(),
    pods: z.array(z.string()).meta({ description: 'The pods of the matrix; every pod, by namespace and name, if none were named' }),
    workloads: z.array(z.string()),
    external: z.array(z.string()),
    results: z.array(
      z.strictObject({
        protocol: z.enum(['TCP', 'UDP', 'SCTP']),
        port: z.int(),
        rows: z.array(z.string()).meta({
          description:
            "A row for each source, a character for each destination, both in the order of `pods`, `workloads`, `external`. `.` reaches it, `X` doesn't, `#` itself (and two external ranges), `/` a part of the external range only, `?` nothing known is against it, but an object that is stored and not modelled decides too",
          example: ['#.X', '.#X', 'XX#'],
        }),
        explain: z.array(z.array(z.int())).optional().meta({ description: 'For each cell the index of its explanation' }),
      }),
    ),
    explanations: z.array(explanation).optional().meta({ description: 'With `explain`: every distinct reason once' }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Reachability', description: 'A reachability matrix.' });
