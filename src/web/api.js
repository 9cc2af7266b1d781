/** A refusal, with every problem that the problem document names. */
export class Refused extends Error {
  /** @param {{ detail?: string, title?: string, status?: number, errors?: { path: string, message: string, document?: number, line?: number }[] }} problem */
  constructor({ detail, title, status, errors = [] }) {
    super(detail ?? title ?? `the server answered ${status}`);
    this.status = status;
    this.errors = errors;
  }
}

/** @returns the answer's body @throws Refused; its status is undefined where nobody answered */
async function ask(path, { headers, ...options } = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { accept: 'application/json', ...headers } });
  } catch {
    throw new Refused({ detail: 'The server does not answer.' });
  }
  if (!response.ok) throw new Refused(await response.json().catch(() => ({ status: response.status })));
  if (response.status === 204) return null;
  return response.headers.get('content-type').startsWith('text/plain') ? response.text() : response.json();
}

const json = (method, body) => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const clusters = '/api/v1/clusters';

/** @param {string} cluster its name */
export const pathOf = (cluster) => `${clusters}/${encodeURIComponent(cluster)}`;

export const listClusters = () => ask(clusters);
export const createCluster = (settings) => ask(clusters, json('POST', settings));
export const deleteCluster = (cluster) => ask(pathOf(cluster), { method: 'DELETE' });

/** @param {string} resource e.g. `pods`; @param {string | null} from the `continue` of the page before */
export const list = (cluster, resource, from = null) => ask(`${pathOf(cluster)}/${resource}?limit=100${from === null ? '' : `&continue=${encodeURIComponent(from)}`}`);

export const trace = (cluster, request) => ask(`${pathOf(cluster)}/traces`, json('POST', request));
export const recordedTrace = (cluster, id) => ask(`${pathOf(cluster)}/traces/${encodeURIComponent(id)}`);

/** @param {string} text YAML or JSON, many documents; @param {boolean} dryRun only say what would become of it */
export const apply = (cluster, text, dryRun) =>
  ask(`${pathOf(cluster)}/manifests?dryRun=${dryRun}`, { method: 'POST', headers: { 'content-type': 'application/yaml' }, body: text });

/** @param {string} view e.g. `nodes/node-1/routes`; @param {string | null} [traceId] as it is after that trace */
export const insideText = (cluster, view, traceId) => ask(`${pathOf(cluster)}/${view}?format=text${traceId ? `&trace=${encodeURIComponent(traceId)}` : ''}`, { headers: { accept: 'text/plain' } });
