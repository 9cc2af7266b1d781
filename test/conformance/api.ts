/** A client of the public API. */
import type { TraceJson } from '../../src/render/json/trace-json.js';
import type { Reachability } from '../../src/services/reachability/reachability.js';

/** The answer of POST …/reachability. */
export type Matrix = Reachability;

export interface Api {
  /** @returns the parsed body. @throws ApiRefusal for any status but 2xx */
  send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /**
   * Creates a cluster, passes it to `use`, and deletes it.
   *
   * @param settings body of POST /clusters, without the name
   * @param objects applied in one request before `use` is called
   */
  inCluster<Result>(settings: object, objects: readonly object[], use: (cluster: ClusterApi) => Promise<Result>): Promise<Result>;
}

/** The API of one cluster; paths are relative to `/api/v1/clusters/{cluster}/`. */
export interface ClusterApi {
  send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  apply(objects: readonly object[]): Promise<void>;
  delete(objects: readonly object[]): Promise<void>;
  /** Runs a trace that is not recorded. */
  trace(request: object): Promise<TraceJson>;
}

/** A refusal of the server, with all of its problems. */
export class ApiRefusal extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, text: string) {
    super(`${method} ${path}: ${status} ${problemText(text)}`);
    this.status = status;
  }
}

/** A problem document in one line; any other text unchanged. */
function problemText(text: string): string {
  try {
    const { detail, errors = [] } = JSON.parse(text) as { detail?: string; errors?: readonly { readonly path: string; readonly message: string }[] };
    return [detail ?? '', ...errors.map(({ path, message }) => `${path}: ${message}`)].join('; ');
  } catch {
    return text.slice(0, 300);
  }
}

/** @param origin `http://127.0.0.1:4000` */
export function createApi(origin: string): Api {
  let clusters = 0;
  const send: Api['send'] = async (method, path, body) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method, headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiRefusal(method, path, response.status, text);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
  return {
    send,
    async inCluster(settings, objects, use) {
      clusters += 1;
      const name = `conformance-${clusters}`;
      await send('POST', '/clusters', { name, ...settings });
      try {
        const cluster = clusterApi(send, name);
        if (objects.length > 0) await cluster.apply(objects);
        return await use(cluster);
      } finally {
        await send('DELETE', `/clusters/${name}`);
      }
    },
  };
}

function clusterApi(send: Api['send'], name: string): ClusterApi {
  const inside: ClusterApi['send'] = (method, path, body) => send(method, `/clusters/${name}/${path}`, body);
  return {
    send: inside,
    apply: async (objects) => void (await inside('POST', 'manifests', objects)),
    delete: async (objects) => void (await inside('POST', 'manifests/delete', objects)),
    trace: async (request) => (await inside('POST', 'traces', { record: false, ...request })) as TraceJson,
  };
}
