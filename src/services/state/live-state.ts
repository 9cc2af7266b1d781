/**
 * The live state of a cluster: the tables that packets have filled on its machines, and a clock that moves only on request.
 * Immutable: every change makes a new value.
 */
import { compileNetwork } from '../../compile/compile-network.js';
import { isStaleConnection } from '../../compile/kube-proxy/stale-connections.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { NetnsId } from '../../domain/datapath/netns.js';
import { forgetGone } from '../../domain/walk/forget-gone.js';
import { COLD, type HostTables, type Tables } from '../../domain/walk/tables.js';

export interface LiveState {
  /** Raised by one by every change of the state; a reset does not set it back. */
  readonly stateRevision: number;
  /** Seconds since the last reset. */
  readonly clockSeconds: number;
  /** The cluster's revision that the tables match. */
  readonly worldRevision: number;
  readonly tables: Tables;
  /** The machine of each table: one that was recreated under the same name is another machine. */
  readonly machines: ReadonlyMap<NetnsId, string>;
}

export const NEW_STATE: LiveState = { stateRevision: 0, clockSeconds: 0, worldRevision: 0, tables: COLD, machines: new Map() };

/** The state with new tables. */
export function nextState(state: LiveState, view: ClusterState, tables: Tables, clockSeconds = state.clockSeconds): LiveState {
  const machines = new Map([...tables.keys()].map((id) => [id, machineOf(view, id)]));
  return { stateRevision: state.stateRevision + 1, clockSeconds, worldRevision: view.revision, tables, machines };
}

/**
 * Adapts the tables to changes of the cluster: those of deleted pods and nodes go, a cut link clears
 * what was learned over it, and kube-proxy deletes the connections to endpoints that are gone.
 *
 * @returns the same object if the cluster has not changed
 */
export function followWorld(state: LiveState, view: ClusterState): LiveState {
  if (state.worldRevision === view.revision) return state;
  const reborn = new Set([...state.machines].filter(([id, machine]) => machine !== machineOf(view, id)).map(([id]) => id));
  const tables = withoutStaleConnections(forgetGone(state.tables, compileNetwork(view), reborn), view);
  return tables === state.tables ? { ...state, worldRevision: view.revision } : nextState(state, view, tables);
}

/** Empty for machines that exist only by the settings. */
function machineOf(view: ClusterState, id: NetnsId): string {
  const colon = id.indexOf(':');
  const name = id.slice(colon + 1);
  switch (id.slice(0, Math.max(0, colon))) {
    case 'node': {
      const node = view.nodeFacts(name);
      return node ? `${node.uid}/${node.internalIP}` : '';
    }
    case 'pod': {
      const slash = name.indexOf('/');
      const pod = view.podFacts(name.slice(0, slash), name.slice(slash + 1));
      return pod ? `${pod.uid}/${pod.ip}` : '';
    }
    default: return '';
  }
}

function withoutStaleConnections(tables: Tables, view: ClusterState): Tables {
  let isChanged = false;
  const kept = new Map<NetnsId, HostTables>();
  for (const [id, host] of tables) {
    const conntrack = id.startsWith('node:') ? host.conntrack.filter((entry) => !isStaleConnection(view, entry)) : host.conntrack;
    const isSame = conntrack.length === host.conntrack.length;
    kept.set(id, isSame ? host : { ...host, conntrack });
    isChanged ||= !isSame;
  }
  return isChanged ? kept : tables;
}
