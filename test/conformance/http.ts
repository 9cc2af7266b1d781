/** Shared by the HTTP cases: backends, and a request with its outcome. */
import type { ClusterApi } from './api.js';

/** A Service with this name, and a pod that it selects. */
export function backend(namespace: string, name: string, port: number, portName?: string): readonly object[] {
  return [
    {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'app', ports: [{ containerPort: port }] }] },
    },
    {
      apiVersion: 'v1', kind: 'Service', metadata: { name, namespace },
      spec: { selector: { app: name }, ports: [{ ...(portName !== undefined && { name: portName }), port, targetPort: port }] },
    },
  ];
}

export interface HttpRequestCase {
  readonly method: string;
  readonly scheme?: string;
  /** `null` stands for the address itself. */
  readonly host: string | null;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly statusCode: number | null;
  readonly backendService: string | null;
}

/**
 * Sends a request to an address from the internet, with the case's host as its Host header.
 *
 * @returns the Service to which the proxy sent it, without its namespace; `null` if the proxy answered itself
 */
export async function ask(cluster: ClusterApi, address: string, { method, scheme = 'http', host, path, headers = {} }: HttpRequestCase): Promise<HttpAnswer> {
  const { paths } = await cluster.trace({
    from: { internet: '198.51.100.10' }, to: { url: `${scheme}://${address}${path}`, method, headers: { ...headers, ...(host !== null && { Host: host }) } },
  });
  const http = paths[0]?.http;
  const isSent = paths[0]?.connections.some(({ role }) => role === 'PROXY') ?? false;
  return { statusCode: http?.status ?? null, backendService: (isSent && http?.backendService?.split('/')[1]) || null };
}
