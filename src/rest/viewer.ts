import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../services/use-cases/viewer.js';

const LOCAL: Viewer = { id: 'local', name: 'local' };

/** Who asks. Without authentication there is one local user, who may do everything. */
export const viewerOf = (_req: IncomingMessage): Viewer => LOCAL;
