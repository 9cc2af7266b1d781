/** The explorer: it knows nothing that the public API doesn't tell everyone. */
import { createCluster, deleteCluster, list, listClusters, recordedTrace, Refused, trace } from './api.js';
import { AskForm } from './ask-form.js';
import { ClusterView } from './cluster-view.js';
import { element, find, link } from './elements.js';
import { EXAMPLES } from './examples.js';
import { ManifestsForm } from './manifests-form.js';
import { SHELL_COMMANDS, traceCommand } from './shell-commands.js';
import { endName, TraceView } from './trace-view.js';

/** Recorded traces that are listed. */
const RECENT = 8;

/** What the address bar holds: the cluster, and a question or a recorded trace. */
const address = {
  read() {
    const parts = new URLSearchParams(location.hash.slice(1));
    return { cluster: parts.get('cluster'), ask: readJson(parts.get('ask')), traceId: parts.get('trace') };
  },
  of: ({ cluster, ask, traceId }) => `#${new URLSearchParams({ cluster, ...(ask ? { ask: JSON.stringify(ask) } : {}), ...(traceId ? { trace: traceId } : {}) })}`,
};

/** A link may be cut off. */
function readJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

let clusters = [];
let current = null;
let shownResource = 'pods';
/** Raised by whatever replaces what is shown, so that a late answer doesn't. */
let turn = 0;

const traceView = new TraceView();
const askForm = new AskForm((question) => {
  history.pushState(null, '', address.of({ cluster: current.name, ask: question }));
  void ask(question);
});
const clusterView = new ClusterView(({ from, to }) => void askForm.fill(from, to));
new ManifestsForm(() => current.name, () => loadClusters(current.name)).listen();

async function ask(question) {
  await showTrace(() => trace(current.name, question));
  find('#as-command').textContent = traceCommand(current.name, question);
  find('#as-command').parentElement.hidden = false;
  await showRecent();
}

/** @param {() => Promise<object>} load */
async function showTrace(load) {
  const mine = (turn += 1);
  traceView.wait('The packet is on its way…');
  try {
    const found = await load();
    if (mine === turn) traceView.show(current.name, found);
    return found;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (mine === turn) traceView.refuse(error);
    return null;
  }
}

async function showRecent() {
  const { items } = await list(current.name, 'traces').catch(() => ({ items: [] }));
  find('#recent').replaceChildren(...items.slice(0, RECENT).map(({ id, verdict, request }) =>
    element('li', {}, link(address.of({ cluster: current.name, traceId: id }), `${endName(request.from)} → ${endName(request.to)}`), ' ', element('span', { class: 'soft' }, verdict))));
  find('#recent').closest('section').hidden = items.length === 0;
}

/** @param {string | null} wanted the name of the cluster to look at */
async function loadClusters(wanted) {
  const state = find('#clusters-state');
  try {
    clusters = (await listClusters()).items;
  } catch (error) {
    state.textContent = `The clusters cannot be shown: ${error.message}`;
    state.hidden = false;
    return;
  }
  current = clusters.find(({ name }) => name === wanted) ?? clusters[0] ?? null;
  state.textContent = current === null ? 'There is no cluster yet. Create one:' : `There is no cluster ${wanted}; this is ${current.name}.`;
  state.hidden = current !== null && (wanted === null || wanted === current.name);
  find('#cluster').replaceChildren(...clusters.map(({ name }) => element('option', { value: name, selected: name === current?.name }, name)));
  for (const part of document.querySelectorAll('[data-needs-cluster]')) part.hidden = current === null;
  find('#examples').closest('div').hidden = current?.name !== 'demo';
  if (current !== null) await showCluster();
}

async function showCluster() {
  const { name, counts, revision } = current;
  find('#counts').textContent = `${counts.nodes} nodes, ${counts.pods} pods, ${counts.services} Services; revision ${revision}`;
  find('#export').href = `/api/v1/clusters/${encodeURIComponent(name)}/manifests`;
  await Promise.all([askForm.useCluster(current), clusterView.show(name, shownResource), showRecent()]);
}

/** Does what the address says. */
async function follow() {
  const { cluster, ask: question, traceId } = address.read();
  if (current === null || (cluster !== null && cluster !== current.name)) await loadClusters(cluster);
  if (current === null) return;
  if (traceId !== null) {
    const found = await showTrace(() => recordedTrace(current.name, traceId));
    if (found) await askForm.show(found.request);
  } else if (question !== null) {
    await askForm.show(question);
    await ask(question);
  }
}

find('#examples').append(...EXAMPLES.map(([title, question]) => element('a', { class: 'chip', href: address.of({ cluster: 'demo', ask: question }) }, title)));

find('#cluster').addEventListener('change', (event) => { location.hash = address.of({ cluster: event.target.value }); });

for (const tab of document.querySelectorAll('[name="resource"]')) {
  tab.addEventListener('change', () => {
    shownResource = tab.value;
    void clusterView.show(current.name, shownResource);
  });
}

find('#new-cluster').addEventListener('submit', (event) => {
  event.preventDefault();
  const { name, nodes } = Object.fromEntries(new FormData(event.target));
  void changeClusters(async () => (await createCluster({ name, nodes: Number(nodes) })).name);
});

find('#delete-cluster').addEventListener('click', () => {
  if (!confirm(`Delete the cluster ${current.name}, with everything in it?`)) return;
  void changeClusters(async () => {
    await deleteCluster(current.name);
    return null;
  });
});

/** @param {() => Promise<string | null>} change gives the name of the cluster to look at then */
async function changeClusters(change) {
  const state = find('#cluster-problem');
  state.textContent = '';
  try {
    const name = await change();
    await loadClusters(name);
    if (current !== null) history.pushState(null, '', address.of({ cluster: current.name }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.textContent = error.errors.length > 0 ? error.errors.map(({ path, message }) => `${path}: ${message}`).join('\n') : error.message;
  }
}

for (const [name, text] of Object.entries(SHELL_COMMANDS)) find(`[data-command="${name}"]`).textContent = text;

window.addEventListener('popstate', () => void follow());
void follow();
