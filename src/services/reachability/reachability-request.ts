/** The shape of a reachability request, for both APIs and their references; limits are said where they are checked. */
import * as z from 'zod';
import { NAMESPACED_NAME } from '../name-patterns.js';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';

/** Pods, workloads and ranges of one request, together. */
export const MAX_ENDS = 5000;
/** Characters of one answer: pods, workloads and ranges, squared, times ports. */
export const MAX_CELLS = 10_000_000;
/** Fewer where each is explained. */
export const MAX_EXPLAINED_CELLS = 1_000_000;
const MAX_PORTS = 1000;

const WORKLOAD_KINDS = 'Deployment|ReplicaSet|ReplicationController|StatefulSet|DaemonSet|Job';

const podName = z.string().regex(new RegExp(`^${NAMESPACED_NAME}$`), 'must be <namespace>/<name>, e.g. default/client')
  .meta({ description: '`<namespace>/<name>`; the namespace `default` may be left out', example: 'default/client' });
const workloadName = z.string().regex(new RegExp(`^(?:${WORKLOAD_KINDS})/${NAMESPACED_NAME}$`), 'must be <kind>/<namespace>/<name>, e.g. Deployment/default/web; kinds are Deployment, ReplicaSet, ReplicationController, StatefulSet, DaemonSet, Job')
  .meta({ description: '`<kind>/<namespace>/<name>`; stands for its first pod', example: 'Deployment/default/web' });

export const reachabilityInput = z.strictObject({
  pods: z.array(podName).optional().meta({ description: 'Default, where no workloads are named either: every pod that has not finished, by namespace and name' }),
  workloads: z.array(workloadName).default([]).meta({ description: 'Each stands for its first pod, and comes after the pods' }),
  external: z.array(z.string()).default([]).meta({ description: 'Ranges of addresses outside of the cluster, as CIDRs; they come last. They are asked of policies and listeners alone: whether a packet gets there or comes from there is for a trace to say', example: ['0.0.0.0/0'] }),
  ports: z.array(z.strictObject({ protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'), port: z.int().min(1).max(65535) })).min(1, { error: 'must name at least one port' }).max(MAX_PORTS, { error: `must have at most ${MAX_PORTS} ports` }),
  listeners: z.boolean().default(true).meta({ description: 'true: as a trace would say, the whole way with its listener; false: the policies alone' }),
  explain: z.boolean().default(false).meta({ description: 'Adds what decided about each cell' }),
}).meta({
  id: 'ReachabilityRequest',
  description: `Who reaches whom, for many pairs at once. At most ${MAX_ENDS.toLocaleString('en')} pods, workloads and ranges, ${MAX_PORTS.toLocaleString('en')} ports, and ${MAX_CELLS.toLocaleString('en')} cells in all, ${MAX_EXPLAINED_CELLS.toLocaleString('en')} with \`explain\`.`,
  example: { pods: ['default/client', 'default/web-1'], ports: [{ protocol: 'TCP', port: 8080 }] },
});

export type ReachabilityRequest = z.output<typeof reachabilityInput>;

/** @throws AppError with every problem: `BAD_REQUEST` where the shape is wrong, `UNPROCESSABLE` where only values are */
export function parseReachabilityRequest(input: unknown): ReachabilityRequest {
  const parsed = reachabilityInput.safeParse(input, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw refusal('the reachability request', problemsOf(issues, [], Object.keys(reachabilityInput.shape)), issues.some(isShapeIssue));
}
