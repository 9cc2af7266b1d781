import type { PodFacts } from '../../domain/cluster/facts.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { podRef } from '../object-refs.js';
import type { PodObject, PodTemplate } from '../object-shapes.js';
import { isGated } from '../pods/scheduling-gates.js';
import type { Reconciliation } from '../reconciliation.js';

interface Workload extends KubeObject {
  readonly spec: { readonly template?: PodTemplate };
}

/** Warns how many pods of a workload have no node, and why. */
export async function warnAboutWaiting(run: Reconciliation, workload: Workload, pods: readonly PodFacts[]): Promise<void> {
  const waiting = pods.filter(({ node }) => node === null);
  if (waiting.length === 0) return;
  const { template } = workload.spec;
  const gated = template && isGated(template.spec) ? (await run.load<PodObject>(waiting.map(podRef))).filter(({ spec }) => isGated(spec)) : [];
  warn(run, workload, gated.length, 'their scheduling gates are still there');
  const first = waiting.find(({ name }) => !gated.some(({ metadata }) => metadata.name === name));
  if (first) warn(run, workload, waiting.length - gated.length, await reasonOf(run, first));
}

/** The scheduler's message about the pod. The workload's other pods have the same template, and so the same reason. */
async function reasonOf(run: Reconciliation, pod: PodFacts): Promise<string> {
  const [body] = await run.load<PodObject>([podRef(pod)]);
  const said = body?.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')?.message;
  return said ? said.replace(/\.$/, '') : 'no node fits';
}

function warn(run: Reconciliation, { kind, metadata }: KubeObject, count: number, reason: string): void {
  if (count > 0) run.warnings.push(`${kind} ${metadata.namespace}/${metadata.name}: ${count} of its pods ${count === 1 ? 'is' : 'are'} Pending: ${reason}`);
}
