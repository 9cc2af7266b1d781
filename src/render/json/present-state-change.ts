import type { StateChange } from '../../services/types.js';
import type { FrameJson } from './packet-json.js';
import { presentFrames } from './present-frame.js';

type StateChangeJson = Omit<StateChange, 'frames'> & { readonly frames: readonly FrameJson[] };

/** The live state after a change, and all that was sent meanwhile: no path is asked about, so that no copy is off it. */
export const presentStateChange = (change: StateChange): StateChangeJson => ({ ...change, frames: presentFrames(change.frames, true) });
