/** Measures the walk without the server, in a process that the benchmark forks. */
import { compileNetwork } from '../../compile/compile-network.js';
import { ClusterIndex } from '../../domain/cluster/index/cluster-index.js';
import type { Network } from '../../domain/datapath/netns.js';
import { COLD, withoutConnections, type Tables } from '../../domain/walk/tables.js';
import { walkFlow, type Flow, type WalkedFlow } from '../../domain/walk/walk-flow.js';
import { openDatabase } from '../../persistence/open-database.js';
import { createWorldRepository } from '../../persistence/world-repository.js';
import { PathChoices, seededPick } from '../../services/traces/trace-choices.js';
import { median } from './figure.js';
import { numbers, podName, serviceName } from './large-cluster.js';
import type { EngineOrder, EngineReport } from './messages.js';

const FLOWS = 512;

async function openIndex(file: string): Promise<ClusterIndex> {
  const store = createWorldRepository(await openDatabase(`file:${file}`));
  const [record] = await store.clusters();
  const index = ClusterIndex.open(record!.id, record!.settings, record!.revision, record!.nextOrdinal);
  for await (const { pods, others } of store.facts(record!.id)) {
    index.loadPods(pods);
    index.load(others);
  }
  await store.close();
  return index;
}

const { file, size, rounds, turns } = JSON.parse(process.argv[2]!) as EngineOrder;
const index = await openIndex(file);
const draw = numbers(5);
const flows = Array.from({ length: FLOWS }, (): Flow => {
  const service = index.service('default', serviceName(draw(size.services)))!;
  const origin = { kind: 'socket' as const, netns: `pod:default/${podName(draw(size.services), draw(size.endpoints))}`, container: null, source: null };
  return { origin, destination: service.clusterIP!, protocol: 'TCP', sourcePort: 40000, destinationPort: 80, ttl: 64, payloadBytes: 0, dontFragment: true };
});
const walkIn = (network: Network, number: number, tables: Tables): WalkedFlow =>
  walkFlow(network, tables, flows[number]!, new PathChoices(seededPick(number), 0, false), { capture: false });
const anew = (number: number, tables: Tables): WalkedFlow => walkIn(compileNetwork(index), number, tables);
const warm = flows.map((_, number) => withoutConnections(anew(number, COLD).after()));

/** Returns the number of walks per second of CPU time. */
function measure(walk: (number: number) => WalkedFlow): number {
  const started = process.cpuUsage();
  for (let turn = 0; turn < turns; turn += 1) for (let number = 0; number < FLOWS; number += 1) walk(number);
  const { user, system } = process.cpuUsage(started);
  return ((turns * FLOWS) / (user + system)) * 1e6;
}

/** The median of all rounds but the first, which warms up. */
const inRounds = (walk: (number: number) => WalkedFlow): number => median(Array.from({ length: rounds + 1 }, () => measure(walk)).slice(1));

// Measured before any network is kept: once V8 has seen networks that live long, it allocates all of them in its old generation, whose collection is expensive.
const compiledAnew = inRounds((number) => anew(number, warm[number]!));
const compiled = flows.map(() => compileNetwork(index));
const walkWarm = (number: number): WalkedFlow => walkIn(compiled[number]!, number, warm[number]!);
const walkCold = (number: number): WalkedFlow => walkIn(compiled[number]!, number, COLD);
const stepsOf = ({ forward, return: back }: WalkedFlow): number => forward.steps.length + (back?.steps.length ?? 0);
const report: EngineReport = {
  compiledAnew,
  warm: inRounds(walkWarm),
  cold: inRounds(walkCold),
  warmSteps: stepsOf(walkWarm(0)),
  coldSteps: stepsOf(walkCold(0)),
};
process.send!(report, () => process.exit(0));
