/**
 * Fake use-cases, sufficient for tests of the GraphQL API: objects in a list, one recorded trace per request, and a
 * count of the calls. What the use-cases decide is tested with the real ones.
 */
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import type { ClusterSettings } from '../../src/domain/cluster/settings.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../../src/domain/cluster/objects.js';
import type { Trace } from '../../src/domain/trace/trace.js';
import { presentFrame } from '../../src/render/json/present-frame.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { AppError } from '../../src/services/app-error.js';
import { Topic } from '../../src/services/topic.js';
import { formatTraceToken, sequenceOfToken } from '../../src/services/traces/trace-token.js';
import { formatContinueToken, listScope, placeOfToken } from '../../src/services/objects/continue-token.js';
import { TYPED_KINDS, type PluralKind } from '../../src/services/objects/typed-kinds.js';
import type { ClusterEvent } from '../../src/services/use-cases/events.js';
import type { ClusterSummary } from '../../src/services/use-cases/clusters.js';
import type { ListOptions, Relation } from '../../src/services/use-cases/objects.js';
import type { Services } from '../../src/services/use-cases/services.js';
import type { TraceListItem, TraceRecord } from '../../src/services/use-cases/traces.js';
import type { Viewer } from '../../src/services/use-cases/viewer.js';
import type { TraceRequest } from '../../src/services/traces/trace-request.js';
import { everyStepTrace } from './every-step-trace.js';

const settings = (name: string): ClusterSettings => ({
  name, podCIDR: '10.244.0.0/16', nodeCIDRMaskSize: 24, serviceCIDR: '10.96.0.0/12', nodePortRange: '30000-32767', clusterDomain: 'cluster.local',
  dns: { replicas: 2 }, cni: { type: 'bridge', mtu: 1500 },
  kubeProxy: { mode: 'iptables', masqueradeAll: false, nodePortAddresses: [], localhostNodePorts: true, detectLocalMode: 'ClusterCIDR', randomFully: false },
  masquerade: { nonMasqueradeCIDRs: ['10.244.0.0/16', '192.168.1.0/24'] }, ingress: { controller: 'nginx' }, gateway: { controller: 'packetwalk' }, networkPolicy: { denyWith: 'DROP' },
  underlay: {
    nodeCIDR: '192.168.1.0/24', gateway: { internalIP: '192.168.1.1', externalIP: '203.0.113.1/24', portForwards: [{ protocol: 'TCP', port: 8080, to: '192.168.1.11:30080' }] },
    isp: { ip: '203.0.113.254' }, internetHosts: 'any', lanHosts: [{ name: 'printer', ip: '192.168.1.200', listen: ['631/tcp'], routes: [{ to: '10.96.0.0/12', via: '192.168.1.11' }] }],
    loadBalancer: { cidr: '192.0.2.0/24', ipMode: 'VIP' },
  },
  sysctls: { 'bridge-nf-call-iptables': 1, ip_forward: 1, rp_filter: 0, route_localnet: 1 }, hairpin: true,
});

interface World {
  readonly id: string;
  readonly owner: string;
  readonly objects: Map<string, KubeObject>;
  readonly traces: { readonly record: TraceRecord; readonly body: object }[];
  settings: ClusterSettings;
  revision: number;
}

export interface FakeGraphqlServices {
  readonly services: Services;
  /** The names of the called use-cases since the last `calls.length = 0`, in order. */
  readonly calls: string[];
  /** The arguments of the last write. */
  readonly lastInput: () => unknown;
  /** The trace that every trace request returns. */
  setTrace(trace: Trace<TraceRequest>): void;
  failNext(error: Error): void;
  /** Resolves at the next subscription. */
  subscribed(): Promise<void>;
  add(cluster: string, ...objects: readonly KubeObject[]): void;
}

const CREATED_AT = '2026-01-01T00:00:00Z';
const countOf = (world: World, kind: string): number => [...world.objects.values()].filter((object) => object.kind === kind).length;

/** Clusters `demo` of the viewer `local`, and `secret` of somebody else. */
export function fakeGraphqlServices(): FakeGraphqlServices {
  const worlds: World[] = ['demo', 'secret'].map((name, index) => (
    { id: `c${index + 1}`, owner: index === 0 ? 'local' : 'else', objects: new Map(), traces: [], settings: settings(name), revision: 1 }));
  const calls: string[] = [];
  const changes = new Topic<ClusterEvent>();
  const recordings = new Topic<{ readonly id: string; readonly cluster: string; readonly trace: object }>();
  let input: unknown;
  let nextFailure: Error | undefined;
  let onSubscribed = (): void => undefined;
  const subscribe = <Event>(topic: Topic<Event>, key: string): AsyncIterableIterator<Event> => {
    const events = topic.subscribe(key);
    onSubscribed();
    return events;
  };
  let template: Trace<TraceRequest> = everyStepTrace();

  const note = (call: string): void => {
    calls.push(call);
    const failure = nextFailure;
    nextFailure = undefined;
    if (failure) throw failure;
  };
  const open = (viewer: Viewer, cluster: string): World => {
    const world = worlds.find((each) => each.owner === viewer.id && (each.id === cluster || each.settings.name === cluster));
    if (!world) throw new AppError('NOT_FOUND', `There is no cluster ${cluster}; did you mean demo?`);
    return world;
  };
  const summary = (world: World): ClusterSummary => ({
    id: world.id, owner: world.owner, revision: world.revision, createdAt: CREATED_AT, settings: world.settings,
    counts: {
      nodes: countOf(world, 'Node'), namespaces: countOf(world, 'Namespace'), pods: countOf(world, 'Pod'), services: countOf(world, 'Service'),
      endpointslices: countOf(world, 'EndpointSlice'), deployments: countOf(world, 'Deployment'), others: 0,
    },
  });
  const changed = (world: World, ...refs: readonly ObjectRef[]): void => {
    world.revision += 1;
    changes.publish(world.id, { cluster: world.id, revision: world.revision, changed: refs, truncated: false });
  };
  const refFor = (kind: PluralKind, namespace: string, name: string): ObjectRef => ({ group: TYPED_KINDS[kind].group, kind: TYPED_KINDS[kind].kind, namespace, name });
  const load = (world: World, kind: PluralKind, namespace: string, name: string): KubeObject => {
    const found = world.objects.get(refKey(refFor(kind, namespace, name)));
    if (!found) throw new AppError('NOT_FOUND', `There is no ${TYPED_KINDS[kind].kind} ${name}.`);
    return found;
  };
  const checkVersion = (current: string, ifMatch: readonly string[] | undefined): void => {
    if (ifMatch && !ifMatch.includes(current)) throw new AppError('PRECONDITION_FAILED', `The version is ${current}, not ${ifMatch.join(', ')}.`);
  };
  const matches = (object: KubeObject, selector: Readonly<Record<string, string>>): boolean =>
    Object.entries(selector).every(([key, value]) => object.metadata.labels?.[key] === value);
  const listed = (world: World, kind: PluralKind, { namespace, labelSelector }: ListOptions): KubeObject[] => {
    const selector = labelSelector === undefined ? {} : Object.fromEntries([labelSelector.split('=')]) as Record<string, string>;
    return [...world.objects.values()].filter(
      (object) => object.kind === TYPED_KINDS[kind].kind && matches(object, selector) && (namespace === undefined || object.metadata.namespace === namespace),
    );
  };
  const related = (world: World, relation: Relation): ObjectRef[] => {
    const all = [...world.objects.values()];
    const spec = (object: KubeObject | undefined): Record<string, never> => (object?.['spec'] ?? {}) as Record<string, never>;
    const pick = (kind: string, test: (object: KubeObject) => boolean): ObjectRef[] => all.filter((object) => object.kind === kind && test(object)).map(refOf);
    const self = all.find((object) => object.kind === relation.of && object.metadata.name === relation.name);
    if (relation.of === 'Node') return pick('Pod', (pod) => spec(pod)['nodeName'] === relation.name);
    if (relation.of === 'Pod') return pick('Service', (service) => self !== undefined && matches(self, spec(service)['selector'] ?? { none: 'such' }));
    if (relation.of === 'Deployment') return pick('Pod', (pod) => matches(pod, { deployment: relation.name }));
    return relation.to === 'Pod' ? pick('Pod', (pod) => matches(pod, spec(self)['selector'] ?? { none: 'such' }))
      : pick('EndpointSlice', (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === relation.name);
  };

  const services: Services = {
    clusters: {
      async create(viewer, body) {
        note('clusters.create');
        input = body;
        const { name } = body as { readonly name: string };
        if (!/^[a-z0-9-]+$/.test(name)) throw new AppError('UNPROCESSABLE', 'The cluster has 1 problem', [{ path: 'name', message: 'must be a DNS label' }]);
        const world: World = { id: `c${worlds.length + 1}`, owner: viewer.id, objects: new Map(), traces: [], settings: settings(name), revision: 1 };
        worlds.push(world);
        return summary(world);
      },
      list: async (viewer) => (note('clusters.list'), worlds.filter(({ owner }) => owner === viewer.id).map(summary)),
      get: async (viewer, cluster) => (note('clusters.get'), summary(open(viewer, cluster))),
      async patch(viewer, cluster, patch, options) {
        note('clusters.patch');
        input = patch;
        const world = open(viewer, cluster);
        checkVersion(String(world.revision), options?.ifMatch);
        world.settings = { ...world.settings, ...(patch as object) };
        changed(world);
        return summary(world);
      },
      async delete(viewer, cluster) {
        note('clusters.delete');
        worlds.splice(worlds.indexOf(open(viewer, cluster)), 1);
      },
    },
    objects: {
      drain: async (viewer, cluster, name) => (note('objects.drain'), { revision: 2, node: load(open(viewer, cluster), 'nodes', '', name), evicted: ['default/web'], staying: [], warnings: [] }),
      async list(viewer, cluster, kind, options) {
        note('objects.list');
        const scope = listScope(open(viewer, cluster).id, kind, options);
        const place = options.continue === undefined ? undefined : (placeOfToken(options.continue, scope) ?? undefined);
        const rest = listed(open(viewer, cluster), kind, options)
          .sort((one, other) => (refKey(refOf(one)) < refKey(refOf(other)) ? -1 : 1))
          .filter((object) => place === undefined || refKey(refOf(object)) > refKey({ ...refOf(object), ...place }));
        const items = rest.slice(0, options.limit ?? 500);
        return { items, continue: items.length < rest.length ? formatContinueToken(scope, refOf(items.at(-1)!)) : null };
      },
      count: async (viewer, cluster, kind, options) => (note('objects.count'), listed(open(viewer, cluster), kind, options).length),
      get: async (viewer, cluster, kind, namespace, name) => (note('objects.get'), load(open(viewer, cluster), kind, namespace, name)),
      getMany: async (viewer, cluster, refs) => (note('objects.getMany'), refs.map((ref) => open(viewer, cluster).objects.get(refKey(ref)) ?? null)),
      related: async (viewer, cluster, relations) => (note('objects.related'), relations.map((relation) => related(open(viewer, cluster), relation))),
      async create(viewer, cluster, kind, body) {
        note('objects.create');
        input = body;
        const world = open(viewer, cluster);
        const given = body as { readonly name?: string; readonly namespace?: string; readonly metadata?: KubeObject['metadata'] };
        const { group, version, kind: name, namespaced } = TYPED_KINDS[kind];
        const object: KubeObject = {
          apiVersion: group === '' ? version : `${group}/${version}`, kind: name, ...(given.metadata ? (given as object) : {}),
          metadata: {
            ...(namespaced ? { namespace: given.namespace ?? 'default' } : {}), name: given.name ?? '', ...given.metadata,
            resourceVersion: String(world.revision + 1),
          },
        };
        if (world.objects.has(refKey(refOf(object)))) throw new AppError('ALREADY_EXISTS', `${kind} "${object.metadata.name}" already exists`);
        world.objects.set(refKey(refOf(object)), object);
        changed(world, refOf(object));
        return { revision: world.revision, object, warnings: object.metadata.name === 'warned' ? ['two containers want port 80'] : [] };
      },
      replace: () => Promise.reject(new Error('not asked for over GraphQL')),
      async patch(viewer, cluster, kind, namespace, name, patch, options) {
        note('objects.patch');
        const world = open(viewer, cluster);
        const before = load(world, kind, namespace, name);
        checkVersion(before.metadata.resourceVersion ?? '', options?.ifMatch);
        const object = { ...before, ...(patch as object), metadata: { ...before.metadata, ...(patch as Partial<KubeObject>).metadata } } as KubeObject;
        world.objects.set(refKey(refOf(object)), object);
        changed(world, refOf(object));
        return { revision: world.revision, object, warnings: [] };
      },
      async delete(viewer, cluster, kind, namespace, name) {
        note('objects.delete');
        const world = open(viewer, cluster);
        const object = load(world, kind, namespace, name);
        world.objects.delete(refKey(refOf(object)));
        changed(world, refOf(object));
        return { revision: world.revision, object, warnings: [] };
      },
      async apply(viewer, cluster, manifests, options) {
        note('objects.apply');
        input = { manifests, options };
        const { revision } = open(viewer, cluster);
        return { revision, objects: [{ apiVersion: 'v1', kind: 'Node', namespace: null, name: 'node-9', action: 'created' }], warnings: ['unknown field "spec.colour"'] };
      },
      async deleteManifests(viewer, cluster, manifests, options) {
        note('objects.deleteManifests');
        input = { manifests, options };
        return { revision: open(viewer, cluster).revision, objects: [], warnings: [] };
      },
      export: async (viewer, cluster) => (note('objects.export'), `apiVersion: packetwalk.dev/v1\nkind: Cluster\nmetadata: {name: ${open(viewer, cluster).settings.name}}\n`),
    },
    traces: {
      async run(viewer, cluster, asked) {
        note('traces.run');
        const request = parseTraceRequest(asked);
        const world = open(viewer, cluster);
        const id = request.record ? `t${world.traces.length + 1}` : null;
        const record: TraceRecord = { id, cluster: world.settings.name, createdAt: CREATED_AT, trace: { ...template, request }, differences: request.expect ? [] : null };
        if (id !== null) {
          const body = presentTrace({ ...record, trace: { ...record.trace, request: { ...request, include: [] } } });
          world.traces.push({ record, body });
          recordings.publish(world.id, { id, cluster: world.id, trace: body });
        }
        return record;
      },
      async list(viewer, cluster, { limit = 100, continue: before }) {
        note('traces.list');
        const all = [...open(viewer, cluster).traces].reverse();
        const place = before === undefined ? null : sequenceOfToken(before, open(viewer, cluster).id);
        const numbered = all.map(({ record }, index) => ({ record, sequence: all.length - index }));
        const rest = place === null ? numbered : numbered.filter(({ sequence }) => sequence < place);
        const items = rest
          .slice(0, limit)
          .map(({ record: { id, createdAt, trace }, sequence }): TraceListItem => ({
            id: id ?? '',
            sequence,
            createdAt,
            revision: trace.revision,
            request: trace.request,
            verdict: trace.verdict,
          }));
        return { items, continue: items.length < rest.length ? formatTraceToken(open(viewer, cluster).id, items.at(-1)!) : null };
      },
      count: async (viewer, cluster) => (note('traces.count'), open(viewer, cluster).traces.length),
      get: () => Promise.reject(new Error('not asked for over GraphQL')),
      getMany: async (viewer, cluster, ids) => (note('traces.getMany'), ids.map((id) => open(viewer, cluster).traces.find(({ record }) => record.id === id)?.body ?? null)),
      async find(viewer, id) {
        note('traces.find');
        return worlds.filter(({ owner }) => owner === viewer.id).flatMap(({ traces }) => traces).find(({ record }) => record.id === id)?.body ?? null;
      },
      frames: () => Promise.reject(new Error('not asked for over GraphQL')),
      async framesMany(viewer, cluster, asked) {
        note('traces.framesMany');
        return asked.map(({ id, path, flooded }) => {
          const found = open(viewer, cluster).traces.find(({ record }) => record.id === id)?.record.trace.paths[path];
          if (!found) return new AppError('UNPROCESSABLE', 'The trace has no such path.', [{ path: 'path', message: `must be from 0 to 0, not ${path}` }]);
          return (found.frames ?? []).filter((frame) => flooded || !frame.flooded).map(presentFrame);
        });
      },
    },
    dns: { lookUp: () => Promise.reject(new Error('not asked for here')) },
    state: {
      get: () => Promise.reject(new Error('not asked for')),
      reset: () => Promise.reject(new Error('not asked for')),
      advance: () => Promise.reject(new Error('not asked for')),
      announce: () => Promise.reject(new Error('not asked for')),
    },
    reachability: { ask: () => Promise.reject(new Error('not asked for here')) },
    inside: { look: () => Promise.reject(new Error('not asked for over GraphQL')), tablesAfter: () => Promise.reject(new Error('not asked for over GraphQL')) },
    lab: { writeOut: () => Promise.reject(new Error('not asked for over GraphQL')) },
    events: {
      clusterChanged: (viewer, cluster) => subscribe(changes, open(viewer, cluster).id),
      traceRecorded: (viewer, cluster) => subscribe(recordings, open(viewer, cluster).id),
    },
    ready: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
  return {
    services, calls,
    lastInput: () => input,
    setTrace: (trace) => void (template = trace),
    failNext: (error) => void (nextFailure = error),
    subscribed: () => new Promise((resolve) => { onSubscribed = resolve; }),
    add: (cluster, ...objects) => {
      const world = worlds.find((each) => each.settings.name === cluster);
      for (const object of objects) world?.objects.set(refKey(refOf(object)), object);
    },
  };
}
