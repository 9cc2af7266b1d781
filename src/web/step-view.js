/**
 * @import { AtJson, ChangeJson, StepJson } from '../render/json/step-json.js'
 */
import { element } from './elements.js';
import { evidenceView } from './evidence-view.js';
import { STEP_HELP } from './step-help.js';

/** @param {string} address @param {number | undefined} port */
const end = (address, port) => (port === undefined ? address : `${address}:${port}`);

/** What an ICMP message says, by its type and code. @source RFC 792, RFC 1812 §5.2.7.1 @type {Readonly<Record<string, string>>} */
const ICMP_WORDS = {
  '8/0': 'echo request',
  '0/0': 'echo reply',
  '11/0': 'time exceeded',
  '3/0': 'net unreachable',
  '3/1': 'host unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
};

/**
 * The packet in a line, as a capture would show it, with what the step has changed marked; of a step about ARP alone, the question or the answer.
 *
 * @param {StepJson} step
 */
export function packetView({ packet, changes, evidence: facts }) {
  if (packet === null) return element('code', {}, 'text' in facts ? facts.text : '');
  const { ip, l4, icmp } = packet;
  /** @param {string} text @param {readonly string[]} fields */
  const part = (text, ...fields) => (changes.some(({ field }) => fields.includes(field)) ? element('mark', {}, text) : text);
  const what = icmp
    ? `${ip.protocol} ${ICMP_WORDS[`${icmp.type}/${icmp.code}`] ?? `type ${icmp.type} code ${icmp.code}`}`
    : [ip.protocol, l4?.flags?.join('-')].filter(Boolean).join(' ');
  return element(
    'code',
    {},
    part(end(ip.src, l4?.sport), 'ip.src', 'l4.sport'),
    ' → ',
    part(end(ip.dst, l4?.dport), 'ip.dst', 'l4.dport'),
    `  ${what}, `,
    part(`TTL ${ip.ttl}`, 'ip.ttl'),
    `, ${ip.length} bytes`,
  );
}

/** @param {ChangeJson} change */
const change = ({ field, from, to }) => element('span', { class: 'change' }, element('b', {}, field), ` ${from || '–'} → ${to || '–'}`);

/** @param {AtJson} at */
const place = ({ interface: device, hook, table, chain }) => [device, hook, table, chain].filter((part) => part !== undefined).join(' · ');

/** What could have been done and was not is not called what it is not. @param {StepJson} step */
const kindWords = ({ kind, evidence: facts }) => `${'applied' in facts && !facts.applied ? 'no ' : ''}${kind.replaceAll('_', ' ').toLowerCase()}`;

/** What arrives is an error or a reset. @param {StepJson} step */
const isRefusal = ({ packet }) => packet?.inner !== undefined || (packet?.l4?.flags?.includes('RST') ?? false);

/** @param {string} kind in words */
const kindName = (kind) => kind.replace(/^un nat$/, 'un-nat').replace(/\b(?:arp|dns|[ds]?nat)\b/g, (acronym) => acronym.toUpperCase());

/** What the elements show. @type {WeakMap<Element, StepJson>} */
const steps = new WeakMap();

/** @param {HTMLDetailsElement} view that `stepView` has made @returns {StepJson} */
export function stepOf(view) {
  const step = steps.get(view);
  if (step === undefined) throw new TypeError(`${view.id} shows no step`);
  return step;
}

/** @param {StepJson} step @param {string} id where it can be linked to */
export function stepView(step, id) {
  const { seq, at, packet, changes, summary } = step;
  const kind = kindWords(step);
  // Closed steps have their evidence too: the browser's search finds it, and opens them. The explanation, which all of a kind share, comes when they are opened.
  const shown = element(
    'div',
    { class: 'evidence' },
    place(at) === '' ? null : element('p', { class: 'soft' }, place(at)),
    packet === null ? null : element('p', {}, packetView(step)),
    evidenceView(step),
  );
  const view = element(
    'details',
    { class: `step kind-${kind.replaceAll(' ', '-')}${isRefusal(step) ? ' refusal' : ''}`, id },
    element(
      'summary',
      {},
      element('span', { class: 'seq' }, seq),
      ' ',
      element('span', { class: 'kind' }, kindName(kind)),
      ' ',
      element(
        'span',
        { class: 'what' },
        summary,
        changes.length > 0
          ? element(
              'span',
              { class: 'changes' },
              changes.map((each) => [' ', change(each)]),
            )
          : null,
      ),
    ),
    shown,
  );
  view.addEventListener('toggle', () => shown.prepend(element('p', { class: 'help' }, STEP_HELP[step.kind])), { once: true });
  steps.set(view, step);
  return view;
}
