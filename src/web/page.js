/** The explorer. It uses only the public API. */
/**
 * @import { Cluster, Trace } from './api.js'
 * @import { Question } from './question.js'
 */
import { createCluster, deleteCluster, list, listClusters, recordedTrace, Refused, trace } from './api.js';
import { AskForm } from './ask-form.js';
import { ClusterView, isResource } from './cluster-view.js';
import { afterPause, element, find, link } from './elements.js';
import { DEMO, EXAMPLES, FIRST_QUESTION } from './examples.js';
import { ManifestsForm } from './manifests-form.js';
import { questionName } from './question.js';
import { SHELL_COMMANDS, traceCommand } from './shell-commands.js';
import { TraceView } from './trace-view.js';

/** Number of recorded traces listed. */
const RECENT = 8;

/** The state in the URL: the cluster, a question or a recorded trace, and the place in it. */
const address = {
  read() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const question = readQuestion(parts.get('ask'));
    return {
      cluster: parts.get('cluster'),
      ask: question,
      isCutOff: question === null && parts.has('ask'),
      traceId: parts.get('trace'),
      place: parts.get('at'),
    };
  },
  /** @param {{ cluster: string, ask?: Question, traceId?: string | null, place?: string }} state */
  of: ({ cluster, ask: question, traceId, place }) =>
    `#${new URLSearchParams({ cluster, ...(question ? { ask: JSON.stringify(question) } : {}), ...(traceId ? { trace: traceId } : {}), ...(place ? { at: place } : {}) })}`,
  /** @param {string} place */
  keep(place) {
    const parts = new URLSearchParams(location.hash.slice(1));
    parts.set('at', place);
    history.replaceState(null, '', `#${parts}`);
  },
};

/** A link may be cut off: what is wrong with the rest of it, the server says. @param {string | null} text @returns {Question | null} */
function readQuestion(text) {
  try {
    const { from, to, ...others } = JSON.parse(text ?? 'null', (_, value) => value ?? undefined);
    return { from: Object(from), to: Object(to), ...others };
  } catch {
    return null;
  }
}

/** @type {Cluster | null} */
let current = null;
/** Raised whenever the shown content is replaced, so that a late answer does not replace it again. */
let turn = 0;
let recentTurn = 0;
/** The last attempt to read the clusters failed. */
let isOutOfDate = false;
/** The last request for the clusters, until it is answered. @type {Promise<unknown> | null} */
let listing = null;

const nameOfCurrent = () => current?.name ?? '';
const clusterSelect = find('#cluster', HTMLSelectElement);

const traceView = new TraceView();
const askForm = new AskForm((question) => {
  history.pushState(null, '', address.of({ cluster: nameOfCurrent(), ask: question }));
  void ask(question);
});
const clusterView = new ClusterView((ends) => void askForm.fill(ends), () => loadClusters(nameOfCurrent()));
const manifestsForm = new ManifestsForm(nameOfCurrent, () => loadClusters(nameOfCurrent()));

/** @param {Question} question @param {string | null} [place] what is shown first of the walk */
async function ask(question, place = null) {
  const cluster = nameOfCurrent();
  showCommand(question);
  await showTrace(() => trace(cluster, question), place);
  await showRecent();
}

/** @param {Question} [question] */
function showCommand(question) {
  const place = find('#as-command', HTMLElement);
  place.hidden = question === undefined;
  if (question !== undefined) find('code', HTMLElement, place).textContent = traceCommand(nameOfCurrent(), question);
}

/**
 * @param {() => Promise<Trace>} load
 * @param {string | null} place what is shown first of it
 * @param {boolean} [isRecorded] whether it was asked for before
 */
async function showTrace(load, place, isRecorded = false) {
  const mine = (turn += 1);
  const cluster = nameOfCurrent();
  /** Browsers limit how often the address changes. @type {(place: string) => void} */
  const moved = afterPause((at) => { if (mine === turn) address.keep(at); });
  traceView.wait();
  askForm.mark([]);
  try {
    const found = await load();
    if (mine === turn) traceView.show(cluster, found, { address: (at) => address.of({ cluster, traceId: found.id, place: at }), place, moved });
    // The cluster may have changed since the trace was recorded, or since the page read it.
    if (mine === turn && (isRecorded || isOutOfDate || found.revision !== current?.revision)) await loadClusters(cluster);
    if (mine === turn && current?.name === cluster && found.revision < current.revision) traceView.tellAge(found.revision, current.revision);
    return found;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (mine === turn) {
      traceView.refuse(error);
      askForm.mark(error.errors);
    }
    // The cluster may have been deleted, or the server may be back.
    if (error.status === 404 || (isOutOfDate && error.status !== undefined)) await loadClusters(cluster);
    return null;
  }
}

/** Each question once, the newest first. */
async function showRecent() {
  const cluster = nameOfCurrent();
  const mine = (recentTurn += 1);
  const { items } = await list(cluster, 'traces').catch((error) => {
    if (!(error instanceof Refused)) throw error;
    return { items: [] }; // the history is optional
  });
  if (mine !== recentTurn) return;
  const asked = items.map(({ request }) => JSON.stringify(request));
  const recent = items.filter((_, index) => asked.indexOf(asked[index] ?? '') === index).slice(0, RECENT);
  find('#recent', HTMLElement).replaceChildren(...recent.map(({ id, verdict, request }) =>
    element('li', {}, link(address.of({ cluster, traceId: id }), questionName(request)), ' ', element('span', { class: 'soft' }, verdict))));
  find('#asked-before', HTMLElement).hidden = recent.length === 0;
}

/**
 * @param {string | null} wanted the name of the cluster to look at
 * @returns whether the clusters are known now, and nobody has asked for them again
 */
async function loadClusters(wanted) {
  const state = find('#clusters-state', HTMLElement);
  /** @param {string} text */
  const say = (text) => { state.textContent = text; };
  const request = listClusters();
  listing = request;
  const answer = await request.catch((error) => {
    if (error instanceof Refused) return error;
    throw error;
  });
  if (listing !== request) return false;
  listing = null;
  if (answer instanceof Refused) {
    say(`The clusters cannot be shown: ${answer.message}`);
    isOutOfDate = true;
    clusterSelect.value = nameOfCurrent(); // still the current one
    return false;
  }
  const clusters = answer.items;
  const [before, wasOutOfDate] = [current, isOutOfDate];
  isOutOfDate = false;
  current = clusters.find(({ name }) => name === wanted) ?? clusters[0] ?? null;
  say(
    current === null
      ? 'There is no cluster yet. Create one:'
      : wanted === null || wanted === current.name
        ? ''
        : `There is no cluster ${wanted}; this is ${current.name}.`,
  );
  offerClusters(clusters.map(({ name }) => name));
  for (const part of document.querySelectorAll('[data-needs-cluster]')) part.toggleAttribute('hidden', current === null);
  find('#new-cluster', HTMLDetailsElement).open = current === null;
  find('#examples', HTMLElement).hidden = nameOfCurrent() !== DEMO;
  if (wanted !== null && before?.name === wanted && nameOfCurrent() !== wanted) sayMissing(wanted); // it was deleted elsewhere
  if (current !== null && (wasOutOfDate || before?.id !== current.id || before.revision !== current.revision)) void showCluster(current);
  return true;
}

/** @param {string} cluster that is looked for */
function sayMissing(cluster) {
  turn += 1;
  traceView.refuse(
    new Refused({ status: 404, title: 'Not found', detail: `There is no cluster ${cluster}: it may have been deleted, or be on another server.` }),
  );
  showCommand();
}

/** A list that may be open stays as it is. @param {readonly string[]} names */
function offerClusters(names) {
  if (String([...clusterSelect.options].map(({ value }) => value)) !== String(names)) {
    clusterSelect.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
  }
  clusterSelect.value = nameOfCurrent();
}

/** @param {number} count @param {string} noun */
const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** @param {Cluster} cluster */
async function showCluster(cluster) {
  const { name, counts, revision } = cluster;
  find('#counts', HTMLElement).textContent =
    `${counted(counts.nodes, 'node')}, ${counted(counts.pods, 'pod')}, ${counted(counts.services, 'Service')}; revision ${revision}`;
  find('#export', HTMLAnchorElement).href = `/api/v1/clusters/${encodeURIComponent(name)}/manifests`;
  await Promise.all([askForm.useCluster(cluster), showObjects(), showRecent()]);
}

/** Restores the state in the URL. */
async function follow() {
  const { cluster, ask: question, isCutOff, traceId, place } = address.read();
  if (current === null || (cluster !== null && cluster !== current.name)) {
    turn += 1;
    manifestsForm.forget();
    find('#cluster-problem', HTMLElement).textContent = '';
    if (!await loadClusters(cluster)) return;
  }
  if (current === null) return;
  if (cluster !== null && cluster !== current.name) {
    // A question to a deleted cluster is not sent to another one.
    sayMissing(cluster);
    if (question !== null) await askForm.show(question);
  } else if (traceId !== null) {
    const name = current.name;
    const found = await showTrace(() => recordedTrace(name, traceId), place, true);
    if (found === null) return;
    showCommand(found.request);
    await askForm.show(found.request);
  } else if (question !== null) {
    await askForm.show(question);
    await ask(question, place);
  } else {
    turn += 1;
    showCommand();
    traceView.clear();
    if (isCutOff) traceView.refuse(new Refused({ status: 400, detail: 'The question in the address can not be read: the link may have been cut off.' }));
    await askForm.show(current.name === DEMO ? FIRST_QUESTION : {});
  }
}

find('#examples p', HTMLElement).append(...EXAMPLES.map(([title, question]) => link(address.of({ cluster: DEMO, ask: question }), title, { class: 'chip' })));

clusterSelect.addEventListener('change', () => {
  history.pushState(null, '', address.of({ cluster: clusterSelect.value }));
  void follow();
});

const objectsStart = find('#objects-start', HTMLInputElement);
objectsStart.addEventListener('input', afterPause(() => void showObjects()));

async function showObjects() {
  const { value } = find('[name="resource"]:checked', HTMLInputElement);
  if (isResource(value)) await clusterView.show(nameOfCurrent(), value, objectsStart.value.trim());
}

for (const tab of document.querySelectorAll('[name="resource"]')) tab.addEventListener('change', () => void showObjects());

const newCluster = find('#new-cluster form', HTMLFormElement);
newCluster.addEventListener('submit', (event) => {
  event.preventDefault();
  const data = new FormData(newCluster);
  void changeClusters(async () => {
    const { name } = await createCluster({ name: String(data.get('name')), nodes: Number(data.get('nodes')) });
    newCluster.reset();
    return address.of({ cluster: name });
  });
});

find('#delete-cluster', HTMLButtonElement).addEventListener('click', () => {
  const name = nameOfCurrent();
  if (!confirm(`Delete the cluster ${name}, with everything in it?`)) return;
  void changeClusters(async () => {
    await deleteCluster(name);
    return '#';
  });
});

/** @param {() => Promise<string>} change gives the address to look at then */
async function changeClusters(change) {
  const [state, problem] = [find('#clusters-state', HTMLElement), find('#cluster-problem', HTMLElement)];
  const before = state.textContent;
  state.textContent = 'One moment…';
  problem.textContent = '';
  try {
    history.pushState(null, '', await change());
    current = null;
    await follow();
    find(current === null ? '#new-cluster input' : '#cluster', HTMLElement).focus();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.textContent = before;
    if (error.status === 404) await loadClusters(nameOfCurrent()); // it was deleted elsewhere
    problem.textContent = error.errors.length > 0 ? error.errors.map(({ path, message }) => `${path}: ${message}`).join('\n') : error.message;
  }
}

for (const [name, text] of Object.entries(SHELL_COMMANDS)) find(`[data-command="${name}"]`, HTMLElement).textContent = text;

window.addEventListener('popstate', () => void follow());
// Others change clusters too, and so does a shell.
window.addEventListener('focus', () => {
  if (listing === null) void (current === null ? follow() : loadClusters(current.name));
});
void follow();
