import { duplicateValue, invalidValue, unsupportedValue } from '../api-messages.js';
import { cidrProblem, ipProblem, ipv4Problem, isIpv6 } from '../ip-syntax.js';
import type { Node } from '../kinds/node.js';
import { labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import { LINK_ANNOTATION, decodeNodeWiring } from '../node-wiring.js';
import type { Report } from '../object-problem.js';
import { parseCidr } from '../../values/cidr.js';
import type { DeepPartial } from './deep-partial.js';
import { checkAmounts } from './resource-rules.js';
import { Seen } from './seen.js';

type Spec = NonNullable<DeepPartial<Node>['spec']>;

function checkPodCidrs({ podCIDR, podCIDRs }: Spec, report: Report): void {
  if (podCIDR !== undefined && podCIDR !== '') {
    const problem = cidrProblem(podCIDR) ?? (parseCidr(podCIDR) ? undefined : 'IPv6 is not modelled: use an IPv4 block');
    if (problem !== undefined) report('spec.podCIDR', invalidValue(podCIDR, problem));
  }
  for (const [index, block] of (podCIDRs ?? []).entries()) {
    const problem = cidrProblem(block);
    if (problem !== undefined) report(`spec.podCIDRs[${index}]`, invalidValue(block, problem));
  }
  const families = (podCIDRs ?? []).map((block) => isIpv6(block.split('/')[0] ?? ''));
  if (families.length > 2 || (families.length === 2 && families[0] === families[1])) {
    report('spec.podCIDRs', invalidValue(podCIDRs, 'may specify no more than one CIDR for each IP family'));
  }
}

function checkTaints({ taints }: Spec, report: Report): void {
  const seen = new Seen();
  for (const [index, { key = '', value = '', effect = '' }] of (taints ?? []).entries()) {
    const keyProblem = qualifiedNameProblem(key);
    const valueProblem = labelValueProblem(value);
    if (keyProblem !== undefined) report(`spec.taints[${index}].key`, invalidValue(key, keyProblem));
    if (valueProblem !== undefined) report(`spec.taints[${index}].value`, invalidValue(value, valueProblem));
    if (seen.add(`${key}:${effect}`)) report(`spec.taints[${index}]`, duplicateValue({ key, value, effect }));
  }
}

function checkAddresses(addresses: NonNullable<NonNullable<DeepPartial<Node>['status']>['addresses']>, report: Report): void {
  const seen = new Seen();
  let hasIpv4 = false;
  for (const [index, { type, address }] of addresses.entries()) {
    if (address === undefined) continue;
    const problem = type === 'InternalIP' || type === 'ExternalIP' ? ipProblem(address) : undefined;
    if (problem !== undefined) report(`status.addresses[${index}].address`, invalidValue(address, problem));
    if (seen.add(`${type ?? ''}/${address}`)) report(`status.addresses[${index}]`, duplicateValue({ type, address }));
    hasIpv4 ||= type === 'InternalIP' && ipv4Problem(address) === undefined;
  }
  const ipv6 = addresses.findIndex(({ type, address }) => type === 'InternalIP' && address !== undefined && ipProblem(address) === undefined);
  if (!hasIpv4 && ipv6 >= 0) report(`status.addresses[${ipv6}].address`, invalidValue(addresses[ipv6]?.address, 'IPv6 is not modelled: use an IPv4 address'));
}

export function checkNode(node: DeepPartial<Node>, report: Report): void {
  if (node.spec) {
    checkPodCidrs(node.spec, report);
    checkTaints(node.spec, report);
  }
  if (node.status?.addresses) checkAddresses(node.status.addresses, report);
  for (const field of ['capacity', 'allocatable'] as const) checkAmounts(node.status?.[field] ?? {}, `status.${field}`, report);
  const annotations = node.metadata?.annotations;
  if (!annotations) return;
  const link = annotations[LINK_ANNOTATION];
  if (link !== undefined && link !== 'down' && link !== 'up') report(`metadata.annotations[${LINK_ANNOTATION}]`, unsupportedValue(link, ['down', 'up']));
  for (const { annotation, value, message } of decodeNodeWiring(annotations).problems) {
    report(`metadata.annotations[${annotation}]`, invalidValue(value, message));
  }
}
