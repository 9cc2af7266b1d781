/**
 * The virtual addresses of a Service and their families.
 *
 * @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateServiceClusterIPsRelatedFields`
 */
import { duplicateValue, forbidden, invalidValue } from '../api-messages.js';
import { ipProblem, ipv4Problem, isIpv6 } from '../ip-syntax.js';
import { withoutPadding } from '../legacy-address.js';
import type { ServiceSpec } from '../kinds/service.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';

type Spec = DeepPartial<ServiceSpec>;

type Addressed = Pick<Spec, 'clusterIP' | 'clusterIPs'>;

export const isHeadless = (spec: Addressed): boolean => (spec.clusterIP ?? spec.clusterIPs?.[0]) === 'None';

/**
 * May it have IPv6 as its first family? Yes if it is headless and has no selector, since its slices may hold any addresses.
 *
 * @source kubernetes/kubernetes pkg/registry/core/service/storage `initIPFamilyFields`
 */
export const takesAnyFamily = (spec: Addressed & { readonly selector?: object | null | undefined }): boolean =>
  isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;

/** An ExternalName Service has no address, and so no IP family. */
function checkNone(spec: Spec, report: Report): void {
  for (const field of ['clusterIPs', 'ipFamilies'] as const) {
    if ((spec[field] ?? []).length > 0) report(`spec.${field}`, forbidden('may not be set for ExternalName services'));
  }
  if ((spec.clusterIP ?? '') !== '') report('spec.clusterIP', forbidden('may not be set for ExternalName services'));
  if (spec.ipFamilyPolicy !== undefined) report('spec.ipFamilyPolicy', forbidden('may not be set for ExternalName services'));
}

/** @returns whether all are valid */
function checkEach(clusterIPs: readonly string[], report: Report): boolean {
  if (clusterIPs[0] === 'None' && clusterIPs.length > 1) {
    report('spec.clusterIPs', invalidValue(clusterIPs, "'None' must be the first and only value"));
    return false;
  }
  const problems = clusterIPs.map((address) => (address === 'None' && clusterIPs.length === 1 ? undefined : ipProblem(withoutPadding(address))));
  for (const [index, problem] of problems.entries()) if (problem !== undefined) report(`spec.clusterIPs[${index}]`, invalidValue(clusterIPs[index], problem));
  return problems.every((problem) => problem === undefined);
}

function checkFamilies(spec: Spec, clusterIPs: readonly string[], report: Report): void {
  const { ipFamilies = [] } = spec;
  for (const [index, family] of ipFamilies.entries()) {
    if (ipFamilies.indexOf(family) < index) report(`spec.ipFamilies[${index}]`, duplicateValue(family));
    const address = clusterIPs[index];
    if (address === undefined || address === 'None') continue;
    if (isIpv6(address) !== (family === 'IPv6')) {
      report(`spec.clusterIPs[${index}]`, invalidValue(address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``));
    }
  }
  if (ipFamilies[0] === 'IPv6' && !takesAnyFamily(spec)) report('spec.ipFamilies[0]', invalidValue('IPv6', 'not configured on this cluster'));
}

export function checkServiceAddresses(spec: Spec, report: Report): void {
  const { clusterIP = '', clusterIPs = [], type = 'ClusterIP' } = spec;
  if (type === 'ExternalName') return checkNone(spec, report);
  if (isHeadless(spec) && (type === 'NodePort' || type === 'LoadBalancer')) {
    report('spec.clusterIPs[0]', invalidValue('None', `may not be set to 'None' for ${type} services`));
  }
  const [first] = clusterIPs;
  if (clusterIP !== '' && first !== undefined && clusterIP !== first) report('spec.clusterIPs', invalidValue(clusterIPs, 'first value must match `clusterIP`'));
  const problem = clusterIP === '' || clusterIP === 'None' ? undefined : ipv4Problem(withoutPadding(clusterIP));
  if (problem !== undefined) report('spec.clusterIP', invalidValue(clusterIP, problem));
  if (clusterIPs.length > 2) report('spec.clusterIPs', invalidValue(clusterIPs, 'may only hold up to 2 values'));
  if (!checkEach(clusterIPs, report)) return;
  if (clusterIPs.length === 2 && isIpv6(clusterIPs[0] ?? '') === isIpv6(clusterIPs[1] ?? '')) {
    report('spec.clusterIPs', invalidValue(clusterIPs, 'may specify no more than one IP for each IP family'));
  }
  checkFamilies(spec, clusterIPs, report);
  if (clusterIP === '' && first !== undefined && first !== 'None' && ipv4Problem(withoutPadding(first)) !== undefined) {
    report('spec.clusterIPs[0]', invalidValue(first, ipv4Problem(withoutPadding(first)) ?? ''));
  }
}
