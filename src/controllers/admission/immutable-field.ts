import { invalidValue } from '../../domain/cluster/api-messages.js';
import { meansTheSame } from '../../domain/values/deep-equal.js';
import type { Findings } from './findings.js';

/** @source k8s.io/apimachinery `validation.ValidateImmutableField` */
export function checkImmutable(value: unknown, before: unknown, path: string, findings: Findings): void {
  if (!meansTheSame(value, before)) findings.refuse(path, invalidValue(value, 'field is immutable'));
}
