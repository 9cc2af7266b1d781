/** The evidence of a step: entries as the Linux tool prints them, everything else as names and values. */
/**
 * @import { CandidateJson, StepJson } from '../render/json/step-json.js'
 * @import { Child } from './elements.js'
 */
import { element } from './elements.js';
import { EVIDENCE_WORDS, PURPOSE_WORDS } from './evidence-words.js';
import { placeName } from './place-names.js';
import { row, table, tableBody } from './table.js';

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that data brings along, as those of headers, are words already. @param {string} name */
const words = (name) => (/** @type {Readonly<Record<string, string>>} */ (EVIDENCE_WORDS))[name] ?? name;

/** @type {Readonly<Record<string, (value: string) => string | undefined>>} */
const VALUE_WORDS = { purpose: (value) => (/** @type {Readonly<Record<string, string>>} */ (PURPOSE_WORDS))[value], netns: placeName, proxy: placeName };

/** @param {string} name @param {unknown} value @returns {Child} */
const named = (name, value) => (typeof value === 'string' ? VALUE_WORDS[name]?.(value) ?? value : evidence(value));

/** @param {unknown} value @returns {boolean} */
const isNothing = (value) => value === null || value === '' || (typeof value === 'object' && Object.values(value).every(isNothing));

/** @param {unknown} value */
const isPlain = (value) => typeof value !== 'object';

/** @param {unknown} value */
const plain = (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value));

/** Most facts that are told in one line. */
const FEW = 5;

/** @param {unknown} value @returns {Child} */
function evidence(value) {
  if (Array.isArray(value)) {
    return value.every(isPlain)
      ? value.map(plain).join(', ')
      : element(
          'ul',
          {},
          value.map((each) => element('li', {}, evidence(each))),
        );
  }
  if (!isObject(value)) return plain(value);
  const { text, cause, origin, taken } = value;
  if (typeof text === 'string') return [element('code', { class: taken === true && 'chosen' }, text, taken === true ? ' ✓' : ''), because(cause ?? origin)];
  const facts = Object.entries(value).filter(([, each]) => !isNothing(each));
  const isShort = facts.length <= FEW && facts.every(([, each]) => isPlain(each) || (Array.isArray(each) && each.every(isPlain)));
  return isShort ? facts.map(([name, each], index) => [index === 0 ? '' : ', ', words(name), ' ', named(name, each)]) : list(facts);
}

/** @param {[string, unknown][]} facts */
const list = (facts) =>
  element(
    'dl',
    {},
    facts.map(([name, each]) => element('div', {}, element('dt', {}, words(name)), element('dd', {}, named(name, each)))),
  );

/** @param {unknown} cause what made the entry: a word, or the object that a policy's rule comes from */
function because(cause) {
  if (cause === null || cause === undefined) return null;
  return element('p', { class: 'soft' }, isObject(cause) ? Object.values(cause).filter((part) => part !== null && !isObject(part)).join(' ') : String(cause));
}

/** Most endpoints shown at first, with the chosen one: a Service can have thousands. */
const FIRST = 20;

const HEADINGS = ['Chosen', 'Endpoint', 'Pod', 'Node', 'Weight'];

/** @param {CandidateJson} candidate */
const candidate = ({ ip, port, pod, node, weight, chosen }) =>
  row(HEADINGS, [chosen ? '✓' : '', ip === null ? 'any' : `${ip}:${port}`, pod ?? '', node ?? '', weight], { isChosen: chosen });

/** @param {readonly CandidateJson[]} all */
function candidates(all) {
  const first = all.filter(({ chosen }, index) => index < FIRST || chosen);
  const body = tableBody();
  body.append(...first.map(candidate));
  const more = element('button', { type: 'button', click: () => { body.replaceChildren(...all.map(candidate)); more.remove(); } }, `Show all ${all.length}`);
  return element('div', { class: 'wide' }, table(HEADINGS, body), first.length < all.length ? more : null);
}

/** What the place of the step has said already is left out. @param {StepJson} step @returns {Child} */
function decision({ kind, at, evidence: facts }) {
  const told = Object.entries(facts).filter(
    ([name, value]) => !isNothing(value) && !(['hook', 'table', 'chain'].includes(name) && Object.values(at).includes(value)),
  );
  return kind === 'SERVICE_CHOICE' ? [candidates(facts.candidates), list(told.filter(([name]) => name !== 'candidates'))] : list(told);
}

/** Leads to the step as the API gives it. @param {StepJson} step */
function jsonButton(step) {
  const button = element('button', {
    type: 'button', class: 'plain',
    click() {
      const json = element('pre', { tabindex: 0 }, element('code', {}, JSON.stringify(step, null, 2)));
      button.replaceWith(json);
      json.focus();
    },
  }, 'as JSON');
  return button;
}

/** @param {StepJson} step @returns {Child} */
export const evidenceView = (step) => [decision(step), jsonButton(step)];
