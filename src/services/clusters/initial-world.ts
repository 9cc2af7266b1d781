import { initialObjects } from '../../controllers/initial-objects.js';
import { defaultObject } from '../../domain/cluster/default-object.js';
import type { NodeSeed } from '../../domain/cluster/node-seed.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { Problem } from '../app-error.js';
import { putObject } from '../objects/put-object.js';
import type { Edit } from '../world/edit.js';

/** What a new cluster of these settings has, in the order in which it comes to be. */
export const initialWorld = (settings: ClusterSettings, nodes: readonly NodeSeed[]): readonly KubeObject[] =>
  initialObjects(settings, nodes).map(defaultObject);

/** Puts objects that do not exist yet into an edit. @returns what is wrong with them, their names in the message */
export function putNew(edit: Edit, objects: readonly KubeObject[]): readonly Problem[] {
  for (const object of objects) edit.context.allocations.reserve(object);
  return objects.flatMap((object) =>
    putObject(edit, object, null).problems.map(({ path, message }) => ({ path: '', message: `${object.kind} ${object.metadata.name}: ${path}: ${message}` })));
}
