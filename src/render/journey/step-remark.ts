import type { StepJson, StepJsonOf } from '../json/step-json.js';
import { changeLines } from '../text/change-text.js';
import { withoutPlace } from '../text/step-text.js';

/** `bad`: the packet fails here, or something is wrong; `refusal`: an error or reset has arrived. */
export type Tone = 'plain' | 'arp' | 'nat' | 'policy' | 'good' | 'bad' | 'refusal';

export interface Remark {
  readonly tone: Tone;
  readonly text: string;
}

const remark = (tone: Tone, text: string): Remark => ({ tone, text });

/** `10.96.0.12:80 → 10.244.2.8:8080` */
const rewriting = (step: StepJson): string => (changeLines(step)[0] ?? '').replace(/^(?:src|dst) /, '');

/** Does a translation at this hook rewrite the source? At the other hooks it rewrites the destination. */
const rewritesSource = (hook: string): boolean => hook === 'POSTROUTING' || hook === 'INPUT';

function choice({ evidence: { service, candidates } }: StepJsonOf<'SERVICE_CHOICE'>): Remark {
  const chosen = candidates.find((candidate) => candidate.chosen);
  const many = candidates.length === 1 ? 'its only endpoint' : `one of ${candidates.length} endpoints`;
  const endpoint = chosen?.ip ? ` ${chosen.ip}:${chosen.port}` : '';
  return remark('nat', `${service === null ? 'choice' : `Service ${service}`}:${endpoint}, ${many}`);
}

function route(step: StepJsonOf<'ROUTE_LOOKUP'>): Remark | null {
  const { route: found, failure, pickedSource } = step.evidence;
  if (failure !== null) return remark('bad', withoutPlace(step.summary, step.at.netns));
  if (found === null || found.table === 'local') return null; // the socket or the delivery says it
  return remark(
    'plain',
    `route ${found.text.replace(/ (?:proto|scope|src|metric) \S+/g, '')}${pickedSource === null || found.source !== null ? '' : `, source ${pickedSource}`}`,
  );
}

function policy(step: StepJsonOf<'POLICY'>): Remark | null {
  const { allowed, applied, decidedBy, direction, considered } = step.evidence;
  if (!applied) return null;
  if (!allowed) return remark('bad', withoutPlace(step.summary, step.at.netns));
  return considered.length === 0 ? null : remark('policy', `policy, ${direction.toLowerCase()}: ${decidedBy === null ? 'allowed' : decidedBy.text}`);
}

/** An error or reset has arrived, from the machine that refused the packet. */
const isRefusal = ({ packet }: StepJson): boolean => packet?.inner !== undefined || packet?.l4?.flags?.includes('RST') === true;

/** The remark for a step in a picture; `null` if the arrows show enough. */
export function remarkOf(step: StepJson): Remark | null {
  const sentence = (tone: Tone): Remark => remark(tone, withoutPlace(step.summary, step.at.netns));
  switch (step.kind) {
    case 'ROUTE_LOOKUP': return route(step);
    case 'SERVICE_CHOICE': return choice(step);
    case 'DNAT': case 'SNAT': return step.evidence.applied ? remark('nat', `${step.kind} ${rewriting(step)}`) : null;
    case 'UN_NAT': return remark('nat', `un-${step.evidence.undoes} ${rewriting(step)}`);
    case 'CONNTRACK':
      if (step.evidence.action === 'INVALID') return sentence('bad');
      return step.changes.length === 0 || step.evidence.action === 'CONFIRM'
        ? null
        : remark('nat', `${rewritesSource(step.evidence.hook) ? 'SNAT' : 'DNAT'}, connection known: ${rewriting(step)}`);
    case 'POLICY': return policy(step);
    case 'ARP_REQUEST': return step.evidence.answeredBy === null ? remark('bad', `ARP: nobody answers for ${step.evidence.arp.tpa}`) : null;
    case 'ARP_REPLY': return remark('arp', `ARP: ${step.evidence.arp.spa} is at ${step.evidence.arp.sha}`);
    case 'FORWARD_CHECK': return step.evidence.outcome === 'FORWARDED' ? null : sentence('bad');
    case 'SOCKET_LOOKUP': return step.evidence.socket === null && step.evidence.purpose === 'listener' ? sentence('bad') : null;
    case 'LOAD_BALANCE': return sentence('nat');
    case 'DNS_LOOKUP': return sentence(step.evidence.rcode !== 'NOERROR' ? 'bad' : step.packet === null ? 'plain' : 'good');
    case 'PROXY_ACCEPT': case 'PROXY_CONNECT': return sentence('plain');
    case 'DELIVER': return sentence(isRefusal(step) ? 'refusal' : 'good');
    case 'DROP': case 'REJECT': return sentence('bad');
    default: return null;
  }
}
