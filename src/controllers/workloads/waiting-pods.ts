import type { KubeObject } from '../../domain/cluster/objects.js';
import type { Reconciliation } from '../reconciliation.js';

export function warnAboutWaiting(run: Reconciliation, { kind, metadata }: KubeObject, waiting: number): void {
  if (waiting > 0) run.warnings.push(`${kind} ${metadata.namespace}/${metadata.name}: ${waiting} of its pods ${waiting === 1 ? 'is' : 'are'} Pending: no node fits`);
}
