/** Refuses changes of the immutable fields of a ConfigMap or a Secret. */
import { forbidden } from '../../domain/cluster/api-messages.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import type { Findings } from './findings.js';
import { checkImmutable } from './immutable-field.js';

/** @source kubernetes/kubernetes pkg/apis/core/validation `ValidateConfigMapUpdate` */
export function admitConfigMap(map: KubeObject, before: KubeObject | undefined, findings: Findings): KubeObject {
  if (before) checkFrozen(map, before, ['data', 'binaryData'], findings);
  return map;
}

/** @source kubernetes/kubernetes pkg/apis/core/validation `ValidateSecretUpdate` */
export function admitSecret(secret: KubeObject, before: KubeObject | undefined, findings: Findings): KubeObject {
  if (!before) return secret;
  checkImmutable(secret['type'], before['type'] ?? 'Opaque', 'type', findings);
  checkFrozen(secret, before, ['data'], findings);
  return secret;
}

function checkFrozen(object: KubeObject, before: KubeObject, fields: readonly string[], findings: Findings): void {
  if (before['immutable'] !== true) return;
  for (const field of ['immutable', ...fields]) {
    if (!deepEqual(object[field], before[field])) findings.refuse(field, forbidden('field is immutable when `immutable` is set'));
  }
}
