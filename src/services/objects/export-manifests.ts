import type { KubeObject } from '../../domain/cluster/objects.js';
import { LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { byText } from '../../domain/values/by-text.js';
import { clusterDocument } from '../clusters/cluster-document.js';
import { formatManifest } from '../manifests/format-manifests.js';
import { inTurns } from '../turns.js';
import type { Viewer } from '../types.js';
import type { World } from '../world/world.js';

/**
 * Everything in a cluster, its settings first, then its objects in order of creation, all of one revision. What is the
 * same world gives the same text, whichever way it came to be.
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

/** Without what only this cluster's bookkeeping needs. */
function portable({ metadata: { resourceVersion: _version, annotations, ...metadata }, ...object }: KubeObject): object {
  const { [LAST_APPLIED_ANNOTATION]: _applied, ...kept } = annotations ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) } };
}

/** With the fields of every object in order of name, as kubectl prints them: who wrote which of them first is not to be seen. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => byText(a, b)).map(([key, field]) => [key, inOrder(field)]));
}
