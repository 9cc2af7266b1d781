import type { FrameJson } from '../../../src/render/json/packet-json.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import type { Announcement } from './lab.js';
import type { ClusterChange, ClusterRecipe } from './recipe.js';

/** The interface through which a comparison uses the product, over its API or without a server. */
export interface Answers {
  create(name: string, recipe: ClusterRecipe): Promise<void>;
  /** Resets the live state. */
  reset(name: string): Promise<void>;
  /** Sets the links of these nodes down, and those of all others up. */
  cut(name: string, nodes: readonly string[]): Promise<void>;
  change(name: string, change: ClusterChange): Promise<void>;
  announce(name: string, announcement: Announcement): Promise<void>;
  /** The current entries of nodes and pods: neighbours as `netns device address`, connections as `netns protocol source destination`. */
  known(name: string): Promise<ReadonlySet<string>>;
  trace(name: string, question: object): Promise<TraceJson>;
  frames(name: string, trace: TraceJson, path: number): Promise<readonly FrameJson[]>;
}
