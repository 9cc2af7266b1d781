import { element } from './elements.js';

const isObject = (value) => typeof value === 'object' && value !== null;

/** `clusterIP` → `cluster IP`, as words. */
const words = (name) => name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);

/** What decided a step: an entry is shown as the Linux tool would print it, anything else name by name. */
function evidence(value) {
  if (Array.isArray(value)) return element('ul', {}, value.map((each) => element('li', {}, evidence(each))));
  if (!isObject(value)) return String(value);
  if (typeof value.text === 'string') return [element('code', {}, value.text), because(value.cause ?? value.origin)];
  const facts = Object.entries(value).filter(([, each]) => !isNothing(each));
  if (facts.every(([, each]) => !isObject(each)) && facts.length <= 3) return facts.map(([name, each]) => `${words(name)} ${each}`).join(', ');
  return list(facts);
}

const list = (facts) => element('dl', {}, facts.map(([name, each]) => element('div', {}, element('dt', {}, words(name)), element('dd', {}, evidence(each)))));

const isNothing = (value) => value === null || (Array.isArray(value) && value.length === 0);

/** @param cause what made the entry: a word, or the object that a policy's rule comes from */
function because(cause) {
  if (cause === null || cause === undefined) return null;
  return element('p', { class: 'soft' }, isObject(cause) ? Object.values(cause).filter((part) => part !== null && !isObject(part)).join(' ') : cause);
}

function candidates(all) {
  const row = ({ ip, port, pod, node, weight, chosen }) => element('tr', chosen ? { class: 'chosen' } : {},
    element('td', {}, chosen ? '✓' : ''), element('td', {}, `${ip}:${port}`), element('td', {}, pod ?? ''), element('td', {}, node ?? ''), element('td', {}, weight ?? ''));
  return element('table', { class: 'candidates' },
    element('thead', {}, element('tr', {}, ['', 'Endpoint', 'Pod', 'Node', 'Weight'].map((title) => element('th', {}, title)))),
    element('tbody', {}, all.map(row)));
}

const end = (address, port) => (port === undefined ? address : `${address}:${port}`);

/** The packet in a line, as a capture would show it. */
function packetLine({ ip, l4, icmp }) {
  const what = icmp ? `${ip.protocol} type ${icmp.type} code ${icmp.code}` : [ip.protocol, ...(l4?.flags ?? [])].join(' ');
  return `${end(ip.src, l4?.sport)} → ${end(ip.dst, l4?.dport)}  ${what}, TTL ${ip.ttl}, ${ip.length} bytes`;
}

const change = ({ field, from, to }) => element('span', { class: 'change' }, element('b', {}, field), ` ${from ?? '–'} → ${to ?? '–'}`);

const place = ({ interface: device, hook, table, chain }) => [device, hook, table, chain].filter((part) => part !== undefined).join(' · ');

/** @param step as the API gives it @param {string} id where it can be linked to */
export function stepView({ seq, kind, at, packet, changes, evidence: { candidates: choices, ...facts }, summary }, id) {
  return element('details', { class: `step kind-${kind.toLowerCase().replaceAll('_', '-')}`, id },
    element('summary', {},
      element('span', { class: 'seq' }, seq), element('span', { class: 'kind' }, kind.replaceAll('_', ' ').toLowerCase()),
      element('span', { class: 'what' }, summary, changes.length > 0 ? element('span', { class: 'changes' }, changes.map(change)) : null)),
    element('div', { class: 'evidence' },
      place(at) === '' ? null : element('p', { class: 'soft' }, place(at)),
      packet === null ? null : element('p', {}, element('code', {}, packetLine(packet))),
      choices === undefined ? null : candidates(choices),
      typeof facts.text === 'string' ? evidence(facts) : list(Object.entries(facts).filter(([, each]) => !isNothing(each)))));
}
