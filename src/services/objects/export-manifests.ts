import type { KubeObject } from '../../domain/cluster/objects.js';
import { LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { byText } from '../../domain/values/by-text.js';
import { clusterDocument } from '../clusters/cluster-document.js';
import { formatManifest } from '../manifests/format-manifests.js';
import { inTurns } from '../turns.js';
import type { Viewer } from '../use-cases/viewer.js';
import type { World } from '../world/world.js';

/**
 * Everything in a cluster, at one revision: first its settings, then its objects in order of creation. Equal
 * clusters give equal text, however they were made.
 */
export function exportManifests(world: World, viewer: Viewer, cluster: string): Promise<string> {
  return world.atRest(viewer, cluster, async ({ id, settings }) => {
    const documents = [formatManifest(clusterDocument(settings))];
    for await (const objects of world.store.everyObject(id)) {
      for await (const object of inTurns(objects)) documents.push(formatManifest(inOrder(portable(object)) as object));
    }
    return documents.join('---\n');
  });
}

/** The object without fields that are internal to this cluster. */
function portable({ metadata: { resourceVersion: _version, annotations, ...metadata }, ...object }: KubeObject): object {
  const { [LAST_APPLIED_ANNOTATION]: _applied, ...kept } = annotations ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) } };
}

/** Sorts the fields of all objects by name, as kubectl prints them, so that the order in which they were written does not show. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => byText(a, b)).map(([key, field]) => [key, inOrder(field)]));
}
