import type { Viewer } from './types.js';

/** The one user of a server without authentication, who may do everything. */
export const LOCAL_VIEWER: Viewer = { id: 'local', name: 'local' };
