import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import { compileNetwork } from '../../compile/compile-network.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Network } from '../../domain/datapath/netns.js';
import type { CapturedFrame } from '../../domain/trace/trace.js';
import { parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { advance } from '../../domain/walk/advance.js';
import { announce } from '../../domain/walk/announce.js';
import { countEntries, MAX_ENTRIES } from '../../domain/walk/limit-tables.js';
import type { NetworkFor } from '../../domain/walk/probe-neighbours.js';
import { COLD } from '../../domain/walk/tables.js';
import type { Problem } from '../app-error.js';
import type { StateChange, StateService, StateSummary } from '../use-cases/state.js';
import type { OpenCluster, World } from '../world/world.js';
import { nextState, type LiveState } from './live-state.js';
import type { LiveStates } from './live-states.js';
import { nearestNames } from '../nearest-names.js';
import { notFound } from '../objects/refusals.js';
import { checkClock, parseAdvance, readAnnouncement, stateRefusal } from './parse-state-input.js';

/** Most frames in one answer; a large cluster could send more at once. */
const MAX_FRAMES = 10_000;

export const createStateService = (world: World, states: LiveStates): StateService => ({
  async get(viewer, cluster) {
    const opened = await world.open(viewer, cluster);
    await states.open(opened.id);
    return summarize(opened, states.current(opened.id, opened.index));
  },

  async reset(viewer, cluster) {
    const opened = await world.open(viewer, cluster, 'write');
    await states.open(opened.id);
    const state = nextState(states.current(opened.id, opened.index), opened.index, COLD, 0);
    await states.change(opened.id, state);
    return summarize(opened, state);
  },

  async advance(viewer, cluster, input) {
    const opened = await world.open(viewer, cluster, 'write');
    const { seconds } = parseAdvance(input);
    const { id, index } = opened;
    await states.open(id);
    const before = states.current(id, index);
    checkClock(before.clockSeconds, seconds);
    const { tables, frames } = advance(before.tables, compileNetwork(index), networkFor(index), seconds);
    const state = nextState(before, index, tables, before.clockSeconds + seconds);
    await states.change(id, state);
    return changed(opened, state, frames);
  },

  async announce(viewer, cluster, input) {
    const opened = await world.open(viewer, cluster, 'write');
    const { announcement, problems: own, shape, node: named } = readAnnouncement(input);
    const { id, index } = opened;
    const problems = [...own, ...(named === undefined ? [] : nodeProblems(index, named))];
    if (!announcement || problems.length > 0) throw stateRefusal(problems, shape);
    const { node, ip } = announcement;
    await states.open(id);
    const before = states.current(id, index);
    const { tables, frames } = announce(before.tables, compileNetwork(index), { netns: `node:${node}`, device: 'eth0', address: ip });
    const state = nextState(before, index, tables);
    await states.change(id, state);
    return changed(opened, state, frames);
  },
});

function nodeProblems(view: ClusterState, name: string): readonly Problem[] {
  if (view.node(name)) return [];
  const ref = { group: '', kind: 'Node', namespace: '', name };
  return [{ path: 'node', message: notFound(ref, nearestNames(view, ref)).message }];
}

function summarize({ name, index }: OpenCluster, { stateRevision, clockSeconds, tables }: LiveState): StateSummary {
  return { cluster: name, revision: index.revision, stateRevision, clockSeconds, entries: countEntries(tables), limit: MAX_ENTRIES };
}

const changed = (opened: OpenCluster, state: LiveState, frames: readonly CapturedFrame[]): StateChange =>
  ({ ...summarize(opened, state), frames: frames.slice(0, MAX_FRAMES), truncated: frames.length > MAX_FRAMES });

/** The isp has one host behind it at a time: the source or destination of the flow. */
function networkFor(view: ClusterState): NetworkFor {
  const usual = compileNetwork(view);
  const plan = planOf(view.settings);
  const byHost = new Map<Ipv4, Network>();
  const withHost = (host: Ipv4): Network => {
    const known = byHost.get(host) ?? compileNetwork(view, { internetHost: host });
    byHost.set(host, known);
    return known;
  };
  return (asker, { address, device }) => {
    if (asker === 'isp' && device === 'eth1' && isPublicAddress(plan, address)) return withHost(address);
    const host = asker.startsWith('internet:') ? parseIpv4(asker.slice('internet:'.length)) : undefined;
    return host === undefined ? usual : withHost(host);
  };
}
