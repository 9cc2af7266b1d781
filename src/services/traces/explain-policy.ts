import type { Considered } from '../../domain/cluster/policy/decision.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { PolicyEvidence } from '../../domain/cluster/policy/policy-evidence.js';
import { policyTitle, rulesOf } from '../../domain/cluster/policy/policy.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import type { Packet } from '../../domain/packet/packet.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';

/** Policies that a sentence names one by one. */
const NAMED = 3;

/** The details of a denial: the policies, the pod at whose edge it was, and the rule, where one denies. */
export function policyDetails(view: ClusterView, { steps }: WalkedLeg, packet: Packet): Record<string, string> {
  const step = steps.findLast((one) => one.kind === 'POLICY' && one.verdict === 'DENY');
  if (step?.kind !== 'POLICY' || !(step.explanation instanceof PolicyEvidence)) return {};
  const { direction, subject, basis, considered } = step.explanation.decision;
  const deciding = basis === 'RULE' ? considered.slice(-1) : considered.filter(({ outcome }) => outcome !== 'PASSED');
  const titles = deciding.map(({ policy }) => policyTitle(policy));
  const [first] = deciding;
  const source = view.podByAddress(packet.source);
  const virtual = direction === 'EGRESS' ? view.servicesAt(packet.destination)[0]?.service : undefined;
  return {
    subject: titles.length > NAMED ? `${titles.slice(0, NAMED).join(', ')} and ${titles.length - NAMED} more` : titles.join(' and '),
    ...(titles.length > 1 ? { many: String(titles.length) } : {}),
    pod: `${subject.namespace}/${subject.name}`,
    source: `${source ? `pod ${source.namespace}/${source.name} (${formatIpv4(packet.source)})` : formatIpv4(packet.source)}`,
    ...(basis === 'RULE' && first && 'peer' in first ? { rule: ruleWords(direction, first) } : {}),
    ...(virtual ? { service: `Service ${virtual.namespace}/${virtual.name}` } : {}),
  };
}

function ruleWords(direction: 'INGRESS' | 'EGRESS', place: Extract<Considered, { peer: number | null }>): string {
  const name = rulesOf(place.policy, direction)?.[place.rule]?.name ?? null;
  return `${placeText(direction, place)}${name === null ? '' : ` (${name})`}`;
}
