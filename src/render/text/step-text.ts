import type { CandidateJson, EvidenceByKind, NotTakenJson, StepJson, StepJsonOf } from '../json/step-json.js';
import { codeWords } from '../json/code-words.js';
import { placeWords } from '../json/place-words.js';
import { changeLines } from './change-text.js';
import { wrap } from './layout.js';

const LABELS = {
  ORIGINATE: 'send', DNS_LOOKUP: 'dns', LOOPBACK: 'loopback', ROUTE_LOOKUP: 'route', NEIGHBOUR_LOOKUP: 'neighbour', ARP_REQUEST: 'arp', ARP_REPLY: 'arp',
  TRANSMIT: 'transmit', RECEIVE: 'receive', BRIDGE_FORWARD: 'bridge', BRIDGE_FLOOD: 'bridge', NETFILTER: 'netfilter', CONNTRACK: 'conntrack',
  SERVICE_CHOICE: 'choice', DNAT: 'dnat', SNAT: 'snat', POLICY: 'policy', UN_NAT: 'un-nat', FORWARD_CHECK: 'forward',
  LOAD_BALANCE: 'balance', SOCKET_LOOKUP: 'socket',
  DELIVER: 'deliver', DROP: 'DROP', REJECT: 'REJECT', PROXY_ACCEPT: 'proxy', PROXY_CONNECT: 'proxy',
} as const satisfies Record<StepJson['kind'], string>;

const SEQ_WIDTH = 5;
const LABEL_WIDTH = 11;
const INDENT = ' '.repeat(SEQ_WIDTH + LABEL_WIDTH);

const CANDIDATES_SHOWN = 16;

/** `10.244.2.8:8080  default/web-1 on node-2` */
const endpointWords = ({ ip, port, pod, node }: CandidateJson | NotTakenJson): string =>
  `${ip === null ? 'an endpoint' : `${ip}:${port}`}${pod === null ? '' : `  pod ${pod}`}${node === null ? '' : ` on ${node}`}`;

/** Candidates with their chance, the chosen one marked, then those not taken and why. */
function choiceLines({ evidence: { candidates, notTaken } }: StepJsonOf<'SERVICE_CHOICE'>): string[] {
  const chosen = candidates.findIndex((candidate) => candidate.chosen);
  const shown = candidates.filter((_, index) => index < CANDIDATES_SHOWN || index === chosen);
  const lines = shown.map((candidate) => `${candidate.weight.padStart(5)} ${candidate.chosen ? '▶' : ' '} ${endpointWords(candidate)}`);
  if (shown.length < candidates.length) lines.push(`        … and ${candidates.length - shown.length} more`);
  return [...lines, ...notTaken.map((endpoint) => `    – ✗ ${endpointWords(endpoint)}: ${codeWords(endpoint.why)}`)];
}

/** The entries and rules that decided the step, as the Linux tools print them. */
function evidenceLines(step: StepJson): readonly string[] {
  switch (step.kind) {
    case 'ROUTE_LOOKUP':
      return step.evidence.route === null
        ? []
        : [step.evidence.route.text + (step.evidence.route.origin === null ? '' : `   # ${step.evidence.route.origin}`)];
    case 'LOAD_BALANCE': return [
      step.evidence.route.text,
      ...step.evidence.candidates.map(
        ({ node, healthy, why }) => `${node === step.evidence.chosen ? '▶' : ' '} ${node}${healthy ? '' : `: ${codeWords(why)}`}`,
      ),
    ];
    case 'NEIGHBOUR_LOOKUP': return step.evidence.answer === 'CACHED' && step.evidence.entry !== null ? [step.evidence.entry.text] : [];
    case 'BRIDGE_FORWARD': return [step.evidence.entry.text];
    case 'NETFILTER': return step.evidence.rules.map((rule) => rule.text);
    case 'SERVICE_CHOICE': return choiceLines(step);
    case 'CONNTRACK': return step.evidence.entry === null || step.evidence.action === 'NEW' ? [] : [step.evidence.entry.text];
    case 'DNAT': case 'SNAT': return [step.evidence.rule.text];
    case 'POLICY': return step.evidence.considered.map(({ text }) => text);
    case 'UN_NAT': return [step.evidence.entry.text];
    case 'REJECT': return step.evidence.rule === null ? [] : [step.evidence.rule.text];
    case 'DNS_LOOKUP': return dnsLines(step.evidence);
    case 'PROXY_ACCEPT': return (step.evidence.http?.rules ?? []).map(({ text, taken }) => `${taken ? '▶' : '✗'} ${text}`);
    default: return [];
  }
}

/** resolv.conf, then each query with its result. */
function dnsLines({ resolver, queries }: EvidenceByKind['DNS_LOOKUP']): string[] {
  const settings = [
    ...resolver.nameservers.map((address) => `nameserver ${address}`),
    ...(resolver.search.length > 0 ? [`search ${resolver.search.join(' ')}`] : []),
    ...(resolver.options.length > 0 ? [`options ${resolver.options.join(' ')}`] : []),
  ];
  return [
    ...settings,
    ...queries.map(
      ({ name, type, rcode, answers }) =>
        `${name}  ${type.padEnd(4)}  ${answers.length > 0 ? answers.join(', ') : rcode === 'NOERROR' ? 'NOERROR, no data' : rcode}`,
    ),
  ];
}

/** Removes the place from a sentence, since the block's heading names it. */
export function withoutPlace(summary: string, netns: string): string {
  const { inside, first } = placeWords(netns);
  for (const name of [first, inside]) {
    if (summary.startsWith(`${name} `)) return summary.slice(name.length + 1);
    if (summary.startsWith(`${name}'s `)) return summary.slice(name.length + 3);
  }
  const sentence = summary.replace(` in ${inside}`, '').replace(` on ${inside}`, '');
  // `NetworkPolicy` and the like keep their spelling.
  return /^[A-Z][a-z']*\s/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}

/** The label of a step; a translation that was not applied is not called DNAT or SNAT. */
const labelOf = ({ kind, evidence }: StepJson): string => `${'applied' in evidence && !evidence.applied ? 'no ' : ''}${LABELS[kind]}`;

/** A step's number, its kind and one sentence; below it the entries that decided it (│) and what changed (»). */
export function stepLines(step: StepJson, quoted: Set<string>): string[] {
  const lines = wrap(
    withoutPlace(step.summary, step.at.netns),
    `${String(step.seq).padStart(SEQ_WIDTH - 2)}  ${labelOf(step).padEnd(LABEL_WIDTH)}`,
    INDENT,
  );
  for (const entry of evidenceLines(step)) {
    if (quoted.has(entry)) continue;
    quoted.add(entry);
    lines.push(...wrap(entry, `${INDENT}│ `, `${INDENT}│     `));
  }
  for (const change of changeLines(step)) lines.push(...wrap(change, `${INDENT}» `, `${INDENT}    `));
  return lines;
}
