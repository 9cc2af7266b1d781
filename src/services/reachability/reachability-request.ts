/** The shape of a reachability request, for both APIs and their references. Limits are documented where they are checked. */
import * as z from 'zod';
import { NAMESPACED_NAME } from '../name-patterns.js';
import type { AppError, Problem } from '../app-error.js';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';

/** Most pods, workloads and ranges of one request, together. */
export const MAX_ENDS = 5000;
/** Most cells of one answer: the number of pods, workloads and ranges, squared, times the number of ports. */
export const MAX_CELLS = 10_000_000;
/** Most cells if they are explained. */
export const MAX_EXPLAINED_CELLS = 1_000_000;
const MAX_PORTS = 1000;

const WORKLOAD_KINDS = 'Deployment|ReplicaSet|ReplicationController|StatefulSet|DaemonSet|Job';

const podName = z.string().regex(new RegExp(`^${NAMESPACED_NAME}$`), 'must be <namespace>/<name>, e.g. default/client')
  .meta({ description: '`<namespace>/<name>`; the namespace `default` may be left out', example: 'default/client' });
const WORKLOAD_NAME = `must be <kind>/<namespace>/<name>, e.g. Deployment/default/web; kinds are ${WORKLOAD_KINDS.replaceAll('|', ', ')}`;
const workloadName = z.string().regex(new RegExp(`^(?:${WORKLOAD_KINDS})/${NAMESPACED_NAME}$`), WORKLOAD_NAME)
  .meta({ description: '`<kind>/<namespace>/<name>`; stands for its first pod', example: 'Deployment/default/web' });

export const reachabilityInput = z
  .strictObject({
    pods: z.array(podName).optional().meta({ description: 'Default, if no workloads are named either: every unfinished pod, by namespace and name' }),
    workloads: z.array(workloadName).default([]).meta({ description: 'Each stands for its first pod, and comes after the pods' }),
    external: z
      .array(z.string())
      .default([])
      .meta({
        description:
          'Ranges of addresses outside of the cluster, as CIDRs; they come last. For them only policies and listeners are considered; whether packets arrive is shown by a trace',
        example: ['0.0.0.0/0'],
      }),
    ports: z
      .array(z.strictObject({ protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'), port: z.int().min(1).max(65535) }))
      .min(1, { error: 'must name at least one port' })
      .max(MAX_PORTS, { error: `must have at most ${MAX_PORTS} ports` }),
    listeners: z.boolean().default(true).meta({ description: 'true: as a trace, the whole way including the listener; false: only the policies' }),
    explain: z.boolean().default(false).meta({ description: 'Adds the reason for each cell' }),
  })
  .meta({
    id: 'ReachabilityRequest',
    description: `The ends and ports of a reachability matrix. At most ${MAX_ENDS.toLocaleString('en')} pods, workloads and ranges, ${MAX_PORTS.toLocaleString('en')} ports, and ${MAX_CELLS.toLocaleString('en')} cells in all, ${MAX_EXPLAINED_CELLS.toLocaleString('en')} with \`explain\`.`,
    example: { pods: ['default/client', 'default/web-1'], ports: [{ protocol: 'TCP', port: 8080 }] },
  });

export type ReachabilityRequest = z.output<typeof reachabilityInput>;

/** The ends that a request names, in order; `undefined` for one that cannot be read. */
export type NamedEnds = { readonly [Field in 'pods' | 'workloads' | 'external']?: readonly (string | undefined)[] | undefined };

/** The result of parsing a request. */
interface ReadReachabilityRequest {
  /** `null` if there are problems. */
  readonly request: ReachabilityRequest | null;
  /** Problems of the request by itself, apart from the cluster. */
  readonly problems: readonly Problem[];
  /** One of the problems is a shape problem. */
  readonly shape: boolean;
  readonly named: NamedEnds;
}

export function readReachabilityRequest(input: unknown): ReadReachabilityRequest {
  const parsed = reachabilityInput.safeParse(input, { error: describeIssue });
  if (parsed.success) return { request: parsed.data, problems: [], shape: false, named: parsed.data };
  const { issues } = parsed.error;
  return { request: null, problems: problemsOf(issues, [], reachabilityInput), shape: issues.some(isShapeIssue), named: soundEnds(input) };
}

function soundEnds(input: unknown): NamedEnds {
  const sound = (name: z.ZodString) => z.array(name.optional().catch(undefined)).catch([]);
  return z.object({ pods: sound(podName), workloads: sound(workloadName), external: sound(z.string()) }).safeParse(input).data ?? {};
}

export const reachabilityRefusal = (problems: readonly Problem[], shape: boolean): AppError => refusal('the reachability request', problems, shape);
