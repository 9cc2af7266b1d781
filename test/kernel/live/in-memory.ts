/** The product's use-cases without server and database, which is fast enough for hundreds of comparisons. */
import type { FrameJson } from '../../../src/render/json/packet-json.js';
import { presentConntrack } from '../../../src/render/json/present-entries.js';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { presentFrames } from '../../../src/render/json/present-frame.js';
import { ipText } from '../../../src/render/linux/address-text.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { createClusterService } from '../../../src/services/clusters/cluster-service.js';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { ManifestReader } from '../../../src/services/manifests/manifest-reader.js';
import { createObjectService } from '../../../src/services/objects/object-service.js';
import { followWorld, NEW_STATE, nextState, type LiveState } from '../../../src/services/state/live-state.js';
import { isLive } from '../../../src/services/traces/run-path.js';
import { walkTrace } from '../../../src/services/traces/run-trace.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { World } from '../../../src/services/world/world.js';
import { compileNetwork } from '../../../src/compile/compile-network.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { announce } from '../../../src/domain/walk/announce.js';
import type { CapturedFrame } from '../../../src/domain/trace/trace.js';
import { memoryWorldStore } from '../../support/memory-store.js';
import type { Answers } from './answers.js';
import { Cables } from './cables.js';
import { keyOfConnection, keyOfNeighbour } from './known.js';

const NOW = '2026-01-01T00:00:00Z';

export async function productInMemory(): Promise<Answers> {
  const world = await World.load({ store: memoryWorldStore(), now: () => NOW, onChanged: () => {} });
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  const clusters = createClusterService({ world, newId, onDeleted: () => {} });
  const objects = createObjectService(world, new ManifestReader());
  /** The frames of recorded traces, by trace. */
  const frames = new WeakMap<TraceJson, readonly (readonly CapturedFrame[] | null)[]>();
  const left = new Map<string, LiveState>();
  const cables = new Cables();
  const cutCables = async (name: string, nodes: readonly string[]): Promise<void> => {
    for (const [node, change] of cables.changes(name, nodes)) await objects.patch(LOCAL_VIEWER, name, 'nodes', '', node, change);
  };
  return {
    cut: cutCables,
    change: async (name, change): Promise<void> => {
      if (change.delete.length > 0) await objects.deleteManifests(LOCAL_VIEWER, name, { json: change.delete });
      if (change.apply.length > 0) await objects.apply(LOCAL_VIEWER, name, { json: change.apply });
      for (const [node, patch] of change.nodes ?? []) await objects.patch(LOCAL_VIEWER, name, 'nodes', '', node, patch);
      if (change.settings) await clusters.patch(LOCAL_VIEWER, name, change.settings);
    },
    announce: async (name, { node, ip }): Promise<void> => {
      const { index } = await world.open(LOCAL_VIEWER, name);
      const state = followWorld(left.get(name) ?? NEW_STATE, index);
      left.set(name, nextState(state, index, announce(state.tables, compileNetwork(index), { netns: `node:${node}`, device: 'eth0', address: ipv4(ip) }).tables));
    },
    known: async (name): Promise<ReadonlySet<string>> => {
      const { index } = await world.open(LOCAL_VIEWER, name);
      const { tables } = followWorld(left.get(name) ?? NEW_STATE, index);
      return new Set(
        [...tables].flatMap(([netns, { neighbours, conntrack }]) => [
          ...neighbours.map((entry) => keyOfNeighbour(netns, { dev: entry.device, dst: ipText(entry.address) })),
          ...conntrack.map((entry) => keyOfConnection(netns, presentConntrack(entry))),
        ]),
      );
    },
    reset: (name): Promise<void> => Promise.resolve(void left.delete(name)),
    async create(name, { settings, manifests, cut }) {
      await clusters.create(LOCAL_VIEWER, { ...settings, name });
      if (manifests.length > 0) await objects.apply(LOCAL_VIEWER, name, { json: manifests });
      await cutCables(name, cut);
    },
    async trace(name, question) {
      const { index } = await world.open(LOCAL_VIEWER, name);
      const request = parseTraceRequest({ ...question, record: false, include: ['frames'] });
      const state = followWorld(left.get(name) ?? NEW_STATE, index);
      const { trace, tables } = walkTrace(index, request, state);
      if (isLive(request)) left.set(name, nextState(state, index, tables));
      const presented = presentTrace({ id: null, cluster: name, createdAt: NOW, trace, differences: null }) as TraceJson;
      frames.set(presented, trace.paths.map((path) => path.frames));
      return presented;
    },
    frames: (_name, trace, path): Promise<readonly FrameJson[]> => Promise.resolve(presentFrames(frames.get(trace)![path] ?? [], true)),
  };
}
