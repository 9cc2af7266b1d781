import type { StateChange } from '../../services/use-cases/state.js';
import type { FrameJson } from './packet-json.js';
import { presentFrames } from './present-frame.js';

type StateChangeJson = Omit<StateChange, 'frames'> & { readonly frames: readonly FrameJson[] };

/** The live state after a change, and all frames sent meanwhile. There is no path, so no copy counts as flooded. */
export const presentStateChange = (change: StateChange): StateChangeJson => ({ ...change, frames: presentFrames(change.frames, true) });
