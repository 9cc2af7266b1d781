/**
 * Fake use-cases, sufficient for tests of the REST API: one map of objects, one cluster, traces that say
 * nothing. What the use-cases decide is tested with the real ones.
 */
import { reachabilityRefusal, readReachabilityRequest } from '../../src/services/reachability/reachability-request.js';
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import type { KubeObject } from '../../src/domain/cluster/objects.js';
import { AppError } from '../../src/services/app-error.js';
import { TYPED_KINDS, type PluralKind } from '../../src/services/objects/typed-kinds.js';
import type { ClusterSummary } from '../../src/services/use-cases/clusters.js';
import type { Services } from '../../src/services/use-cases/services.js';
import type { StateSummary } from '../../src/services/use-cases/state.js';
import type { TraceRecord } from '../../src/services/use-cases/traces.js';
import type { WriteOptions, WriteResult } from '../../src/services/use-cases/objects.js';
import type { TraceRequest } from '../../src/services/traces/trace-request.js';

export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

const SETTINGS: ClusterSummary['settings'] = {
  name: 'demo', podCIDR: '10.244.0.0/16', nodeCIDRMaskSize: 24, serviceCIDR: '10.96.0.0/12', nodePortRange: '30000-32767', clusterDomain: 'cluster.local',
  dns: { replicas: 2 }, cni: { type: 'bridge', mtu: 1500 },
  kubeProxy: { mode: 'iptables', masqueradeAll: false, nodePortAddresses: [], localhostNodePorts: true, detectLocalMode: 'ClusterCIDR', randomFully: false },
  masquerade: { nonMasqueradeCIDRs: ['10.244.0.0/16', '192.168.1.0/24'] }, ingress: { controller: 'nginx' }, gateway: { controller: 'packetwalk' }, networkPolicy: { denyWith: 'DROP' },
  underlay: {
    nodeCIDR: '192.168.1.0/24', gateway: { internalIP: '192.168.1.1', externalIP: '203.0.113.1/24', portForwards: [] }, isp: { ip: '203.0.113.254' },
    internetHosts: 'any', lanHosts: [], loadBalancer: { cidr: '192.0.2.0/24', ipMode: 'VIP' },
  },
  sysctls: { 'bridge-nf-call-iptables': 1, ip_forward: 1, rp_filter: 0, route_localnet: 1 }, hairpin: true,
};

const trace = (id: string | null, request: TraceRequest): TraceRecord => ({
  id, cluster: 'demo', createdAt: '2026-01-01T00:00:00.000Z', differences: null,
  trace: {
    request, revision: 17, verdict: 'REACHABLE', warnings: [], totalPaths: 1, truncated: false,
    paths: [{
      weight: '1', backend: null, disposition: 'ACCEPTED', reason: null, clientSees: { outcome: 'connected', from: '10.244.0.3:80', afterSeconds: 0 },
      seenByServer: { source: '10.244.0.2:40000', destination: '10.244.0.3:80' }, seenByClient: { peer: '10.244.0.3:80' }, http: null, connections: [], frames: null,
    }],
  },
});

const liveState: StateSummary = {
  cluster: 'demo',
  revision: 17,
  stateRevision: 3,
  clockSeconds: 30,
  entries: { neighbours: 1, fdb: 2, conntrack: 3, recent: 4, sockets: 5 },
  limit: 10_000,
};

export interface FakeServices extends Services {
  /** The calls and their arguments, in order, without the viewer. */
  readonly calls: Call[];
  /** Makes the next call with this name fail with `error`. */
  failNext(name: string, error: Error): void;
  /** Restores the initial state. */
  reset(): void;
}

export function fakeServices(present: (record: TraceRecord) => object): FakeServices {
  const calls: Call[] = [];
  const failures = new Map<string, Error>();
  const objects = new Map<string, KubeObject>();
  const traces = new Map<string, object>();
  let revision = 1;
  let exists = true;

  const note = (name: string, ...args: readonly unknown[]): void => {
    calls.push({ name, args });
    const failure = failures.get(name);
    failures.delete(name);
    if (failure) throw failure;
  };
  const summary = (): ClusterSummary => ({
    id: 'c1', owner: 'local', revision, createdAt: '2026-01-01T00:00:00.000Z', settings: SETTINGS,
    counts: { nodes: 2, namespaces: 4, pods: objects.size, services: 0, endpointslices: 0, deployments: 0, others: 0 },
  });
  const checkCluster = (cluster: string): void => {
    if (!exists || (cluster !== 'demo' && cluster !== 'c1')) throw new AppError('NOT_FOUND', `There is no cluster ${cluster}; did you mean demo?`);
  };
  const checkVersion = (current: string, options: WriteOptions | undefined): void => {
    const wanted = options?.ifMatch;
    if (wanted && !wanted.includes('*') && !wanted.includes(current)) throw new AppError('PRECONDITION_FAILED', `The version is ${current}, not ${wanted.join(', ')}.`);
  };
  const key = (kind: PluralKind, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;
  const load = (kind: PluralKind, namespace: string, name: string): KubeObject => {
    const found = objects.get(key(kind, namespace, name));
    if (!found) throw new AppError('NOT_FOUND', `There is no ${TYPED_KINDS[kind].kind} ${name}.`);
    return found;
  };
  const put = (kind: PluralKind, body: unknown, options: WriteOptions | undefined): WriteResult => {
    const { name, namespace, metadata, spec } = body as { name?: string; namespace?: string; metadata?: { name: string; namespace?: string }; spec?: unknown };
    const { group, version, kind: kindName, namespaced } = TYPED_KINDS[kind];
    const place = namespaced ? { namespace: metadata?.namespace ?? namespace ?? 'default' } : {};
    if (!options?.dryRun) revision += 1;
    const object: KubeObject = {
      apiVersion: group === '' ? version : `${group}/${version}`, kind: kindName,
      metadata: { name: metadata?.name ?? name ?? '', ...place, resourceVersion: String(revision) }, spec: spec ?? {},
    };
    if (!options?.dryRun) objects.set(key(kind, object.metadata.namespace ?? '', object.metadata.name), object);
    return { revision, object, warnings: object.metadata.name === 'warned' ? ['two containers want port 80: "b" gets no socket'] : [] };
  };
  const never = async function* (): AsyncGenerator<never> {};

  return {
    calls,
    failNext: (name, error) => void failures.set(name, error),
    reset: () => {
      calls.length = 0;
      for (const map of [failures, objects, traces]) map.clear();
      revision = 1;
      exists = true;
    },
    clusters: {
      create: async (_viewer, input) => (note('clusters.create', input), summary()),
      list: async () => (note('clusters.list'), [summary()]),
      get: async (_viewer, cluster) => (note('clusters.get', cluster), checkCluster(cluster), summary()),
      patch: async (_viewer, cluster, patch, options) => {
        note('clusters.patch', cluster, patch, options);
        checkCluster(cluster);
        checkVersion(String(revision), options);
        revision += 1;
        return summary();
      },
      delete: async (_viewer, cluster, options) => {
        note('clusters.delete', cluster, options);
        checkCluster(cluster);
        checkVersion(String(revision), options);
        exists = false;
      },
    },
    objects: {
      list: async (_viewer, cluster, kind, options) => {
        note('objects.list', kind, options);
        checkCluster(cluster);
        return {
          items: [...objects.entries()].filter(([each]) => each.startsWith(`${kind}/`)).map(([, object]) => object),
          continue: options.limit === 1 ? 'next' : null,
        };
      },
      get: async (_viewer, cluster, kind, namespace, name) => (note('objects.get', kind, namespace, name), checkCluster(cluster), load(kind, namespace, name)),
      getMany: async () => [],
      related: async () => [] as never,
      count: async () => 0,
      create: async (_viewer, cluster, kind, body, options) => {
        note('objects.create', kind, body, options);
        checkCluster(cluster);
        const { name, namespace, metadata } = body as { name?: string; namespace?: string; metadata?: { name: string; namespace?: string } };
        const place = TYPED_KINDS[kind].namespaced ? (metadata?.namespace ?? namespace ?? 'default') : '';
        if (objects.has(key(kind, place, metadata?.name ?? name ?? ''))) throw new AppError('ALREADY_EXISTS', `${kind} "${metadata?.name ?? name}" already exists`);
        return put(kind, body, options);
      },
      replace: async (_viewer, cluster, kind, namespace, name, body, options) => {
        note('objects.replace', kind, namespace, name, body, options);
        checkCluster(cluster);
        checkVersion(load(kind, namespace, name).metadata.resourceVersion ?? '', options);
        return put(kind, body, options);
      },
      patch: async (_viewer, cluster, kind, namespace, name, patch, options) => {
        note('objects.patch', kind, namespace, name, patch, options);
        checkCluster(cluster);
        const current = load(kind, namespace, name);
        checkVersion(current.metadata.resourceVersion ?? '', options);
        return put(kind, { ...current, ...(patch as object) }, options);
      },
      drain: async (_viewer, cluster, name, request, options) => {
        note('objects.drain', name, request, options);
        checkCluster(cluster);
        return { revision, node: load('nodes', '', name), evicted: ['default/web'], staying: [], warnings: [] };
      },
      delete: async (_viewer, cluster, kind, namespace, name, options) => {
        note('objects.delete', kind, namespace, name, options);
        checkCluster(cluster);
        const object = load(kind, namespace, name);
        checkVersion(object.metadata.resourceVersion ?? '', options);
        objects.delete(key(kind, namespace, name));
        revision += 1;
        return { revision, object, warnings: [] };
      },
      apply: async (_viewer, cluster, input, options) => {
        note('objects.apply', input, options);
        checkCluster(cluster);
        return { revision, objects: [{ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a', action: 'created' }], warnings: ['spec.foo: unknown field'] };
      },
      deleteManifests: async (_viewer, cluster, input, options) => {
        note('objects.deleteManifests', input, options);
        checkCluster(cluster);
        return { revision, objects: [{ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a', action: 'deleted' }], warnings: [] };
      },
      export: async (_viewer, cluster) => (note('objects.export'), checkCluster(cluster), 'apiVersion: packetwalk.dev/v1\nkind: Cluster\n'),
    },
    traces: {
      run: async (_viewer, cluster, asked) => {
        const request = parseTraceRequest(asked);
        note('traces.run', request);
        checkCluster(cluster);
        const record = trace(request.record ? `t${traces.size + 1}` : null, request);
        if (record.id !== null) traces.set(record.id, present(record));
        return record;
      },
      list: async (_viewer, cluster, options) => {
        note('traces.list', options);
        checkCluster(cluster);
        return {
          items: [...traces.values()].map((each, sequence) => {
            const { id, createdAt, revision: at, request, verdict } = each as never;
            return { id, sequence, createdAt, revision: at, request, verdict };
          }),
          continue: null,
        };
      },
      get: async (_viewer, cluster, id) => {
        note('traces.get', id);
        checkCluster(cluster);
        const found = traces.get(id);
        if (!found) throw new AppError('NOT_FOUND', `There is no trace ${id}.`);
        return found;
      },
      getMany: async () => [],
      framesMany: async () => [],
      count: async () => traces.size,
      find: async (_viewer, id) => traces.get(id) ?? null,
      frames: async (_viewer, cluster, id, path, flooded) => {
        note('traces.frames', id, path, flooded);
        checkCluster(cluster);
        return [
          {
            seq: 0,
            packet: 1,
            netns: 'pod:default/client',
            interface: 'eth0',
            direction: 'tx',
            eth: { src: '0a:58:0a:f4:00:02', dst: 'ff:ff:ff:ff:ff:ff', type: 'ARP' },
            arp: { op: 'request', sha: '0a:58:0a:f4:00:02', spa: '10.244.0.2', tha: '00:00:00:00:00:00', tpa: '10.244.0.1' },
          },
        ];
      },
    },
    reachability: {
      ask: async (_viewer, cluster, input) => {
        const { request, problems, shape } = readReachabilityRequest(input);
        if (!request) throw reachabilityRefusal(problems, shape);
        note('reachability.ask', request);
        checkCluster(cluster);
        return { revision, pods: ['default/a'], workloads: [], external: [], results: request.ports.map((port) => ({ ...port, rows: ['#'] })), warnings: [] };
      },
    },
    dns: {
      lookUp: async (_viewer, cluster, request) => {
        note('dns.lookUp', request);
        checkCluster(cluster);
        return { rcode: 'NXDOMAIN', answers: [], additional: [], authority: [], queries: [], resolver: null, warnings: [] };
      },
    },
    inside: {
      look: async (_viewer, cluster, id, after) => {
        note('inside.look', id, after);
        checkCluster(cluster);
        throw new AppError('NOT_FOUND', `There is no ${id}.`);
      },
      tablesAfter: async (_viewer, cluster, id, after) => {
        note('inside.tablesAfter', id, after);
        checkCluster(cluster);
        return { neighbours: [], fdb: [], conntrack: [] };
      },
    },
    lab: {
      writeOut: async (_viewer, cluster) => {
        note('lab.writeOut');
        checkCluster(cluster);
        return { name: cluster, revision: 17, machines: [] };
      },
    },
    state: {
      get: async (_viewer, cluster) => (note('state.get'), checkCluster(cluster), liveState),
      reset: async (_viewer, cluster) => (note('state.reset'), checkCluster(cluster), liveState),
      announce: async (_viewer, cluster, input) => (note('state.announce', input), checkCluster(cluster), { ...liveState, frames: [], truncated: false }),
      advance: async (_viewer, cluster, input) => (note('state.advance', input), checkCluster(cluster), { ...liveState, frames: [], truncated: false }),
    },
    events: { clusterChanged: never, traceRecorded: never },
    ready: async () => (note('ready'), true),
    close: async () => {},
  };
}
