import type { Viewer } from './use-cases/viewer.js';

/** The one user of a server without authentication, who may do everything. */
export const LOCAL_VIEWER: Viewer = { id: 'local', name: 'local' };
