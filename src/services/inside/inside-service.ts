import { compileNetwork } from '../../compile/compile-network.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ObjectRef } from '../../domain/cluster/objects.js';
import { NO_TABLES, type HostTables } from '../../domain/walk/tables.js';
import { presentConntrack, presentFdb, presentNeighbour } from '../../render/json/present-entries.js';
import { AppError } from '../app-error.js';
import { nearestNames } from '../nearest-names.js';
import { notFound } from '../objects/refusals.js';
import type { TraceStore } from '../ports.js';
import type { LiveStates } from '../state/live-states.js';
import type { InsideService, InsideView } from '../use-cases/inside.js';
import type { World } from '../world/world.js';
import { tablesAfterTrace } from './tables-after-trace.js';

export const createInsideService = (world: World, traces: TraceStore, states: LiveStates): InsideService => ({
  async look(viewer, cluster, asked, trace) {
    const { id: clusterId, index } = await world.open(viewer, cluster);
    const id = whereItIs(index, asked);
    const afterTrace = trace === undefined ? null : tablesAfterTrace((await traces.load(clusterId, trace)).body, id);
    await states.open(clusterId);
    const tables = afterTrace ?? presentTables(states.current(clusterId, index).tables.get(id) ?? NO_TABLES);
    const network = compileNetwork(index);
    const netns = network.netns(id);
    if (!netns) throw noNetns(index, id, afterTrace !== null && !isEmpty(afterTrace) ? ' (of what is gone, the trace has neighbours and conntrack alone)' : '');
    return { netns, network, state: index, tables };
  },

  async tablesAfter(viewer, cluster, asked, trace) {
    const { id: clusterId, index } = await world.open(viewer, cluster);
    const id = whereItIs(index, asked);
    const tables = tablesAfterTrace((await traces.load(clusterId, trace)).body, id);
    if (isEmpty(tables) && !compileNetwork(index).netns(id)) throw noNetns(index, id, ' (nor has the trace anything of it)');
    return tables;
  },
});

const isEmpty = (tables: InsideView['tables']): boolean => Object.values(tables).every(({ length }) => length === 0);

/** The network namespace of a pod; for a hostNetwork pod its node's. */
function whereItIs(index: ClusterState, id: string): string {
  const [kind, name] = splitOnce(id, ':');
  const pod = kind === 'pod' ? index.podFacts(...splitOnce(name, '/')) : undefined;
  return pod?.hostNetwork && pod.node !== null && !pod.finished ? `node:${pod.node}` : id;
}

const presentTables = ({ neighbours, fdb, conntrack }: HostTables): InsideView['tables'] => ({
  neighbours: neighbours.map(presentNeighbour),
  fdb: fdb.map(({ bridge, entry }) => presentFdb(entry.mac, entry.port, bridge)),
  conntrack: conntrack.map((entry) => presentConntrack(entry)),
});

/**
 * The error for a missing network namespace: the object does not exist, or the pod has none of its own.
 *
 * @param more text for the end of the message
 */
function noNetns(index: ClusterState, id: string, more: string): AppError {
  const [kind, name] = splitOnce(id, ':');
  if (kind === 'node') return missing(index, { group: '', kind: 'Node', namespace: '', name }, more);
  if (kind !== 'pod') return new AppError('NOT_FOUND', `there is no network namespace ${JSON.stringify(id)}`);
  const [namespace, podName] = splitOnce(name, '/');
  const pod = index.podFacts(namespace, podName);
  if (!pod) return missing(index, { group: '', kind: 'Pod', namespace, name: podName }, more);
  return new AppError('NOT_FOUND', `pod ${name} has no network namespace of its own: ${whyNone(pod)}${more}`);
}

const missing = (index: ClusterState, ref: ObjectRef, more: string): AppError =>
  new AppError('NOT_FOUND', `${notFound(ref, nearestNames(index, ref)).message}${more}`);

const whyNone = ({ finished }: { readonly finished: boolean }): string => (finished ? 'it has finished' : 'it is not scheduled yet');

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
