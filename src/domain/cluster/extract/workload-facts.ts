import type { WorkloadFacts } from '../facts.js';
import type { ReplicationController } from '../kinds/workloads.js';
import type { LabelSelector } from '../label-selector.js';
import type { ObjectMeta } from '../objects.js';
import { controllerOf } from './meta-facts.js';

interface Counts {
  readonly spec?: {
    readonly replicas?: number; readonly parallelism?: number; readonly selector?: LabelSelector;
    readonly template?: { readonly spec?: { readonly nodeName?: string | undefined } | undefined } | undefined;
  };
  readonly status?: { readonly desiredNumberScheduled?: number };
}

/** The desired number of pods; for a DaemonSet it is in the status. */
function replicasOf(kind: WorkloadFacts['kind'], { spec, status }: Counts): number {
  switch (kind) {
    case 'DaemonSet': return status?.desiredNumberScheduled ?? 0;
    case 'Job': return spec?.parallelism ?? 1;
    default: return spec?.replicas ?? 1;
  }
}

export function extractWorkloadFacts(kind: WorkloadFacts['kind'], workload: Counts, metadata: ObjectMeta, ordinal: number): WorkloadFacts {
  const nodeName = workload.spec?.template?.spec?.nodeName;
  return {
    kind,
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    uid: metadata.uid ?? '',
    replicas: replicasOf(kind, workload),
    selector: workload.spec?.selector ?? null,
    owner: controllerOf(metadata),
    ...(nodeName && { nodeName }),
    ordinal,
  };
}

/** For kinds whose selector is a map of labels. */
export const extractReplicationController = (
  { spec: { replicas = 1, selector = {}, template } }: ReplicationController,
  metadata: ObjectMeta,
  ordinal: number,
): WorkloadFacts =>
  extractWorkloadFacts('ReplicationController', { spec: { replicas, selector: { matchLabels: selector }, template } }, metadata, ordinal);
