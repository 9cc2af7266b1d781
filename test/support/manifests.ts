/** Short ways to write objects for the control plane's tests. */
type Labels = Readonly<Record<string, string>>;

export const podObject = (
  name: string,
  {
    labels,
    spec,
    status,
    ports,
    metadata,
  }: { readonly labels?: Labels; readonly spec?: object; readonly status?: object; readonly ports?: readonly object[]; readonly metadata?: object } = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...(labels && { labels }), ...metadata },
  spec: { containers: [{ name: 'main', image: 'main', ...(ports && { ports }) }], ...spec },
  ...(status && { status }),
});

export const serviceObject = (name: string, spec: object = {}, status?: object): object => ({
  apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], ...spec }, ...(status && { status }),
});

export const nodeManifest = (
  name: string,
  { spec, status, metadata }: { readonly spec?: object; readonly status?: object; readonly metadata?: object } = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, ...metadata },
  ...(spec && { spec }),
  ...(status && { status }),
});

export const deploymentObject = (
  name: string,
  replicas: number,
  {
    image = 'main',
    spec,
    ports,
    podSpec,
  }: { readonly image?: string; readonly spec?: object; readonly ports?: readonly object[]; readonly podSpec?: object } = {},
): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image, ...(ports && { ports }) }], ...podSpec } },
    ...spec,
  },
});

export const readyIs = (status: 'True' | 'False' | 'Unknown'): object => ({ conditions: [{ type: 'Ready', status }] });
