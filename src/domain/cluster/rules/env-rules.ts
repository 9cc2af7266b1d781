/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateEnv`, `ValidateEnvFrom` */
import { invalidValue, requiredValue } from '../api-messages.js';
import type { EnvFromSource, EnvVar } from '../kinds/container.js';
import { configMapKeyProblem, dnsSubdomainProblem, envNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkSyntax } from './check-syntax.js';
import type { DeepPartial } from './deep-partial.js';
import { checkFieldRef, checkResourceFieldRef, ENV_FIELDS } from './field-reference-rules.js';

type ValueFrom = NonNullable<DeepPartial<EnvVar>['valueFrom']>;

function checkKeyRef({ name = '', key }: NonNullable<ValueFrom['secretKeyRef']>, path: string, report: Report): void {
  const problem = dnsSubdomainProblem(name);
  if (problem !== undefined) report(`${path}.name`, invalidValue(name, problem));
  if (key === '') report(`${path}.key`, requiredValue());
  checkSyntax(key, configMapKeyProblem, `${path}.key`, report);
}

function checkValueFrom(valueFrom: ValueFrom, value: string, path: string, report: Report): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) checkFieldRef(fieldRef, ENV_FIELDS, `${path}.fieldRef`, report);
  if (resourceFieldRef) checkResourceFieldRef(resourceFieldRef, false, `${path}.resourceFieldRef`, report);
  if (configMapKeyRef) checkKeyRef(configMapKeyRef, `${path}.configMapKeyRef`, report);
  if (secretKeyRef) checkKeyRef(secretKeyRef, `${path}.secretKeyRef`, report);
  const sources = Object.values(valueFrom).filter((source) => source !== undefined).length;
  if (sources === 0) report(path, invalidValue('', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'));
  else if (value !== '') report(path, invalidValue('', 'may not be specified when `value` is not empty'));
  else if (sources > 1) report(path, invalidValue('', 'may not have more than one field specified at a time'));
}

export function checkEnv(variables: readonly DeepPartial<EnvVar>[], path: string, report: Report): void {
  for (let index = 0; index < variables.length; index += 1) {
    const { name, value = '', valueFrom } = variables[index] as DeepPartial<EnvVar>;
    if (name === '') report(`${path}[${index}].name`, requiredValue());
    else if (name !== undefined && envNameProblem(name) !== undefined) report(`${path}[${index}].name`, invalidValue(name, envNameProblem(name) ?? ''));
    if (valueFrom) checkValueFrom(valueFrom, value, `${path}[${index}].valueFrom`, report);
  }
}

export function checkEnvFrom(sources: readonly DeepPartial<EnvFromSource>[], path: string, report: Report): void {
  for (const [index, { prefix, configMapRef, secretRef }] of sources.entries()) {
    checkSyntax(prefix, envNameProblem, `${path}[${index}].prefix`, report);
    for (const [field, reference] of [['configMapRef', configMapRef], ['secretRef', secretRef]] as const) {
      if (reference && (reference.name ?? '') === '') report(`${path}[${index}].${field}.name`, requiredValue());
      checkSyntax(reference?.name, dnsSubdomainProblem, `${path}[${index}].${field}.name`, report);
    }
    if (!configMapRef && !secretRef) report(`${path}[${index}]`, invalidValue('', 'must specify one of: `configMapRef` or `secretRef`'));
    if (configMapRef && secretRef) report(`${path}[${index}]`, invalidValue('', 'may not have more than one field specified at a time'));
  }
}
