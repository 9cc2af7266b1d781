/** A small cluster for tests of the live state: runs flows, and reads the entries that they leave. */
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import type { TraceJson } from '../../src/render/json/trace-json.js';
import { conntrackTableText } from '../../src/render/inside/conntrack.js';
import { neighboursText } from '../../src/render/inside/neighbours.js';
import { fdbTableText } from '../../src/render/inside/fdb.js';
import type { InsideTables } from '../../src/render/inside/tables.js';
import type { Services } from '../../src/services/use-cases/services.js';
import type { StateChange } from '../../src/services/use-cases/state.js';

const pod = (name: string, node: string, labels: object, ports: readonly object[]): object =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { nodeName: node, containers: [{ name: 'app', ports }] } });

const service = (name: string, selector: object, port: object, spec: object = {}): object =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector, ports: [port], ...spec } });

/** Two nodes; web and syslog (UDP) have a pod on each. `sticky` is web with session affinity of 100 s. */
const OBJECTS: readonly object[] = [
  pod('client', 'node-1', { app: 'client' }, []), pod('other', 'node-1', { app: 'other' }, []),
  pod('web-1', 'node-1', { app: 'web' }, [{ containerPort: 8080 }]), pod('web-2', 'node-2', { app: 'web' }, [{ containerPort: 8080 }]),
  pod('log-1', 'node-1', { app: 'log' }, [{ containerPort: 514, protocol: 'UDP' }]), pod('log-2', 'node-2', { app: 'log' }, [{ containerPort: 514, protocol: 'UDP' }]),
  service('web', { app: 'web' }, { port: 80, targetPort: 8080 }),
  service('log', { app: 'log' }, { port: 514, protocol: 'UDP' }),
  service('sticky', { app: 'web' }, { port: 80, targetPort: 8080 }, { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } } }),
];

export class LiveLab {
  readonly services: Services;
  readonly name: string;

  /** An existing cluster. */
  constructor(services: Services, name = 'lab') {
    this.services = services;
    this.name = name;
  }

  static async open(services: Services, name = 'lab'): Promise<LiveLab> {
    await services.clusters.create(LOCAL_VIEWER, { name, dns: { replicas: 0 } });
    await services.objects.apply(LOCAL_VIEWER, name, { json: OBJECTS });
    return new LiveLab(services, name);
  }

  /** Runs a flow with live tables from the pod `client` to the given destination. */
  async flow(to: object, more: object = {}): Promise<TraceJson> {
    const request = { from: { pod: 'default/client' }, to, sourcePort: 40000, neighbours: 'LIVE', conntrack: 'LIVE', ...more };
    return presentTrace(await this.services.traces.run(LOCAL_VIEWER, this.name, request));
  }

  advance(seconds: number): Promise<StateChange> {
    return this.services.state.advance(LOCAL_VIEWER, this.name, { seconds });
  }

  async reset(): Promise<void> {
    await this.services.state.reset(LOCAL_VIEWER, this.name);
  }

  async deletePod(name: string): Promise<void> {
    await this.services.objects.delete(LOCAL_VIEWER, this.name, 'pods', 'default', name);
  }

  async createPod(name: string): Promise<void> {
    const body = OBJECTS.find((object) => (object as { kind: string; metadata: { name: string } }).metadata.name === name);
    await this.services.objects.create(LOCAL_VIEWER, this.name, 'pods', body);
  }

  async apply(json: object): Promise<void> {
    await this.services.objects.apply(LOCAL_VIEWER, this.name, { json });
  }

  /** Lines of `conntrack -L` (`node:node-1` unless said otherwise). */
  connections(netns = 'node:node-1'): Promise<readonly string[]> {
    return this.#lines(netns, (tables) => conntrackTableText(tables));
  }

  /** Lines of `ip neigh`, without the blank at the end of each. */
  neighbours(netns: string): Promise<readonly string[]> {
    return this.#lines(netns, (tables) => neighboursText(tables).replaceAll(/ +$/gm, ''));
  }

  /** Lines of `bridge fdb` that were learned. */
  async fdb(netns: string): Promise<readonly string[]> {
    const { netns: place, tables } = await this.services.inside.look(LOCAL_VIEWER, this.name, netns, undefined);
    return fdbTableText(place, tables as InsideTables).trimEnd().split('\n').filter((line) => !line.endsWith('permanent'));
  }

  async #lines(netns: string, text: (tables: InsideTables) => string): Promise<readonly string[]> {
    const { tables } = await this.services.inside.look(LOCAL_VIEWER, this.name, netns, undefined);
    return text(tables as InsideTables).split('\n').filter((line) => line !== '');
  }
}

/** The outcome of the first path, in one line. */
export function told({ paths: [path] }: TraceJson): string {
  const { disposition, reason, clientSees, backend } = path!;
  return `${disposition}${reason ? ` ${reason.code}` : ''}: ${clientSees.outcome}${backend ? ` by ${backend.pod ?? backend.ip}` : ''}`;
}

/** The kinds of the forward steps of the last connection. */
export const kindsOf = ({ paths: [path] }: TraceJson): readonly string[] => path!.connections.at(-1)!.forward.steps.map(({ kind }) => kind);
