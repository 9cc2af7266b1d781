import type { Considered } from '../../domain/cluster/policy/decision.js';
import { placeText } from '../../domain/cluster/policy/place-text.js';
import { PolicyEvidence } from '../../domain/cluster/policy/policy-evidence.js';
import { policyTitle, rulesOf, type Direction } from '../../domain/cluster/policy/policy.js';
import type { Step } from '../../domain/trace/step.js';
import type { EvidenceByKind, PolicyAnswerJson } from './step-json.js';

type PolicyStep = Extract<Step, { kind: 'POLICY' }>;
type PolicyJson = EvidenceByKind['POLICY'];

const DIRECTION_WORDS: Readonly<Record<Direction, string>> = { INGRESS: 'ingress', EGRESS: 'egress' };

const ACTION_WORDS = { ALLOWED: 'allows it by', DENIED: 'denies it by', PASSED: 'leaves it to the NetworkPolicies by' } as const;

/** One policy's result, as a line of text. */
function answerText(direction: Direction, answer: Considered): string {
  const title = policyTitle(answer.policy);
  const words = DIRECTION_WORDS[direction];
  switch (answer.outcome) {
    case 'NO_RULES': return `${title} has no ${words} rule, and so lets nothing through`;
    case 'NO_PEER': return `${title} has no ${words} rule that names this peer`;
    case 'NO_PORT': return `${title} names this peer in ${placeText(direction, { rule: answer.rule, peer: null, port: null })}, but not this port`;
    default: {
      const name = rulesOf(answer.policy, direction)?.[answer.rule]?.name ?? null;
      return `${title} ${ACTION_WORDS[answer.outcome]} ${placeText(direction, answer)}${name === null ? '' : ` (${name})`}`;
    }
  }
}

function presentAnswer(direction: Direction, answer: Considered): PolicyAnswerJson {
  const { policy, outcome } = answer;
  const rule = 'rule' in answer ? answer.rule : null;
  const [peer, port] = 'peer' in answer ? [answer.peer, answer.port] : [null, null];
  return {
    kind: policy.kind, namespace: policy.namespace === '' ? null : policy.namespace, name: policy.name, outcome,
    place: rule === null ? null : placeText(direction, { rule, peer, port }), rule, peer, port,
    ruleName: rule === null ? null : (rulesOf(policy, direction)?.[rule]?.name ?? null), text: answerText(direction, answer),
  };
}

function exemptionOf({ decision, established }: PolicyEvidence): PolicyJson['skipped'] {
  if (established) return 'ESTABLISHED';
  return decision.basis === 'OWN_NODE' || decision.basis === 'ITSELF' ? decision.basis : null;
}

export function presentPolicy({ hook, table, chain, verdict, explanation }: PolicyStep): PolicyJson {
  const common = { hook, table, chain, allowed: verdict === 'ALLOW' };
  if (!(explanation instanceof PolicyEvidence)) {
    return { ...common, direction: 'INGRESS', pod: '', applied: false, skipped: null, decidedBy: null, considered: [] };
  }
  const { direction, subject, basis, considered } = explanation.decision;
  const skipped = exemptionOf(explanation);
  const answers = skipped === null ? considered.map((answer) => presentAnswer(direction, answer)) : [];
  return {
    ...common, direction, pod: `${subject.namespace}/${subject.name}`, applied: skipped === null, skipped,
    decidedBy: skipped === null && basis === 'RULE' ? (answers.at(-1) ?? null) : null, considered: answers,
  };
}

const EXEMPTION_WORDS = {
  ESTABLISHED: 'the packet belongs to a connection that was let through before',
  OWN_NODE: "the pod's own node always reaches it",
  ITSELF: 'a pod can not block access to itself',
} as const satisfies Record<NonNullable<PolicyJson['skipped']>, string>;

/** The step in one sentence. */
export function policySummary({ explanation, verdict }: PolicyStep, first: string): string {
  if (!(explanation instanceof PolicyEvidence)) return `${first}'s policies ${verdict === 'ALLOW' ? 'let the packet pass' : 'stop the packet'}`;
  const { direction, subject, basis, considered } = explanation.decision;
  const pod = `pod ${subject.namespace}/${subject.name}`;
  const edge = `${direction === 'INGRESS' ? 'into' : 'out of'} ${pod}`;
  const skipped = exemptionOf(explanation);
  if (skipped !== null) return `No policy is asked whether the packet may go ${edge}: ${EXEMPTION_WORDS[skipped]}`;
  const last = considered.at(-1);
  if (basis === 'RULE' && last) return `${policyTitle(last.policy)} ${verdict === 'ALLOW' ? 'lets the packet' : 'does not let the packet'} ${edge}`;
  if (basis !== 'ISOLATED') return `No policy says anything about the packet, so it may go ${edge}`;
  const selecting = considered.filter(({ outcome }) => outcome !== 'PASSED').length;
  return selecting === 1
    ? `The one policy that selects ${pod} does not let the packet ${edge}`
    : `${selecting} policies select ${pod}, and none lets the packet ${edge}`;
}
