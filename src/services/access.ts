/** Who may do what: every permission, in one place. Each use-case asks before it does anything else. */
import { AppError } from './app-error.js';
import type { Viewer } from './use-cases/viewer.js';

export type Permission = 'read' | 'write';

/** What a decision depends on. */
export interface Owned {
  readonly owner: string;
}

/**
 * A cluster belongs to its owner alone: to see it and to trace in it, to change and to delete it. What a viewer may not
 * see does not exist for them: the caller answers NOT_FOUND, so that nobody learns of another's names.
 */
export const mayUseCluster = (viewer: Viewer, _permission: Permission, { owner }: Owned): boolean => owner === viewer.id;

/** Anyone who is known may have clusters of their own. @throws AppError FORBIDDEN */
export function assertMayCreateCluster(viewer: Viewer): void {
  if (viewer.id === '') throw new AppError('FORBIDDEN', 'only a signed-in user may create a cluster');
}
