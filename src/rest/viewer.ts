import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../services/use-cases/viewer.js';

const LOCAL: Viewer = { id: 'local', name: 'local' };

/** The viewer of a request. Without authentication it is the local user, who may do everything. */
export const viewerOf = (_req: IncomingMessage): Viewer => LOCAL;
