/** A question to a cluster and its whole answer. Pure. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView, EndpointView, PodView } from '../../domain/cluster/view.js';
import type { Disposition, Verdict } from '../../domain/trace/disposition.js';
import type { Connection, Leg, Path, Trace, Translation } from '../../domain/trace/trace.js';
import type { Step } from '../../domain/trace/step.js';
import { COLD, type Tables } from '../../domain/walk/tables.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import type { Problem } from '../app-error.js';
import { addressAndPort, clientOutcome } from './client-outcome.js';
import { explainEnd, explainObstacle } from './explain-end.js';
import { traceRefusal } from './parse-trace-request.js';
import { resolveDestination } from './resolve-destination.js';
import { resolveSource } from './resolve-source.js';
import { requestFor } from '../../domain/http/http-request.js';
import { lookupWarnings, type HostLookup } from './look-up-host.js';
import type { Obstacle } from './obstacle.js';
import { lookupStep } from './lookup-step.js';
import { compileFor, runPath, type LiveTables, type Proxied, type Question, type WalkedConnection, type WalkedPath } from './run-path.js';
import { alreadyDecided, endpointText, ForcedBackend, notACandidate, PathChoices, seededPick, sequencePick, type Pick } from './trace-choices.js';
import type { TraceRequest } from './trace-request.js';

/** Paths that a trace of all endpoints holds at most. */
export const MAX_PATHS = 256;

/** @throws AppError UNPROCESSABLE with every problem, when the flow's ends are not in the cluster */
export const runTrace = (view: ClusterState, request: TraceRequest): Trace<TraceRequest> => walkTrace(view, request, NOTHING_LIVE).trace;

const NOTHING_LIVE: LiveTables = { tables: COLD, stateRevision: 0 };

/**
 * The same in tables that were there before.
 *
 * @returns the answer, and the tables as the request leaves them
 * @throws AppError UNPROCESSABLE as `runTrace`
 */
export function walkTrace(view: ClusterState, request: TraceRequest, live: LiveTables): { readonly trace: Trace<TraceRequest>; readonly tables: Tables } {
  const problems: Problem[] = [];
  const source = resolveSource(view, request.from, problems);
  const destination = resolveDestination(view, request, source, problems);
  if (!source || !destination || problems.length > 0) throw traceRefusal(problems, false);
  const capture = request.record || request.include.includes('frames');
  const http = 'url' in request.to ? requestFor(new URL(request.to.url), request.to.method, request.to.headers) : null;
  const question: Question = { view, request, source, destination, capture, live, http, ...compileFor(view, source, destination) };
  const { paths, totalPaths, unenforced, lookup, notes, after } = request.choice.mode === 'ALL' ? everyPath(question) : onePath(question);
  const trace: Trace<TraceRequest> = {
    request, revision: view.revision, verdict: lookup && lookup.doubts.length > 0 ? 'UNDETERMINED' : verdictOf(paths, unenforced), warnings: [...unenforced, ...(lookup ? lookupWarnings(lookup) : []), ...notes, ...otherContainer(request, paths), ...unusedNode(request)], totalPaths, truncated: request.choice.mode === 'ALL' && totalPaths > paths.length, paths,
  };
  return { trace, tables: after() };
}

interface Paths {
  readonly paths: readonly Path[];
  readonly totalPaths: number;
  /** Stored objects that would decide about these flows but are not enforced. */
  readonly unenforced: readonly string[];
  /** Of the name; the same on every path. */
  readonly lookup: HostLookup | null;
  /** Worth knowing, and no doubt about the answers. */
  readonly notes: readonly string[];
  /** The cluster's tables afterwards; of several paths, which all set out from the same ones, none counts. */
  readonly after: () => Tables;
}

function onePath(question: Question): Paths {
  const { choice } = question.request;
  const forced = choice.mode === 'FORCED' ? new ForcedBackend(choice.backend, question.http !== null) : null;
  const pick = (): Pick => forced?.pick ?? seededPick(choice.mode === 'SEEDED' ? choice.seed : 0);
  const { path, choices, walked } = take(question, pick);
  if (choice.mode === 'FORCED' && !forced?.found && !isBackend(path.backend, choice.backend)) {
    throw path.backend && choices.chosen === null ? alreadyDecided(choice.backend, path.backend) : notACandidate(choice.backend, forced?.offered ?? []);
  }
  return { paths: [path], totalPaths: product(choices.sizes), unenforced: unenforcedOn(question, [walked]), lookup: walked.lookup, notes: notesOf([walked]), after: walked.after };
}

/** Depth first, in the order of the rules: of each choice every branch. */
function everyPath(question: Question): Paths {
  const paths: Path[] = [];
  const walks: WalkedPath[] = [];
  let totalPaths = 1;
  let sequence: number[] | null = [];
  while (sequence && paths.length < MAX_PATHS) {
    const taken: readonly number[] = sequence;
    const { path, choices, walked } = take(question, () => sequencePick(taken));
    if (paths.length === 0) totalPaths = product(choices.sizes);
    paths.push(path);
    walks.push(walked);
    sequence = nextSequence(taken, choices.sizes);
  }
  return { paths, totalPaths: sequence === null ? paths.length : Math.max(totalPaths, paths.length + 1), unenforced: unenforcedOn(question, walks), lookup: walks[0]?.lookup ?? null, notes: notesOf(walks), after: () => question.live.tables };
}

function nextSequence(taken: readonly number[], sizes: readonly number[]): number[] | null {
  const full = sizes.map((_, index) => taken[index] ?? 0);
  for (let index = full.length - 1; index >= 0; index -= 1) {
    if (full[index]! + 1 < sizes[index]!) return [...full.slice(0, index), full[index]! + 1];
  }
  return null;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

function take(question: Question, pick: () => Pick): { readonly path: Path; readonly choices: PathChoices; readonly walked: WalkedPath } {
  const { request, destination } = question;
  const seed = request.choice.mode === 'SEEDED' ? request.choice.seed : 0;
  const choose = (): PathChoices => new PathChoices(pick(), seed, destination.kind === 'name');
  const choices = choose();
  const walked = runPath(question, choices, request.neighbours === 'WARM' ? choose() : null);
  return { path: presentPath(question, walked, choices), choices, walked };
}

function presentPath(question: Question, walked: WalkedPath, choices: PathChoices): Path {
  const { view, request } = question;
  const connections = walked.connections.map(toConnection);
  const last = walked.connections.at(-1);
  // A DNS server that didn't answer matters only where no other one did.
  const failed = connections.findIndex((connection, index) => connection.disposition !== 'ACCEPTED' && !(walked.lookup && walked.connections[index]?.role === 'DNS'));
  const disposition: Disposition = failed >= 0 ? connections[failed]!.disposition : walked.obstacle ? dispositionOf(walked.obstacle) : (walked.served?.refusal?.disposition ?? 'ACCEPTED');
  const reason = failed >= 0 ? failure(view, request, walked.connections[failed]!, failed)
    : walked.obstacle ? explainObstacle(walked.obstacle, lastStep(connections))
    : walked.served?.refusal ? explainObstacle(walked.served.refusal, proxyStep(connections)) : null;
  const decisive = failed >= 0 ? walked.connections[failed] : last;
  const clientLeg = walked.connections.find(({ role }) => role === 'CLIENT');
  const back = clientLeg?.walked.return;
  return {
    weight: choices.weight, backend: choices.chosen ? backendOf(choices.chosen) : rememberedBackend(view, request, clientLeg), disposition, reason,
    clientSees: walked.obstacle ? { outcome: 'host-unreachable', from: null, afterSeconds: 0 }
      : clientOutcome((clientLeg ?? decisive!).walked, (clientLeg ?? decisive!).flow.protocol),
    seenByServer: last?.role === 'DNS' ? null : seenByServer(last, connections.at(-1)),
    seenByClient: back && back.end.disposition === 'ACCEPTED' && back.what === 'answer'
      ? { peer: addressAndPort(back.end.packet.source, back.end.packet.sourcePort, back.end.packet.protocol === 'ICMP') } : null,
    http: walked.served?.result ?? null,
    connections,
    frames: question.capture ? walked.connections.flatMap((connection) => connection.walked.frames ?? []) : null,
  };
}

/** No packet can be sent; or nobody knows which one would be. */
const dispositionOf = ({ code }: Obstacle): Disposition => (code === 'DNS_ANSWER_UNKNOWN' ? 'UNSUPPORTED' : 'NO_ROUTE');

/** Where no choice was made, because the connection or the client was known: what was chosen then. */
function rememberedBackend(view: ClusterView, { conntrack }: TraceRequest, connection: WalkedConnection | undefined): Path['backend'] {
  if (conntrack !== 'LIVE') return null;
  for (const step of connection?.walked.forward.steps ?? []) {
    if (step.kind !== 'CONNTRACK' || !step.netns.startsWith('node:') || !step.entry?.destinationNat) continue;
    const { source: ip, sourcePort: port } = step.entry.reply;
    const pod = view.podByAddress(ip);
    return { ip, port, pod: pod ? `${pod.namespace}/${pod.name}` : null, node: pod?.node ?? view.nodeByAddress(ip)?.name ?? null };
  }
  return null;
}

const isBackend = (backend: Path['backend'], wanted: string): boolean => backend !== null && endpointText(backend) === wanted;

const backendOf = ({ ip, port, pod, node }: EndpointView): Path['backend'] => ({ ip, port, pod, node });

const lastStep = (connections: readonly Connection[]): string => {
  const last = connections.at(-1);
  if (!last) return '';
  const leg = last.return ? 'return' : 'forward';
  return `connections/${connections.length - 1}/${leg}/${Math.max(0, last[leg]!.steps.length - 1)}`;
};

/** Where a proxy answered itself. */
const proxyStep = (connections: readonly Connection[]): string => `connections/${connections.length - 1}/forward/${connections.at(-1)!.forward.steps.length - 1}`;

function failure(view: ClusterView, request: TraceRequest, connection: WalkedConnection, index: number): Path['reason'] {
  const { walked } = connection;
  const leg = walked.forward.end.disposition !== 'ACCEPTED' ? 'forward' : walked.return && walked.return.end.disposition !== 'ACCEPTED' ? 'return' : walked.data ? 'data' : 'return';
  const step = `connections/${index}/${leg}/${walked[leg]?.end.step ?? 0}`;
  const reason = explainEnd(view, request, connection, leg, step);
  if (connection.role !== 'DNS') return reason;
  const lookup = explainObstacle({ code: 'DNS_SERVER_UNREACHABLE', details: { name: connection.lookup!.host } }, step);
  return { ...lookup, message: `${lookup.message} ${reason.message}` };
}

function seenByServer(connection: WalkedConnection | undefined, presented: Connection | undefined): Path['seenByServer'] {
  if (!connection || presented?.forward.disposition !== 'ACCEPTED') return null;
  const { packet } = connection.walked.forward.end;
  const isIcmp = packet.protocol === 'ICMP';
  return { source: addressAndPort(packet.source, packet.sourcePort, isIcmp), destination: addressAndPort(packet.destination, packet.destinationPort, isIcmp) };
}

const legOf = (leg: WalkedLeg, more: readonly Step[] = []): Leg => ({ disposition: leg.end.disposition, steps: more.length > 0 ? [...leg.steps, ...more] : leg.steps });

function toConnection(connection: WalkedConnection): Connection {
  const { role, walked, lookup, proxied } = connection;
  const { forward, return: back, data } = walked;
  const disposition = forward.end.disposition !== 'ACCEPTED' ? forward.end.disposition
    : back && back.end.disposition !== 'ACCEPTED' ? back.end.disposition
    : data && data.end.disposition !== 'ACCEPTED' ? data.end.disposition : back ? 'ACCEPTED' : 'TIMED_OUT';
  const accepted = proxied === null ? [] : proxySteps(proxied, forward);
  const lookedUp: Step[] = lookup && back?.end.disposition === 'ACCEPTED' && back.what === 'answer' ? [lookupStep(lookup, back.end.netns, back.end.packet)] : [];
  return {
    role, disposition, forward: legOf(forward, accepted), return: back && legOf(back, lookedUp), data: data && legOf(data),
    translations: translationsOf(forward.steps),
    conntrack: walked.touched.flatMap(({ netns, tables }) => tables.conntrack.map((entry) => ({ netns, entry }))),
    neighboursLearned: walked.touched.flatMap(({ netns, tables }) => tables.neighbours.map((entry) => ({ netns, entry }))),
    fdbLearned: walked.touched.flatMap(({ netns, tables }) => tables.fdb.map(({ bridge, entry }) => ({ netns, bridge, entry }))),
  };
}

function proxySteps({ decision, backend, headers }: Proxied, { end }: WalkedLeg): Step[] {
  const at = { netns: end.netns, interface: null, packet: end.packet, before: null, proxy: end.netns };
  const accept: Step = { ...at, kind: 'PROXY_ACCEPT', http: decision };
  return backend === null ? [accept] : [accept, { ...at, kind: 'PROXY_CONNECT', backend, headers }];
}

function translationsOf(steps: readonly Step[]): Translation[] {
  const translations: Translation[] = [];
  steps.forEach((step, index) => {
    if ((step.kind !== 'DNAT' && step.kind !== 'SNAT') || !step.before || !step.packet || step.before === step.packet) return;
    const isIcmp = step.packet.protocol === 'ICMP';
    const end = (packet: NonNullable<Step['packet']>): string =>
      (step.kind === 'DNAT' ? addressAndPort(packet.destination, packet.destinationPort, isIcmp) : addressAndPort(packet.source, packet.sourcePort, isIcmp));
    translations.push({ type: step.kind, netns: step.netns, hook: step.hook, before: end(step.before), after: end(step.packet), step: index });
  });
  return translations;
}

/** Policies about the pods at both ends. A policy can only take away, so what is unreachable without it stays so. */
function unenforcedOn({ view, source }: Question, walks: readonly WalkedPath[]): readonly string[] {
  const pods = new Map<string, PodView>();
  const add = (pod: PodView | null | undefined): void => {
    if (pod && !pod.hostNetwork) pods.set(`${pod.namespace}/${pod.name}`, pod);
  };
  add(source.pod);
  for (const { connections } of walks) for (const { walked } of connections) add(view.podByAddress(walked.forward.end.packet.destination));
  const warnings = new Set<string>();
  for (const [name, pod] of pods) for (const object of view.unenforced(pod)) warnings.add(`${object} selects pod ${name}, and is stored but not enforced: without it the answer would be as shown`);
  for (const { served } of walks) for (const subject of served?.notModelled ?? []) warnings.add(`${subject}: stored and not modelled; without it the answer would be as shown`);
  return [...warnings];
}

const notesOf = (walks: readonly WalkedPath[]): readonly string[] => [...new Set(walks.flatMap(({ served }) => served?.notes ?? []))];

/** A cluster IP is the same on every node. */
const unusedNode = ({ to }: TraceRequest): readonly string[] => ('service' in to && to.via === 'clusterIP' && to.node !== undefined
  ? ['to.node says which node\'s port, or which node the load balancer picks; with via clusterIP it changes nothing'] : []);

/** Containers of a pod share its ports: whoever asks for one by name is told where another has the port. */
function otherContainer({ to, protocol }: TraceRequest, [path]: readonly Path[]): readonly string[] {
  if (!('pod' in to) || to.container === undefined || path?.disposition !== 'ACCEPTED') return [];
  for (const step of path.connections.at(-1)!.forward.steps) {
    if (step.kind !== 'SOCKET_LOOKUP' || step.socket?.owner == null || step.socket.owner === to.container) continue;
    return [`container ${to.container} of pod ${to.pod} has no socket on port ${step.port}/${protocol}, as container ${step.socket.owner} has it: the answer is ${step.socket.owner}'s`];
  }
  return [];
}

function verdictOf(paths: readonly Path[], unenforced: readonly string[]): Verdict {
  const accepted = paths.filter((path) => path.disposition === 'ACCEPTED').length;
  if (paths.some((path) => path.disposition === 'UNSUPPORTED')) return 'UNDETERMINED';
  if (accepted === 0) return 'UNREACHABLE';
  if (unenforced.length > 0) return 'UNDETERMINED';
  return accepted === paths.length ? 'REACHABLE' : 'PARTIAL';
}
