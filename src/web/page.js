/** The root page: it knows nothing that the public API doesn't tell everyone. */
const api = `${location.origin}/api/v1/clusters`;

const post = (path, body) => `curl -s ${api}${path} -H 'content-type: application/json' \\\n  -d '${JSON.stringify(body)}'`;

const commands = {
  create: post('', { name: 'lab' }),
  fill: [
    post('/lab/pods', { name: 'client', node: 'node-1' }),
    post('/lab/pods', { name: 'web-1', node: 'node-2', labels: { app: 'web' }, ports: [8080] }),
    post('/lab/services', { name: 'web', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
  ].join('\n'),
  trace: post('/lab/traces?format=text', { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 } }),
  apply: `curl -s ${api}/lab/manifests -H 'content-type: application/yaml' --data-binary @manifests.yaml`,
};

for (const place of document.querySelectorAll('[data-command]')) place.textContent = commands[place.dataset.command];

function link(href, text) {
  const anchor = document.createElement('a');
  anchor.href = href;
  anchor.textContent = text;
  return anchor;
}

function row({ name, counts, revision }) {
  const line = document.createElement('tr');
  const path = `/api/v1/clusters/${encodeURIComponent(name)}`;
  const cells = [[link(path, name)], [counts.nodes], [counts.pods], [counts.services], [revision], ['pods', 'services', 'traces', 'manifests'].map((noun) => link(`${path}/${noun}`, noun))];
  for (const content of cells) {
    const cell = document.createElement('td');
    cell.append(...content);
    line.append(cell);
  }
  return line;
}

async function showClusters() {
  const state = document.querySelector('#clusters-state');
  try {
    const response = await fetch('/api/v1/clusters').catch(() => { throw new Error('the server does not answer.'); });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.detail ?? `the answer is ${response.status}.`);
    state.textContent = answer.items.length === 0 ? 'There is none yet: create one below.' : '';
    state.hidden = answer.items.length > 0;
    const table = document.querySelector('#clusters');
    table.querySelector('tbody').replaceChildren(...answer.items.map(row));
    table.parentElement.hidden = answer.items.length === 0;
  } catch (error) {
    state.hidden = false;
    state.textContent = `The clusters cannot be shown: ${error.message}`;
  }
}

void showClusters();
