/**
 * The fields of a pod that an environment variable or a file can refer to.
 *
 * @source k8s.io/kubernetes `pkg/apis/core/validation`, `validateObjectFieldSelector`, `validateContainerResourceFieldSelector`
 */
import { invalidValue, requiredValue, unsupportedValue } from '../api-messages.js';
import type { FieldRef, ResourceFieldRef } from '../kinds/container.js';
import { qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { parseQuantity } from '../../values/quantity.js';
import type { DeepPartial } from './deep-partial.js';

/** Fields for variables. */
export const ENV_FIELDS: readonly string[] = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs',
  'status.podIP', 'status.podIPs',
];
/** Fields for files. */
export const FILE_FIELDS: readonly string[] = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** All known fields, whether they are supported at this place or not. */
const KNOWN = new Set([...ENV_FIELDS, ...FILE_FIELDS, 'spec.host', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);

/** @param supported the fields allowed at this place */
export function checkFieldRef({ apiVersion = 'v1', fieldPath }: DeepPartial<FieldRef>, supported: readonly string[], path: string, report: Report): void {
  if (fieldPath === undefined) return;
  if (fieldPath === '') return report(`${path}.fieldPath`, requiredValue());
  const [, field = fieldPath, key] = /^(.+)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (apiVersion !== '' && apiVersion !== 'v1') {
    return report(`${path}.fieldPath`, invalidValue(fieldPath, `error converting fieldPath: unsupported pod version: ${apiVersion}`));
  }
  if (!KNOWN.has(field)) return report(`${path}.fieldPath`, invalidValue(fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`));
  if (key === undefined) {
    const name = field === 'spec.host' ? 'spec.nodeName' : field;
    if (!supported.includes(name)) report(`${path}.fieldPath`, unsupportedValue(field, supported));
  } else if (field !== 'metadata.annotations' && field !== 'metadata.labels') report(path, invalidValue(field, 'does not support subscript'));
  else {
    const asked = field === 'metadata.annotations' ? key.toLowerCase() : key;
    const problem = qualifiedNameProblem(asked);
    if (problem !== undefined) report(path, invalidValue(asked, problem));
  }
}

const RESOURCES = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];
const BYTES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const DIVISORS = {
  cpu: { values: ['1m', '1'], text: '1m and 1', of: 'cpu' },
  memory: { values: BYTES, text: BYTES.join(', '), of: 'memory' },
  'ephemeral-storage': { values: BYTES, text: BYTES.join(', '), of: 'local ephemeral storage' },
} as const;

/** @param namesContainer whether the container must be named, as for a file */
export function checkResourceFieldRef(
  { containerName = '', resource, divisor }: DeepPartial<ResourceFieldRef>,
  namesContainer: boolean,
  path: string,
  report: Report,
): void {
  if (namesContainer && containerName === '') report(`${path}.containerName`, requiredValue());
  else if (resource === '') report(`${path}.resource`, requiredValue());
  else if (resource !== undefined && !RESOURCES.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) {
    report(`${path}.resource`, unsupportedValue(resource, RESOURCES));
  }
  const amount = divisor === undefined ? undefined : parseQuantity(String(divisor));
  const rule = DIVISORS[(resource ?? '').split('.')[1] as keyof typeof DIVISORS] as (typeof DIVISORS)[keyof typeof DIVISORS] | undefined;
  if (rule === undefined || amount === undefined || amount === 0 || rule.values.some((value) => parseQuantity(value) === amount)) return;
  report(`${path}.divisor`, invalidValue(resource, `only divisor's values ${rule.text} are supported with the ${rule.of} resource`));
}
