/**
 * @import { Refused, Trace } from './api.js'
 * @import { Child } from './elements.js'
 * @import { StepJson } from '../render/json/step-json.js'
 * @import { ConnectionJson, PathJson } from '../render/json/trace-json.js'
 */
import { pathOf } from './api.js';
import { element, find, link } from './elements.js';
import { insideButton } from './inside-dialog.js';
import { placeName } from './place-names.js';
import { questionName } from './question.js';
import { DISPOSITION_HELP } from './step-help.js';
import { stepView } from './step-view.js';
import { Stepper } from './stepper.js';

/** @typedef {{ cluster: string, traceId: string | null }} Of */

const OUTCOMES = { REACHABLE: 'good', UNREACHABLE: 'bad', PARTIAL: 'mixed', UNDETERMINED: 'mixed' };

const ROLES = { DNS: 'The name is looked up', CLIENT: 'The client’s connection', PROXY: 'The proxy’s connection to its backend' };

/** Steps that only move a frame from one interface to the next. */
const PLUMBING = new Set([
  'NEIGHBOUR_LOOKUP',
  'ARP_REQUEST',
  'ARP_REPLY',
  'TRANSMIT',
  'RECEIVE',
  'BRIDGE_FORWARD',
  'BRIDGE_FLOOD',
  'NETFILTER',
  'CONNTRACK',
  'FORWARD_CHECK',
]);

const FORMATS = [['json', 'JSON'], ['text', 'text'], ['svg', 'SVG'], ['mermaid', 'Mermaid'], ['pcapng', 'pcapng']];

/** Shows a trace in `#result`. */
export class TraceView {
  #place = find('#result', HTMLElement);
  #state = find('#walk-state', HTMLElement);
  #hint = [...this.#place.childNodes];
  /** @type {Stepper | null} */
  #stepper = null;

  constructor() {
    document.addEventListener('keydown', (event) => {
      const { target, key, ctrlKey, altKey, metaKey, shiftKey } = event;
      const by = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : null;
      const isHere =
        target === document.body || (target instanceof Element && this.#place.contains(target) && target.closest('select, pre') === null);
      if (by === null || !isHere || ctrlKey || altKey || metaKey || shiftKey || this.#stepper === null) return;
      event.preventDefault();
      this.#stepper.move(by);
    });
  }

  /**
   * @param {string} cluster its name
   * @param {Trace} trace
   * @param {{ address: (place: string) => string, place: string | null, moved: (place: string) => void }} options
   * A place is a path of the trace, or a step of it: `paths/0`, `paths/0/connections/0/forward/9`. `address`: where this page shows one, `place`: what is shown first
   */
  show(cluster, trace, { address, place, moved }) {
    const [paths, links] = [element('div'), element('span')];
    let shown = 0;
    /** @param {string} at */
    const showLinks = (at) => {
      if (trace.id !== null) links.replaceChildren(link(address(at), 'permanent link'), ...formats(`${pathOf(cluster)}/traces/${trace.id}`, shown));
    };
    /** @param {string} at */
    const goTo = (at) => {
      showLinks(at);
      moved(at);
    };
    const stepper = new Stepper(paths, (id) => goTo(id.replaceAll('-', '/')));
    this.#stepper = stepper;
    /** @param {number} index */
    const showPath = (index) => {
      const path = trace.paths[index];
      if (path === undefined) return;
      const isDrawn = paths.querySelector('.picture[open]') !== null;
      shown = index;
      paths.replaceChildren(...pathView(path, index, { cluster, traceId: trace.id }, isDrawn, (step) => stepper.go(step)));
      stepper.begin();
      showLinks(trace.paths.length === 1 ? '' : `paths/${index}`);
    };
    const name = questionName(trace.request);
    // If paths differ, a failing one is shown first.
    const failing = Math.max(
      0,
      trace.paths.findIndex(({ disposition }) => disposition !== 'ACCEPTED'),
    );
    const asked = Number(/^paths\/(\d+)/.exec(place ?? '')?.[1] ?? failing);
    const first = asked < trace.paths.length ? asked : failing;
    document.title = `${trace.verdict}: ${name} · Packetwalk`;
    this.#replace(
      element(
        'div',
        { class: `verdict ${OUTCOMES[trace.verdict]}` },
        element('h2', { tabindex: -1 }, element('strong', {}, trace.verdict), ' ', element('span', {}, name)),
        notes(trace),
      ),
      trace.paths.length > 1
        ? pathChoice(trace, first, (index) => {
            showPath(index);
            goTo(`paths/${index}`);
          })
        : null,
      toolbar(this.#place, links),
      paths,
      stepper.bar,
    );
    showPath(first);
    find('h2', HTMLElement, this.#place).focus({ preventScroll: true });
    const step = document.getElementById((place ?? '').replaceAll('/', '-'));
    if (step instanceof HTMLDetailsElement && paths.contains(step)) stepper.go(step);
  }

  /** A trace is what was true when it was asked for. @param {number} revision of the cluster then @param {number} now */
  tellAge(revision, now) {
    find('.verdict', HTMLElement, this.#place).append(
      element(
        'p',
        { class: 'warning' },
        `This was recorded at revision ${revision}, and the cluster has changed since (it is at ${now}): walk the packet again to see what happens now.`,
      ),
    );
  }

  /** @param {Refused} refused */
  refuse({ status, title, message, errors }) {
    document.title = 'Packetwalk';
    this.#stepper = null;
    this.#replace(
      element(
        'div',
        { class: 'verdict bad', role: 'alert' },
        element('h2', {}, element('strong', {}, status === 400 || status === 422 ? 'Not asked' : title)),
        errors.length === 0
          ? element('p', {}, message)
          : element(
              'ul',
              {},
              errors.map(({ path, message: problem }) => element('li', {}, element('code', {}, path), ` ${problem}`)),
            ),
      ),
    );
  }

  /** Keeps the old content until the answer is there. */
  wait() {
    this.#place.setAttribute('aria-busy', 'true');
    this.#state.textContent = 'The packet is on its way…';
  }

  clear() {
    document.title = 'Packetwalk';
    this.#stepper = null;
    this.#stopWaiting();
    this.#place.replaceChildren(...this.#hint);
  }

  /** @param {(Node | null)[]} parts */
  #replace(...parts) {
    this.#stopWaiting();
    this.#place.replaceChildren(...parts.filter((part) => part !== null));
    const { top, bottom } = this.#place.getBoundingClientRect();
    if (top < 0 || Math.min(bottom, top + 100) > innerHeight) this.#place.scrollIntoView({ block: 'start' });
  }

  #stopWaiting() {
    this.#place.removeAttribute('aria-busy');
    this.#state.textContent = '';
  }
}

/** @param {Trace} trace */
const notes = ({ warnings, met }) => [
  met === undefined ? null : element('p', {}, met ? 'As expected.' : 'Not as expected.'),
  warnings.map((warning) => element('p', { class: 'warning' }, warning)),
];

/** @param {Trace} trace @param {number} first the path that is shown at first @param {(index: number) => void} showPath */
function pathChoice({ paths, totalPaths, truncated }, first, showPath) {
  const select = element(
    'select',
    { change: () => showPath(select.selectedIndex) },
    paths.map(({ weight, backend, disposition }, index) =>
      element(
        'option',
        { selected: index === first },
        `${weight}  ${backend === null ? '' : `${backend.ip}:${backend.port}${backend.pod === null ? '' : `, pod ${backend.pod}`}: `}${disposition}`,
      ),
    ),
  );
  /** @type {Map<string, number>} */
  const ends = new Map();
  for (const { disposition } of paths) ends.set(disposition, (ends.get(disposition) ?? 0) + 1);
  return element(
    'label',
    { class: 'path-choice' },
    `${totalPaths} paths${truncated ? `, of which ${paths.length} are here` : ''}: ${[...ends].map(([disposition, count]) => `${count} ${disposition}`).join(', ')}`,
    select,
  );
}

/** The other forms of a trace. @param {string} address @param {number} index of the path that those show which show one */
const formats = (address, index) => [
  ...FORMATS.flatMap(([format, name = '']) => [' ', link(`${address}?format=${format}&path=${index}`, name)]),
  ' ',
  link(`${address}/frames?path=${index}`, 'frames'),
];

/** @param {HTMLElement} place @param {HTMLElement} links */
function toolbar(place, links) {
  const brief = element('input', {
    type: 'checkbox',
    change: () => place.classList.toggle('brief', brief.checked),
    checked: place.classList.contains('brief'),
  });
  const help = element('input', {
    type: 'checkbox',
    change: () => place.classList.toggle('unexplained', !help.checked),
    checked: !place.classList.contains('unexplained'),
  });
  /** @param {boolean} isOpen */
  const open = (isOpen) => () => { for (const step of place.querySelectorAll('details.step')) step.toggleAttribute('open', isOpen); };
  return element('div', { class: 'toolbar' },
    element('label', {}, brief, 'decisions only'), element('label', {}, help, 'explain each step'),
    element('button', { type: 'button', click: open(true) }, 'Open all'), element('button', { type: 'button', click: open(false) }, 'Close all'), links);
}

/**
 * @param {PathJson} path
 * @param {number} index
 * @param {Of} of
 * @param {boolean} isDrawn whether the picture is open
 * @param {(step: HTMLDetailsElement) => void} go to a step
 */
const pathView = (path, index, of, isDrawn, go) => [
  facts(path, index, go),
  ...picture(index, of, isDrawn),
  ...path.connections.flatMap((connection, at) => connectionView(connection, path.connections.length > 1, `paths-${index}-connections-${at}`, of)),
];

/**
 * @param {string} step as a reason names it, e.g. `connections/0/forward/14`
 * @param {number} index
 * @param {(step: HTMLDetailsElement) => void} go
 * @param {string} text
 */
const showStep = (step, index, go, text = 'show the step') => element('button', {
  type: 'button', class: 'plain',
  click() {
    const place = find(`#paths-${index}-${step.replaceAll('/', '-')}`, HTMLDetailsElement);
    go(place);
    find('summary', HTMLElement, place).focus({ preventScroll: true });
  },
}, text);

/** Smallest scale of a picture, so that its text stays readable; beyond that it scrolls. */
const SMALLEST = 0.75;

/** The walk in one picture; a trace that is not kept has none. @param {number} index @param {Of} of @param {boolean} isOpen */
function picture(index, { cluster, traceId }, isOpen) {
  if (traceId === null) return [];
  const address = `${pathOf(cluster)}/traces/${traceId}?format=svg&path=${index}`;
  const image = element('img', {
    src: address,
    alt: 'The walk as lanes, one for each network namespace',
    loading: 'lazy',
    error: () => image.replaceWith('The picture cannot be shown now.'),
    load: () => {
      image.style.minWidth = `${image.naturalWidth * SMALLEST}px`;
    },
  });
  return [element('details', { class: 'picture', open: isOpen }, element('summary', {}, 'Picture'), link(address, image))];
}

/** @param {StepJson['kind']} kind @param {readonly ConnectionJson[]} connections @returns the first step of that kind, as a reason names it */
function stepOfKind(kind, connections) {
  const at = connections.findIndex(({ forward }) => forward.steps.some((step) => step.kind === kind));
  return at < 0 ? null : `connections/${at}/forward/${connections[at]?.forward.steps.find((step) => step.kind === kind)?.seq}`;
}

/** @param {string} name @param {Child} value */
const fact = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value));

/** @param {PathJson} path @param {number} index @param {(step: HTMLDetailsElement) => void} go */
function facts({ disposition, reason, backend, clientSees, seenByServer, connections, http }, index, go) {
  const translations = connections.flatMap((each, at) =>
    each.translations.map(({ step, type, netns, hook, before, after }) =>
      showStep(`connections/${at}/${step}`, index, go, `${type} ${before} → ${after} at ${placeName(netns)}, ${hook}`),
    ),
  );
  const proxyStep = stepOfKind('PROXY_ACCEPT', connections);
  return element(
    'dl',
    { class: 'facts' },
    reason === null
      ? null
      : [
          fact('Why', [reason.message, ' ', element('code', {}, reason.code), ' ', reason.step === '' ? null : showStep(reason.step, index, go)]),
          reason.fix === '' ? null : fact('Likely fix', reason.fix),
        ],
    fact('Outcome', [disposition, ' ', element('span', { class: 'soft' }, DISPOSITION_HELP[disposition])]),
    backend === null
      ? null
      : fact(
          'Backend',
          `${backend.ip}:${backend.port}${backend.pod === null ? '' : `, pod ${backend.pod}`}${backend.node === null ? '' : ` on ${backend.node}`}`,
        ),
    http === undefined
      ? null
      : fact('HTTP', [
          [
            http.status === null ? 'no answer' : String(http.status),
            http.location === null ? '' : `to ${http.location}`,
            http.backendService === null ? '' : `from Service ${http.backendService}`,
            http.ingress === null ? '' : `by Ingress ${http.ingress}`,
            http.route === null ? '' : `by HTTPRoute ${http.route}`,
            http.rule === null ? '' : `(${http.rule})`,
          ]
            .filter(Boolean)
            .join(' '),
          ' ',
          proxyStep === null ? null : showStep(proxyStep, index, go, 'show the choice'),
        ]),
    http?.backendRequest && (http.backendRequest.path !== http.path || http.backendRequest.host.toLowerCase().replace(/:\d*$/, '') !== http.host)
      ? fact('Rewritten', `the backend is asked for ${http.backendRequest.host}${http.backendRequest.path}`)
      : null,
    fact(
      'Client sees',
      `${clientSees.outcome}${clientSees.from === null ? '' : ` from ${clientSees.from}`}${clientSees.afterSeconds > 0 ? ` after ${clientSees.afterSeconds} s` : ''}`,
    ),
    seenByServer === null ? null : fact('Server sees', `${seenByServer.source} → ${seenByServer.destination}`),
    translations.length === 0
      ? null
      : fact(
          'Translated',
          element(
            'ul',
            {},
            translations.map((translation) => element('li', {}, translation)),
          ),
        ),
  );
}

/** @param {ConnectionJson} connection @param {boolean} isOneOfMany @param {string} id @param {Of} of */
function connectionView({ role, forward, return: back, data }, isOneOfMany, id, of) {
  const legs = /** @type {const} */ ([['There', forward, 'forward'], ['Back', back, 'return'], ['Data', data, 'data']]);
  const level = isOneOfMany ? 'h4' : 'h3';
  const isAnswered = back !== null || forward.steps.some((step) => step.kind === 'ORIGINATE' && step.evidence.what !== 'request');
  return [
    ...(isOneOfMany ? [element('h3', {}, ROLES[role])] : []),
    ...legs.map(([name, leg, direction]) =>
      leg === undefined || leg === null
        ? ''
        : element(
            'section',
            { class: `leg ${direction}`, 'aria-label': isOneOfMany ? `${ROLES[role]}, ${name.toLowerCase()}` : name },
            element(
              level,
              { class: 'leg-name' },
              name,
              ' ',
              element('span', { class: leg.disposition === 'ACCEPTED' ? 'soft' : 'failed' }, leg.disposition),
            ),
            places(leg.steps, `${id}-${direction}`, isOneOfMany ? 'h5' : 'h4', of),
          ),
    ),
    isAnswered ? '' : element('p', { class: 'soft' }, 'Nothing comes back.'),
  ];
}

/**
 * Groups consecutive steps in one network namespace.
 *
 * @param {readonly StepJson[]} steps @param {string} id @param {'h4' | 'h5'} level @param {Of} of
 */
function places(steps, id, level, of) {
  /** @type {{ netns: string, steps: StepJson[] }[]} */
  const groups = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.netns === step.at.netns) last.steps.push(step);
    else groups.push({ netns: step.at.netns, steps: [step] });
  }
  return groups.map(({ netns, steps: here }) => element('section', { class: `place${here.every(isPlumbing) ? ' plumbing' : ''}` },
    element('div', { class: 'place-head' }, element(level, { class: 'place-name' }, placeName(netns)), ' ', insideButton({ ...of, netns })),
    here.map((step) => {
      const view = stepView(step, `${id}-${step.seq}`);
      view.classList.toggle('plumbing', isPlumbing(step));
      return view;
    })));
}

/** @param {StepJson} step */
const isPlumbing = ({ kind, changes, evidence }) =>
  PLUMBING.has(kind) &&
  changes.every(({ field }) => field.startsWith('eth.')) &&
  !('verdict' in evidence && (evidence.verdict === 'DROP' || evidence.verdict === 'REJECT'));
