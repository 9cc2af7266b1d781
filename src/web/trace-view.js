import { pathOf } from './api.js';
import { element, find, link } from './elements.js';
import { insideButton } from './inside-dialog.js';
import { placeName } from './place-names.js';
import { stepView } from './step-view.js';

const OUTCOMES = { REACHABLE: 'good', UNREACHABLE: 'bad', PARTIAL: 'mixed', UNDETERMINED: 'mixed' };

const ROLES = { DNS: 'The name is looked up', CLIENT: 'The client’s connection', PROXY: 'The proxy’s connection to its backend' };

/** Steps that only say how a frame got from one interface to the next. */
const PLUMBING = new Set(['NEIGHBOUR_LOOKUP', 'ARP_REQUEST', 'ARP_REPLY', 'TRANSMIT', 'RECEIVE', 'BRIDGE_FORWARD', 'BRIDGE_FLOOD', 'NETFILTER', 'CONNTRACK', 'FORWARD_CHECK']);

const FORMATS = [['json', 'JSON'], ['text', 'text'], ['mermaid', 'Mermaid'], ['pcapng', 'pcapng']];

/** Shows a trace in `#result`. */
export class TraceView {
  #place = find('#result');

  /** @param {string} cluster its name @param trace as the API gives it */
  show(cluster, trace) {
    const paths = element('div', { class: 'paths' });
    const showPath = (index) => paths.replaceChildren(...pathView(trace.paths[index], index, { cluster, traceId: trace.id }));
    this.#place.replaceChildren(
      ...[head(trace), trace.paths.length > 1 ? pathChoice(trace, showPath) : null, toolbar(this.#place, cluster, trace), paths].filter((part) => part !== null));
    if (trace.paths.length > 0) showPath(0);
    this.#place.focus({ preventScroll: true });
  }

  /** @param {Error & { errors?: { path: string, message: string }[] }} error */
  refuse({ message, errors = [] }) {
    this.#place.replaceChildren(element('div', { class: 'verdict bad', role: 'alert' },
      element('strong', {}, 'Not asked'),
      errors.length === 0 ? element('p', {}, message) : element('ul', {}, errors.map(({ path, message: problem }) => element('li', {}, element('code', {}, path), ` ${problem}`)))));
  }

  /** @param {string} text what is going on */
  wait(text) {
    this.#place.replaceChildren(element('p', { role: 'status' }, text));
  }
}

/** @param {object} end `from` or `to` of a trace request */
export function endName(end) {
  const [[kind, name]] = Object.entries(end);
  return `${{ ip: '', url: '', host: '', lan: 'LAN host ', internet: 'internet host ' }[kind] ?? `${kind} `}${name}${end.port === undefined ? '' : ` port ${end.port}`}`;
}

function head({ verdict, request, warnings, met }) {
  return element('div', { class: `verdict ${OUTCOMES[verdict]}` },
    element('strong', {}, verdict),
    element('span', {}, `${endName(request.from)} → ${endName(request.to)}, ${request.protocol}`),
    met === undefined ? null : element('p', {}, met ? 'As expected.' : 'Not as expected.'),
    warnings.map((warning) => element('p', { class: 'warning' }, warning)));
}

function pathChoice({ paths, totalPaths, truncated }, showPath) {
  const option = ({ weight, backend, disposition }, index) =>
    element('option', { value: index }, `${weight}  ${backend === null ? '' : `${backend.ip}:${backend.port}${backend.pod === null ? '' : `, pod ${backend.pod}`}: `}${disposition}`);
  return element('label', { class: 'path-choice' }, `${totalPaths} paths${truncated ? `, of which ${paths.length} are here` : ''}`,
    element('select', { change: (event) => showPath(Number(event.target.value)) }, paths.map(option)));
}

function toolbar(place, cluster, { id }) {
  const brief = (event) => place.classList.toggle('brief', event.target.checked);
  const open = (isOpen) => () => { for (const step of place.querySelectorAll('.step')) step.open = isOpen; };
  const address = `${pathOf(cluster)}/traces/${id}`;
  return element('div', { class: 'toolbar' },
    element('label', {}, element('input', { type: 'checkbox', change: brief, checked: place.classList.contains('brief') }), 'decisions only'),
    element('button', { type: 'button', click: open(true) }, 'Open all'), element('button', { type: 'button', click: open(false) }, 'Close all'),
    id === null ? null : element('span', {}, FORMATS.map(([format, name]) => link(`${address}?format=${format}`, name)), link(`${address}/frames`, 'frames')));
}

/** @param {{ cluster: string, traceId: string | null }} of */
function pathView(path, index, of) {
  return [facts(path, index), ...picture(index, of), ...path.connections.flatMap((connection, at) => connectionView(connection, path.connections.length > 1, `path-${index}-connections-${at}`, of))];
}

/** @param {string} step as a reason names it, e.g. `connections/0/forward/14` */
const showStep = (step, index) => element('button', {
  type: 'button', class: 'plain',
  click() {
    const place = document.getElementById(`path-${index}-${step.replaceAll('/', '-')}`);
    place.open = true;
    place.scrollIntoView({ behavior: 'smooth', block: 'center' });
    place.querySelector('summary').focus({ preventScroll: true });
  },
}, 'show the step');

/** The walk in one picture; a trace that is not kept has none. */
function picture(index, { cluster, traceId }) {
  if (traceId === null) return [];
  const address = `${pathOf(cluster)}/traces/${traceId}?format=svg&path=${index}`;
  return [element('details', { class: 'picture' }, element('summary', {}, 'Picture'), link(address, element('img', { src: address, alt: 'The walk as lanes, one for each network namespace', loading: 'lazy' })))];
}

const fact = (name, value) => (value === null ? null : element('div', {}, element('dt', {}, name), element('dd', {}, value)));

function facts({ disposition, reason, backend, clientSees, seenByServer, connections, http }, index) {
  const translations = connections.flatMap((each) => each.translations);
  return element('dl', { class: 'facts' },
    reason === null ? null : fact('Why', [reason.message, ' ', element('code', {}, reason.code), ' ', reason.step ? showStep(reason.step, index) : null]),
    reason?.fix ? fact('Likely fix', reason.fix) : null,
    fact('Outcome', disposition),
    backend === null ? null : fact('Backend', `${backend.ip}:${backend.port}${backend.pod === null ? '' : `, pod ${backend.pod} on ${backend.node}`}`),
    http === undefined || http === null ? null : fact('HTTP', [http.status, http.backendService && `from Service ${http.backendService}`].filter(Boolean).join(' ')),
    fact('Client sees', `${clientSees.outcome}${clientSees.from === null ? '' : ` from ${clientSees.from}`}${clientSees.afterSeconds > 0 ? ` after ${clientSees.afterSeconds} s` : ''}`),
    seenByServer === null ? null : fact('Server sees', `${seenByServer.source} → ${seenByServer.destination}`),
    translations.length === 0 ? null : fact('Translated', element('ul', {}, translations.map(({ type, netns, hook, before, after }) => element('li', {}, `${type} ${before} → ${after} at ${placeName(netns)}, ${hook}`)))));
}

function connectionView({ role, forward, return: back, data }, isOneOfMany, id, of) {
  const legs = [['There', forward, 'forward'], ['Back', back, 'return'], ['Data', data, 'data']].filter(([, leg]) => leg !== undefined && leg !== null);
  return [
    isOneOfMany ? element('h3', {}, ROLES[role] ?? role) : null,
    ...legs.map(([name, leg, direction]) => element('section', { class: `leg ${direction}` }, element('h4', {}, name, element('span', { class: 'soft' }, leg.disposition)), places(leg.steps, `${id}-${direction}`, of))),
  ].filter((part) => part !== null);
}

/** Steps one behind the other in one network namespace stand together. */
function places(steps, id, of) {
  const groups = [];
  for (const step of steps) {
    if (groups.at(-1)?.netns !== step.at.netns) groups.push({ netns: step.at.netns, steps: [] });
    groups.at(-1).steps.push(step);
  }
  return groups.map(({ netns, steps: here }) => element('section', { class: `place${here.every(isPlumbing) ? ' plumbing' : ''}` },
    element('h5', {}, placeName(netns), ' ', insideButton({ ...of, netns })),
    here.map((step) => {
      const view = stepView(step, `${id}-${step.seq}`);
      if (isPlumbing(step)) view.classList.add('plumbing');
      return view;
    })));
}

const isPlumbing = ({ kind, changes, evidence }) => PLUMBING.has(kind) && changes.every(({ field }) => field.startsWith('eth.')) && evidence.verdict !== 'DROP' && evidence.verdict !== 'REJECT';
