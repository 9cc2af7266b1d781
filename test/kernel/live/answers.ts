import type { FrameJson } from '../../../src/render/json/packet-json.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import type { Announcement } from './lab.js';
import type { ClusterChange, ClusterRecipe } from './recipe.js';

/** What a comparison asks of the product, over its API or without a server. */
export interface Answers {
  create(name: string, recipe: ClusterRecipe): Promise<void>;
  /** Forgets what flows have left behind. */
  reset(name: string): Promise<void>;
  /** Cuts the cables of these nodes, and mends all others. */
  cut(name: string, nodes: readonly string[]): Promise<void>;
  change(name: string, change: ClusterChange): Promise<void>;
  announce(name: string, announcement: Announcement): Promise<void>;
  /** What nodes and pods know by now: neighbours as `netns device address`, connections as `netns protocol source destination`. */
  known(name: string): Promise<ReadonlySet<string>>;
  trace(name: string, question: object): Promise<TraceJson>;
  frames(name: string, trace: TraceJson, path: number): Promise<readonly FrameJson[]>;
}
