/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateConfigMap`, `ValidateSecret` */
import { invalidValue, requiredValue, tooLong } from '../api-messages.js';
import type { ConfigMap, Secret } from '../kinds/config-data.js';
import { configMapKeyProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';

type Data = Readonly<Record<string, string | undefined>> | undefined;

/** Limit of all values of an object together, in bytes. @source k8s.io/api `MaxSecretSize` */
const SIZE_LIMIT = 1024 * 1024;

/** @returns the total size of the values */
function checkKeys(data: Data, path: string, report: Report): number {
  let size = 0;
  for (const key in data) {
    const problem = configMapKeyProblem(key);
    if (problem !== undefined) report(`${path}[${key}]`, invalidValue(key, problem));
    size += data[key]?.length ?? 0;
  }
  return size;
}

const isBase64 = (value: string): boolean => /^[A-Za-z0-9+/\s]*=?\s*=?\s*$/.test(value);

export function checkConfigMap({ data, binaryData }: DeepPartial<ConfigMap>, report: Report): void {
  for (const key in binaryData) {
    const value = binaryData[key];
    if (value !== undefined && !isBase64(value)) report(`binaryData[${key}]`, invalidValue(value, 'must be base64; data takes plain text'));
  }
  for (const key in data) if (binaryData?.[key] !== undefined) report(`data[${key}]`, invalidValue(key, 'duplicate of key present in binaryData'));
  if (checkKeys(data, 'data', report) + checkKeys(binaryData, 'binaryData', report) > SIZE_LIMIT) report('', tooLong(SIZE_LIMIT));
}

/** Keys that a Secret of each type must have: one of each list. */
const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']], 'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
};

export function checkSecret({ metadata, data, stringData, type = '' }: DeepPartial<Secret>, report: Report): void {
  for (const key in data) {
    const value = data[key];
    if (value !== undefined && !isBase64(value)) {
      report(`data[${key}]`, invalidValue('<secret contents redacted>', 'must be base64; stringData takes plain text'));
    }
  }
  if (checkKeys(data, 'data', report) + checkKeys(stringData, 'stringData', report) > SIZE_LIMIT) report('data', tooLong(SIZE_LIMIT));
  for (const keys of NEEDED[type] ?? []) {
    if (keys.some((key) => data?.[key] !== undefined || stringData?.[key] !== undefined)) continue;
    for (const key of keys) report(`data[${key}]`, requiredValue());
  }
  const ACCOUNT = 'kubernetes.io/service-account.name';
  if (type === 'kubernetes.io/service-account-token' && (metadata?.annotations?.[ACCOUNT] ?? '') === '') {
    report(`metadata.annotations[${ACCOUNT}]`, requiredValue());
  }
}
