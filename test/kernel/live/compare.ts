/** One flow on both sides. */
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

/** A cluster, and what is asked of it. */
export interface LabCase {
  readonly name: string;
  readonly cluster: ClusterRecipe;
  readonly flows: readonly TitledFlow[];
}

export interface TitledFlow extends LabFlow {
  readonly title: string;
  /** What a trace is asked for instead of the address: a name or a URL. Its connections are what the lab is asked. */
  readonly ask?: object;
  /** Of the nodes that are cut off by now, those that were not before. */
  readonly newlyCut?: readonly string[];
  /** What becomes of the cluster before it is asked. */
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

/** Between a port and another that no flow has: a server may remember the first. */
const FROM_ELSEWHERE = 10_000;

/** Ports that a cluster's own words contain, and those of flows whose tables are kept: what else is seen was chosen on the way. */
const portsOf = ({ cluster: { settings, manifests }, flows }: Asked): ReadonlySet<number> =>
  new Set(JSON.stringify([settings, manifests, flows.filter(({ state }) => state).flatMap(({ sourcePort = 0, port = 0 }) => [sourcePort, sourcePort + FROM_ELSEWHERE, port])]).replaceAll(ADDRESS, '').match(/\d+/g)?.map(Number));

/** Or a network. Its numbers are no ports. */
const ADDRESS = /\d+\.\d+\.\d+\.\d+(?:\/\d+)?/g;

/** A cluster, and all that it is asked. */
type Asked = Pick<LabCase, 'cluster' | 'flows'>;

/** The endpoint that the kernel chose, among those that the model could: the one that its packets went to, or its rules sent them to. */
export function backendTaken(trace: TraceJson, answer: LabAnswer): string | null {
  const ends = new Set([
    ...answer.frames.map(({ ip, l4 }) => (l4 ? `${ip!.dst}:${l4.dport}` : ip?.dst)),
    ...answer.rules.flatMap(([, , rule]) => / --to-destination (\S+)/.exec(rule)?.[1] ?? []),
  ]);
  return trace.paths.map(backendOf).find((backend) => backend !== null && ends.has(backend)) ?? null;
}

const backendOf = ({ backend }: PathJson): string | null => backend && `${backend.ip}:${backend.port}`;

/** The model's answer on the path that the kernel's choice of endpoint is. */
export async function observe(product: Answers, name: string, asked: Asked, flow: TitledFlow, trace: TraceJson, backend: string | null): Promise<Observation> {
  const path = Math.max(0, trace.paths.findIndex((each) => backend !== null && backendOf(each) === backend));
  const earlier = flow.state === 'KEPT' ? connectionsBefore.get(asked.cluster)!.map((connection) => withoutCut(connection, flow.newlyCut ?? [])) : [];
  const left = earlier.length > 0 ? withoutGone(earlier, await product.known(name)) : earlier;
  const before = flow.announcement ? left.map((connection) => withMoved(connection, flow.announcement!, asked.cluster)) : left;
  connectionsBefore.set(asked.cluster, [...before, ...trace.paths[path]!.connections]);
  return observeModel(trace.paths[path]!, await product.frames(name, trace, path), flow, portsOf(asked), before);
}

/** What the flows since the last FRESH one have made, by the cluster that keeps it. */
const connectionsBefore = new WeakMap<ClusterRecipe, readonly ConnectionJson[]>();

/** Nodes that are cut off have lost their neighbours. @source Linux `neigh_carrier_down` */
const withoutCut = (connection: ConnectionJson, nodes: readonly string[]): ConnectionJson =>
  ({ ...connection, neighboursLearned: connection.neighboursLearned.filter(({ netns, device }) => device !== 'eth0' || !nodes.includes(netns.slice('node:'.length))) });

/** Whoever knew where the address was takes it to be there now, if they hear of it: those on the node network. @source Linux `arp_process` (`is_garp`) */
function withMoved(connection: ConnectionJson, { node, ip }: Announcement, { settings }: ClusterRecipe): ConnectionJson {
  const { internalIP } = (settings['nodes'] as readonly { readonly name: string; readonly internalIP: string }[]).find(({ name }) => name === node)!;
  const mac = macText(hostMac(ipv4(internalIP)));
  const isMoved = ({ netns, device, address, mac: known }: ConnectionJson['neighboursLearned'][number]): boolean =>
    address === ip && device === 'eth0' && /^(?:node:|lan:|gateway$|cloud-lb$)/.test(netns) && netns !== `node:${node}` && known !== mac;
  return { ...connection, neighboursLearned: connection.neighboursLearned.map((entry) => (isMoved(entry) ? { ...entry, mac, state: 'stale' } : entry)) };
}

/** A pod that is gone, a bridge without a port, kube-proxy, and a reset of what was never answered take entries with them. Nothing becomes of the machines around the nodes. */
function withoutGone(connections: readonly ConnectionJson[], known: ReadonlySet<string>): ConnectionJson[] {
  const isLeft = (netns: string, key: string): boolean => !/^(?:node|pod):/.test(netns) || known.has(key);
  return connections.map((connection) => ({
    ...connection, neighboursLearned: connection.neighboursLearned.filter(({ netns, device, address }) => isLeft(netns, keyOfNeighbour(netns, { dev: device, dst: address }))),
    conntrack: connection.conntrack.filter((entry) => isLeft(entry.netns, keyOfConnection(entry.netns, entry))),
  }));
}

/** The endpoint that a node's rules sent the packets to; `null` where a connection or no rule decided. */
const ruledBackend = ({ rules }: Pick<Observation, 'rules'>): string | null =>
  rules.map((line) => /^node:\S+ nat -A KUBE-SEP-\S+ .* --to-destination (\S+)/.exec(line)?.[1]).find((backend) => backend !== undefined) ?? null;

const cutFor = (cluster: ClusterRecipe, { cut }: LabFlow): readonly string[] => cut ?? cluster.cut;

/** What happens before a flow is asked. */
export async function prepare(product: Answers, name: string, { change, announcement }: TitledFlow): Promise<void> {
  if (change) await product.change(name, change);
  if (announcement) await product.announce(name, announcement);
}

/** Asks the model a flow that a kernel was asked. */
export async function ask(product: Answers, name: string, cluster: ClusterRecipe, flow: TitledFlow, kernel: Observation): Promise<TraceJson> {
  if (flow.state === 'FRESH') await product.reset(name);
  await product.cut(name, cutFor(cluster, flow));
  try {
    return await product.trace(name, questionOf(flow, ruledBackend(kernel)));
  } catch (error) {
    if (!(error instanceof Error && /is not a candidate|can not be forced/.test(error.message))) throw error;
    return product.trace(name, questionOf(flow)); // which differs, then
  }
}

/** Whether a namespace has rules in the model; without them nothing is tracked there. */
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

/** A trace's connections as flows, each asked once the one before was answered. A lab's programs look at no name and no URL: who goes on to whom is the model's word, what becomes of the packets is not. */
function connectionsOf(trace: TraceJson, { payloadBytes }: TitledFlow): LabFlow {
  const [first, ...next] = trace.paths[0]!.connections.map(({ role, forward }): LabFlow => {
    const { at: { netns }, packet } = forward.steps.find(({ kind }) => kind === 'ORIGINATE')!;
    const protocol = packet!.ip!.protocol.toLowerCase() as LabFlow['protocol'];
    return {
      from: netns, protocol, to: packet!.ip!.dst, port: packet!.l4!.dport, sourcePort: packet!.l4!.sport, decides: role === 'CLIENT', ...(protocol === 'udp' && { payloadBytes: payloadBytes! }),
    };
  });
  return { ...first!, next };
}

/** WARM is as after an earlier flow that succeeded; one that may have chosen another endpoint warmed other caches. */
async function canBeWarm(product: Answers, cluster: string, flow: LabFlow): Promise<boolean> {
  const { verdict, totalPaths } = await product.trace(cluster, questionOf({ ...flow, neighbours: 'COLD' }));
  return verdict === 'REACHABLE' && totalPaths === 1;
}

/** What the model does not answer is a difference too. */
export const differences = (kernel: Observation, model: Observation, verdict: string): (keyof Observation)[] =>
  PARTS.filter((part) => verdict === 'UNDETERMINED' || JSON.stringify(part === 'rules' ? surely(kernel.rules, model.rules) : kernel[part]) !== JSON.stringify(model[part]));
