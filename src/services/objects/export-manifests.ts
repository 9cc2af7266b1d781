import type { KubeObject } from '../../domain/cluster/objects.js';
import { LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { clusterDocument } from '../clusters/cluster-document.js';
import { formatManifest } from '../manifests/format-manifests.js';
import type { Viewer } from '../types.js';
import type { World } from '../world/world.js';

/** Everything in a cluster, its settings first, then its objects in order of creation. */
export async function exportManifests(world: World, viewer: Viewer, cluster: string): Promise<string> {
  const { id, record } = await world.open(viewer, cluster);
  const documents = [formatManifest(clusterDocument(record.settings))];
  for await (const objects of world.store.everyObject(id)) for (const object of objects) documents.push(formatManifest(portable(object)));
  return documents.join('---\n');
}

/** Without what only this cluster's bookkeeping needs. */
function portable({ metadata: { resourceVersion: _version, annotations, ...metadata }, ...object }: KubeObject): object {
  const { [LAST_APPLIED_ANNOTATION]: _applied, ...kept } = annotations ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) } };
}
