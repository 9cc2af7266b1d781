/**
 * @import { AtJson, CandidateJson, ChangeJson, StepJson } from '../render/json/step-json.js'
 * @import { Child } from './elements.js'
 */
import { element } from './elements.js';
import { STEP_HELP } from './step-help.js';

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that say something else without what they are in. @type {ReadonlyMap<string, string>} */
const LABELS = new Map([['byPolicy', 'by the chain’s policy']]);

/** `clusterIP` → `cluster IP`, as words. @param {string} name */
const words = (name) => LABELS.get(name) ?? name.replace(/([a-z])([A-Z])/g, (_, /** @type {string} */ before, /** @type {string} */ after) => `${before} ${after.toLowerCase()}`);

/** @param {unknown} value */
const isNothing = (value) => value === null || (Array.isArray(value) && value.length === 0);

/**
 * The evidence of a step: entries as the Linux tool prints them, everything else as names and values.
 *
 * @param {unknown} value
 * @returns {Child}
 */
function evidence(value) {
  if (Array.isArray(value)) return value.every(isPlain) ? value.map(plain).join(', ') : element('ul', {}, value.map((each) => element('li', {}, evidence(each))));
  if (!isObject(value)) return plain(value);
  const { text, cause, origin, taken } = value;
  if (typeof text === 'string') return [element('code', { class: taken === true && 'chosen' }, text, taken === true ? ' ✓' : ''), because(cause ?? origin)];
  const facts = Object.entries(value).filter(([, each]) => !isNothing(each));
  if (facts.every(([, each]) => isPlain(each) || (Array.isArray(each) && each.every(isPlain))) && facts.length <= 5) return facts.map(([name, each]) => [words(name), ' ', evidence(each)]).flatMap((fact, index) => (index === 0 ? fact : [', ', ...fact]));
  return list(facts);
}

/** @param {unknown} value */
const isPlain = (value) => typeof value !== 'object';

/** @param {unknown} value */
const plain = (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value));

/** @param {[string, unknown][]} facts */
const list = (facts) => element('dl', {}, facts.map(([name, each]) => element('div', {}, element('dt', {}, words(name)), element('dd', {}, evidence(each)))));

/** @param {unknown} cause what made the entry: a word, or the object that a policy's rule comes from */
function because(cause) {
  if (cause === null || cause === undefined) return null;
  return element('p', { class: 'soft' }, isObject(cause) ? Object.values(cause).filter((part) => part !== null && !isObject(part)).join(' ') : String(cause));
}

/** Most endpoints shown at first, with the chosen one: a Service can have thousands. */
const FIRST = 20;

/** @param {CandidateJson} candidate */
const candidate = ({ ip, port, pod, node, weight, chosen }) => element('tr', { class: chosen && 'chosen' },
  [chosen ? '✓' : '', ip === null ? 'any' : `${ip}:${port}`, pod ?? '', node ?? '', weight].map((cell) => element('td', {}, cell)));

/** @param {readonly CandidateJson[]} all */
function candidates(all) {
  const first = all.filter(({ chosen }, index) => index < FIRST || chosen);
  const body = element('tbody', {}, first.map(candidate));
  const more = element('button', { type: 'button', click: () => { body.replaceChildren(...all.map(candidate)); more.remove(); } }, `Show all ${all.length}`);
  return element('div', { class: 'wide' }, element('table', {},
    element('thead', {}, element('tr', {}, ['Chosen', 'Endpoint', 'Pod', 'Node', 'Weight'].map((title) => element('th', { scope: 'col' }, title)))), body), first.length < all.length ? more : null);
}

/** @param {string} address @param {number | undefined} port */
const end = (address, port) => (port === undefined ? address : `${address}:${port}`);

/** What an ICMP message says, by its type and code. @source RFC 792, RFC 1812 §5.2.7.1 @type {Readonly<Record<string, string>>} */
const ICMP_WORDS = { '8/0': 'echo request', '0/0': 'echo reply', '11/0': 'time exceeded', '3/0': 'net unreachable', '3/1': 'host unreachable', '3/3': 'port unreachable', '3/4': 'fragmentation needed' };

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
  const what = icmp ? `${ip.protocol} ${ICMP_WORDS[`${icmp.type}/${icmp.code}`] ?? `type ${icmp.type} code ${icmp.code}`}` : [ip.protocol, l4?.flags?.join('-')].filter(Boolean).join(' ');
  return element('code', {}, part(end(ip.src, l4?.sport), 'ip.src', 'l4.sport'), ' → ', part(end(ip.dst, l4?.dport), 'ip.dst', 'l4.dport'), `  ${what}, `, part(`TTL ${ip.ttl}`, 'ip.ttl'), `, ${ip.length} bytes`);
}

/** @param {ChangeJson} change */
const change = ({ field, from, to }) => element('span', { class: 'change' }, element('b', {}, field), ` ${from || '–'} → ${to || '–'}`);

/** @param {AtJson} at */
const place = ({ interface: device, hook, table, chain }) => [device, hook, table, chain].filter((part) => part !== undefined).join(' · ');

/** What the place of the step has said already is left out. @param {StepJson} step @returns {Child} */
function decision({ kind, at, evidence: facts }) {
  if ('text' in facts) return evidence(facts);
  const told = Object.entries(facts).filter(([name, value]) => !isNothing(value) && !(['hook', 'table', 'chain'].includes(name) && Object.values(at).includes(value)));
  return kind === 'SERVICE_CHOICE' ? [candidates(facts.candidates), list(told.filter(([name]) => name !== 'candidates'))] : list(told);
}

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
  const view = element('details', { class: `step kind-${kind.replaceAll(' ', '-')}${isRefusal(step) ? ' refusal' : ''}`, id },
    element('summary', {},
      element('span', { class: 'seq' }, seq), ' ', element('span', { class: 'kind' }, kindName(kind)), ' ',
      element('span', { class: 'what' }, summary, changes.length > 0 ? element('span', { class: 'changes' }, changes.map((each) => [' ', change(each)])) : null)));
  // Built only when opened: a walk has hundreds of steps, few of which are opened.
  view.addEventListener('toggle', () => view.append(element('div', { class: 'evidence' },
    element('p', { class: 'help' }, STEP_HELP[step.kind]),
    place(at) === '' ? null : element('p', { class: 'soft' }, place(at)),
    packet === null ? null : element('p', {}, packetView(step)),
    decision(step))), { once: true });
  steps.set(view, step);
  return view;
}
