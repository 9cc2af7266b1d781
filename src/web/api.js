/** A refusal, with every problem that the problem document names. */
export class Refused extends Error {
  /** @param {{ detail?: string, title?: string, status?: number, errors?: { path: string, message: string, document?: number, line?: number }[] }} problem */
  constructor({ detail, title, status, errors = [] }) {
    super(detail ?? title ?? `the server answered ${status}`);
    this.status = status;
    this.errors = errors;
  }
}

/** @throws Refused; its status is undefined where nobody answered */
async function ask(path, { headers, ...options } = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { accept: 'application/json', ...headers } });
  } catch {
    throw new Refused({ detail: 'The server does not answer.' });
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => ({ status: response.status }));
  if (!response.ok) throw new Refused(answer);
  return answer;
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
