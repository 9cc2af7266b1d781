import { invalidValue } from '../../domain/cluster/api-messages.js';
import { isHeadless, takesAnyFamily } from '../../domain/cluster/rules/service-addresses.js';
import type { Findings } from '../admission/findings.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import type { ServiceSpec } from '../object-shapes.js';

/**
 * Fills in and checks the address families of a Service that has its cluster IPs. The cluster has only IPv4, but a Service
 * that was exported from a dual-stack cluster keeps the families and addresses that it states.
 *
 * @source kubernetes/kubernetes pkg/registry/core/service/storage `initIPFamilyFields`
 */
export function withIpFamilies(spec: ServiceSpec, before: ServiceSpec | undefined, findings: Findings): ServiceSpec {
  if (spec.type === 'ExternalName') return spec;
  const anyFamily = takesAnyFamily(spec);
  const ipFamilyPolicy = spec.ipFamilyPolicy ?? before?.ipFamilyPolicy ?? (anyFamily ? 'RequireDualStack' : 'SingleStack');
  const isSingle = ipFamilyPolicy === 'SingleStack';
  const clusterIPs = lessBySingleStack(isSingle, spec.clusterIPs ?? [], before?.clusterIPs);
  const stated = lessBySingleStack(isSingle, spec.ipFamilies ?? [], before?.ipFamilies);
  const refuse = (message: string): void => findings.refuse('spec.ipFamilyPolicy', invalidValue(ipFamilyPolicy, message));
  for (const [name, now, former] of [['cluster IP', spec.clusterIPs, before?.clusterIPs], ['IP family', spec.ipFamilies, before?.ipFamilies]] as const) {
    if (!isSingle && now && now.length > 0 && now.length < (former?.length ?? 0)) refuse(`must be 'SingleStack' to release the secondary ${name}`);
  }
  if (isSingle && clusterIPs.length > 1) refuse("must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
  if (isSingle && stated.length > 1) refuse("must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
  const isOfTwo = anyFamily || clusterIPs.length > 1 || (isHeadless(spec) && stated.length > 1);
  if (ipFamilyPolicy === 'RequireDualStack' && !isOfTwo) refuse('this cluster is not configured for dual-stack services');
  if (!isSingle && !isOfTwo && stated[1] === 'IPv6') findings.refuse('spec.ipFamilies[1]', invalidValue('IPv6', 'not configured on this cluster'));
  const families = stated.length > 0 ? stated : ['IPv4'];
  const second = !isSingle && isOfTwo && families.length === 1 ? [families[0] === 'IPv4' ? 'IPv6' : 'IPv4'] : [];
  return { ...spec, ...(clusterIPs.length > 0 && { clusterIPs }), ipFamilies: [...families, ...second], ipFamilyPolicy };
}

/** If an update asks for a single family and leaves the list unchanged, only its first value is kept. */
const lessBySingleStack = <Value>(isSingle: boolean, values: readonly Value[], before: readonly Value[] | undefined): readonly Value[] =>
  (isSingle && before && values.length > 1 && deepEqual(values, before) ? values.slice(0, 1) : values);
