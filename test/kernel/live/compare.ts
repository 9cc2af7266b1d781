/** Compares a flow in the lab with the model's. */
import type { ConnectionJson, PathJson, TraceJson } from '../../../src/render/json/trace-json.js';
import { observeKernel } from './kernel-side.js';
import { macText } from '../../../src/render/linux/address-text.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { hostMac } from '../../../src/domain/values/mac.js';
import type { Announcement, Lab, LabAnswer, LabFlow } from './lab.js';
import { observeModel, questionOf } from './model-side.js';
import { PARTS, surely, type Observation } from './observation.js';
import type { Product } from './product.js';
import type { Answers } from './answers.js';
import { keyOfConnection, keyOfNeighbour } from './known.js';
import type { ClusterChange, ClusterRecipe } from './recipe.js';

/** A cluster and its flows. */
export interface LabCase {
  readonly name: string;
  readonly cluster: ClusterRecipe;
  readonly flows: readonly TitledFlow[];
}

export interface TitledFlow extends LabFlow {
  readonly title: string;
  /** The destination of the trace if it is a name or a URL. The lab then sends the connections of the trace. */
  readonly ask?: object;
  /** Nodes whose links are down for this flow, but were up for the one before. */
  readonly newlyCut?: readonly string[];
  /** A change of the cluster before the flow. */
  readonly change?: ClusterChange;
}

export interface Comparison {
  readonly flow: TitledFlow;
  readonly kernel: Observation;
  readonly model: Observation;
  /** The endpoint that the kernel chose. */
  readonly backend: string | null;
  readonly verdict: string;
  /** The parts that differ. */
  readonly differs: readonly (keyof Observation)[];
}

/** The distance from a flow's source port to one that no flow has, for repeating a flow: a server may remember the first port. */
const FROM_ELSEWHERE = 10_000;

/** Ports in the cluster's settings and manifests, and those of flows whose tables are kept. All other ports were chosen by the kernel. */
const portsOf = ({ cluster: { settings, manifests }, flows }: Asked): ReadonlySet<number> =>
  new Set(
    JSON.stringify([
      settings,
      manifests,
      flows.filter(({ state }) => state).flatMap(({ sourcePort = 0, port = 0 }) => [sourcePort, sourcePort + FROM_ELSEWHERE, port]),
    ])
      .replaceAll(ADDRESS, '')
      .match(/\d+/g)
      ?.map(Number),
  );

/** An address or a network, whose numbers are not ports. */
const ADDRESS = /\d+\.\d+\.\d+\.\d+(?:\/\d+)?/g;

/** A cluster and all of its flows. */
type Asked = Pick<LabCase, 'cluster' | 'flows'>;

/** The endpoint that the kernel chose among the model's candidates: the one to which its packets, or its rules, led. */
export function backendTaken(trace: TraceJson, answer: LabAnswer): string | null {
  const ends = new Set([
    ...answer.frames.map(({ ip, l4 }) => (l4 ? `${ip!.dst}:${l4.dport}` : ip?.dst)),
    ...answer.rules.flatMap(([, , rule]) => / --to-destination (\S+)/.exec(rule)?.[1] ?? []),
  ]);
  return trace.paths.map(backendOf).find((backend) => backend !== null && ends.has(backend)) ?? null;
}

const backendOf = ({ backend }: PathJson): string | null => backend && `${backend.ip}:${backend.port}`;

/** The model's observation on the path with the endpoint that the kernel chose. */
export async function observe(product: Answers, name: string, asked: Asked, flow: TitledFlow, trace: TraceJson, backend: string | null): Promise<Observation> {
  const path = Math.max(0, trace.paths.findIndex((each) => backend !== null && backendOf(each) === backend));
  const earlier = flow.state === 'KEPT' ? connectionsBefore.get(asked.cluster)!.map((connection) => withoutCut(connection, flow.newlyCut ?? [])) : [];
  const left = earlier.length > 0 ? withoutGone(earlier, await product.known(name)) : earlier;
  const before = flow.announcement ? left.map((connection) => withMoved(connection, flow.announcement!, asked.cluster)) : left;
  connectionsBefore.set(asked.cluster, [...before, ...trace.paths[path]!.connections]);
  return observeModel(trace.paths[path]!, await product.frames(name, trace, path), flow, portsOf(asked), before);
}

/** The connections of the flows since the last FRESH one, by cluster. */
const connectionsBefore = new WeakMap<ClusterRecipe, readonly ConnectionJson[]>();

/** Removes the neighbours on the links of nodes that are down. @source Linux `neigh_carrier_down` */
const withoutCut = (connection: ConnectionJson, nodes: readonly string[]): ConnectionJson =>
  ({ ...connection, neighboursLearned: connection.neighboursLearned.filter(({ netns, device }) => device !== 'eth0' || !nodes.includes(netns.slice('node:'.length))) });

/** Moves the address to the announcing node in the neighbour entries of machines on the node network. @source Linux `arp_process` (`is_garp`) */
function withMoved(connection: ConnectionJson, { node, ip }: Announcement, { settings }: ClusterRecipe): ConnectionJson {
  const { internalIP } = (settings['nodes'] as readonly { readonly name: string; readonly internalIP: string }[]).find(({ name }) => name === node)!;
  const mac = macText(hostMac(ipv4(internalIP)));
  const isMoved = ({ netns, device, address, mac: known }: ConnectionJson['neighboursLearned'][number]): boolean =>
    address === ip && device === 'eth0' && /^(?:node:|lan:|gateway$|cloud-lb$)/.test(netns) && netns !== `node:${node}` && known !== mac;
  return { ...connection, neighboursLearned: connection.neighboursLearned.map((entry) => (isMoved(entry) ? { ...entry, mac, state: 'stale' } : entry)) };
}

/**
 * A pod that is gone, a bridge without a port, kube-proxy, and a reset of what was never answered take entries with them.
 * Nothing becomes of the machines around the nodes.
 */
function withoutGone(connections: readonly ConnectionJson[], known: ReadonlySet<string>): ConnectionJson[] {
  const isLeft = (netns: string, key: string): boolean => !/^(?:node|pod):/.test(netns) || known.has(key);
  return connections.map((connection) => ({
    ...connection,
    neighboursLearned: connection.neighboursLearned.filter(({ netns, device, address }) => isLeft(netns, keyOfNeighbour(netns, { dev: device, dst: address }))),
    conntrack: connection.conntrack.filter((entry) => isLeft(entry.netns, keyOfConnection(entry.netns, entry))),
  }));
}

/** The endpoint to which a node's rules translated the packets; `null` if a connection decided, or no rule. */
const ruledBackend = ({ rules }: Pick<Observation, 'rules'>): string | null =>
  rules.map((line) => /^node:\S+ nat -A KUBE-SEP-\S+ .* --to-destination (\S+)/.exec(line)?.[1]).find((backend) => backend !== undefined) ?? null;

const cutFor = (cluster: ClusterRecipe, { cut }: LabFlow): readonly string[] => cut ?? cluster.cut;

/** Makes the changes before a flow. */
export async function prepare(product: Answers, name: string, { change, announcement }: TitledFlow): Promise<void> {
  if (change) await product.change(name, change);
  if (announcement) await product.announce(name, announcement);
}

/** Runs a flow in the model that was run on a kernel. */
export async function ask(product: Answers, name: string, cluster: ClusterRecipe, flow: TitledFlow, kernel: Observation): Promise<TraceJson> {
  if (flow.state === 'FRESH') await product.reset(name);
  await product.cut(name, cutFor(cluster, flow));
  try {
    return await product.trace(name, questionOf(flow, ruledBackend(kernel)));
  } catch (error) {
    if (!(error instanceof Error && /is not a candidate|can not be forced/.test(error.message))) throw error;
    return product.trace(name, questionOf(flow)); // the results then differ
  }
}

/** Has the namespace rules in the model? Without rules connections are not tracked. */
export const isTracked = (netns: string): boolean => netns === 'gateway' || netns.startsWith('node:');

export async function compareFlow(product: Product, lab: Lab, name: string, asked: Asked, titled: TitledFlow): Promise<Comparison> {
  const cut = cutFor(asked.cluster, titled);
  await product.cut(name, cut);
  await prepare(product, name, titled);
  if (titled.change) await lab.follow(await product.lab(name));
  const asNew = lab.wasLost(titled) ? { ...titled, sourcePort: titled.sourcePort! + FROM_ELSEWHERE } : titled;
  const flow = titled.neighbours === 'WARM' && !(await canBeWarm(product, name, titled)) ? { ...titled, neighbours: 'COLD' as const } : asNew;
  if (flow.neighbours === 'WARM') await lab.ask({ ...flow, neighbours: 'COLD', cut, ...(flow.sourcePort && { sourcePort: flow.sourcePort + FROM_ELSEWHERE }) });
  const kept = flow.change && [...(await product.known(name))].filter((key) => key.split(' ')[1] === 'UDP');
  const answer = await lab.ask({ ...(kept && { kept }), ...(flow.ask ? connectionsOf(await product.trace(name, questionOf(flow)), flow) : flow), cut });
  const kernel = observeKernel(answer, flow, portsOf(asked), isTracked);
  const trace = await ask(product, name, asked.cluster, flow, kernel);
  const backend = backendTaken(trace, answer);
  const model = await observe(product, name, asked, flow, trace, backend);
  return { flow, kernel, model, backend, verdict: trace.verdict, differs: differences(kernel, model, trace.verdict) };
}

/**
 * A trace's connections as flows, each asked once the one before was answered. A lab's programs look at no name and no URL:
 * who goes on to whom is the model's word, what becomes of the packets is not.
 */
function connectionsOf(trace: TraceJson, { payloadBytes }: TitledFlow): LabFlow {
  const [first, ...next] = trace.paths[0]!.connections.map(({ role, forward }): LabFlow => {
    const { at: { netns }, packet } = forward.steps.find(({ kind }) => kind === 'ORIGINATE')!;
    const protocol = packet!.ip!.protocol.toLowerCase() as LabFlow['protocol'];
    return {
      from: netns,
      protocol,
      to: packet!.ip!.dst,
      port: packet!.l4!.dport,
      sourcePort: packet!.l4!.sport,
      decides: role === 'CLIENT',
      ...(protocol === 'udp' && { payloadBytes: payloadBytes! }),
    };
  });
  return { ...first!, next };
}

/** Can the flow be compared with WARM neighbours? Only if the flow before, which fills the caches, succeeds and has no choice of endpoints. */
async function canBeWarm(product: Answers, cluster: string, flow: LabFlow): Promise<boolean> {
  const { verdict, totalPaths } = await product.trace(cluster, questionOf({ ...flow, neighbours: 'COLD' }));
  return verdict === 'REACHABLE' && totalPaths === 1;
}

/** The parts that differ. If the model's verdict is UNDETERMINED, all do. */
export const differences = (kernel: Observation, model: Observation, verdict: string): (keyof Observation)[] =>
  PARTS.filter(
    (part) => verdict === 'UNDETERMINED' || JSON.stringify(part === 'rules' ? surely(kernel.rules, model.rules) : kernel[part]) !== JSON.stringify(model[part]),
  );
