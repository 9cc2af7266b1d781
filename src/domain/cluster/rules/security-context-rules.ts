/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateSecurityContext`, `validatePodSpecSecurityContext` */
import { duplicateValue, inclusiveRange, invalidValue, requiredValue, unsupportedValue } from '../api-messages.js';
import type { PodSecurityContext, SecurityContext } from '../kinds/security-context.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkRelative } from './file-path-rules.js';
import { Seen } from './seen.js';

const MAX_ID = 2 ** 31 - 1;
const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function checkId(id: number | undefined, path: string, report: Report): void {
  if (id !== undefined && (id < 0 || id > MAX_ID)) report(path, invalidValue(id, inclusiveRange(0, MAX_ID)));
}

function checkProfile(field: 'seccompProfile' | 'appArmorProfile', context: DeepPartial<SecurityContext>, path: string, report: Report): void {
  const profile = context[field];
  if (!profile) return;
  const name = field === 'seccompProfile' ? 'seccomp' : 'AppArmor';
  const { type, localhostProfile } = profile;
  if (type === '') report(`${path}.${field}.type`, requiredValue(`type is required when ${field} is set`));
  else if (type !== undefined && !PROFILES.includes(type)) report(`${path}.${field}.type`, unsupportedValue(type, PROFILES));
  if (type === 'Localhost' && localhostProfile === undefined) {
    report(`${path}.${field}.localhostProfile`, requiredValue(`must be set when ${name} type is Localhost`));
  }
  if (type !== 'Localhost' && localhostProfile !== undefined) {
    report(`${path}.${field}.localhostProfile`, invalidValue(localhostProfile, `can only be set when ${name} type is Localhost`));
  }
  if (type === 'Localhost' && field === 'seccompProfile') checkRelative(localhostProfile, `${path}.${field}.localhostProfile`, report);
}

function checkCommon(context: DeepPartial<SecurityContext>, path: string, report: Report): void {
  checkId(context.runAsUser, `${path}.runAsUser`, report);
  checkId(context.runAsGroup, `${path}.runAsGroup`, report);
  checkProfile('seccompProfile', context, path, report);
  checkProfile('appArmorProfile', context, path, report);
}

export function checkSecurityContext(context: DeepPartial<SecurityContext>, path: string, report: Report): void {
  checkCommon(context, path, report);
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  if (procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked') {
    report(`${path}.procMount`, unsupportedValue(procMount, ['Default', 'Unmasked']));
  }
  if (allowPrivilegeEscalation !== false) return;
  if (privileged === true) report(path, invalidValue(context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
  if (capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    report(path, invalidValue(context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'));
  }
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

export function checkPodSecurityContext(context: DeepPartial<PodSecurityContext>, path: string, report: Report): void {
  checkCommon(context, path, report);
  checkId(context.fsGroup, `${path}.fsGroup`, report);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) checkId(group, `${path}.supplementalGroups[${index}]`, report);
  const { fsGroupChangePolicy: change } = context;
  if (change !== undefined && change !== 'Always' && change !== 'OnRootMismatch') {
    report(`${path}.fsGroupChangePolicy`, unsupportedValue(change, ['Always', 'OnRootMismatch']));
  }
  const names = new Seen();
  for (const [index, { name }] of (context.sysctls ?? []).entries()) {
    const at = `${path}.sysctls[${index}].name`;
    if (name === '') report(at, requiredValue());
    else if (name !== undefined && (name.length > 253 || !SYSCTL.test(name))) {
      report(at, invalidValue(name, `must have at most 253 characters and match regex ${SYSCTL.source}`));
    } else if (name !== undefined && names.add(name)) report(at, duplicateValue(name));
  }
}
