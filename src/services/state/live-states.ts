import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Tables } from '../../domain/walk/tables.js';
import type { StateStore } from '../ports.js';
import { followWorld, NEW_STATE, type LiveState } from './live-state.js';

/**
 * The live states of all clusters that use one. A change happens synchronously, without an `await`: so concurrent
 * flows are walked one after the other, each in the state that the one before has left. It is acknowledged once it is
 * in the database.
 */
export class LiveStates {
  readonly #store: StateStore;
  readonly #opening = new Map<string, Promise<void>>();
  readonly #current = new Map<string, LiveState>();

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** Reads a cluster's state at its first use; `current` and `change` may be called then. */
  open(clusterId: string): Promise<void> {
    const known = this.#opening.get(clusterId);
    if (known) return known;
    const opening = this.#read(clusterId).catch((error: unknown) => {
      this.#opening.delete(clusterId);
      throw error;
    });
    this.#opening.set(clusterId, opening);
    return opening;
  }

  /** The state, adapted to the current cluster. */
  current(clusterId: string, view: ClusterState): LiveState {
    const state = followWorld(this.#current.get(clusterId) ?? NEW_STATE, view);
    if (this.#current.has(clusterId)) this.#current.set(clusterId, state);
    return state;
  }

  /** @returns once the state is in the database */
  async change(clusterId: string, state: LiveState): Promise<void> {
    if (!this.#current.has(clusterId)) return; // the cluster was deleted
    this.#current.set(clusterId, state);
    try {
      await this.#store.save({ clusterId, body: writeState(state) });
    } catch (error) {
      this.forget(clusterId); // an unacknowledged change is discarded: the next use reads the stored state
      throw error;
    }
  }

  /** Adapts the state to a change of the cluster; a state that is not in memory is adapted when it is read. */
  follow(clusterId: string, view: ClusterState): void {
    if (this.#current.has(clusterId)) this.current(clusterId, view);
  }

  forget(clusterId: string): void {
    this.#opening.delete(clusterId);
    this.#current.delete(clusterId);
  }

  async #read(clusterId: string): Promise<void> {
    const body = await this.#store.load(clusterId);
    this.#current.set(clusterId, body === null ? NEW_STATE : readState(body));
  }
}

/** The stored form, which is internal. A form with another number is ignored, and the state starts empty. */
interface StoredState {
  readonly form: number;
  readonly stateRevision: number;
  readonly clockSeconds: number;
  readonly worldRevision: number;
  readonly tables: readonly (readonly [string, unknown])[];
  readonly machines: readonly (readonly [string, string])[];
}

const FORM = 1;

const writeState = ({ stateRevision, clockSeconds, worldRevision, tables, machines }: LiveState): StoredState =>
  ({ form: FORM, stateRevision, clockSeconds, worldRevision, tables: [...tables], machines: [...machines] });

function readState(body: object): LiveState {
  const { form, stateRevision, clockSeconds, worldRevision, tables, machines } = body as StoredState;
  if (form !== FORM) return { ...NEW_STATE, stateRevision };
  return { stateRevision, clockSeconds, worldRevision, tables: new Map(tables) as Tables, machines: new Map(machines) };
}
