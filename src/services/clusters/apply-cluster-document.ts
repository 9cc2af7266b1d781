import { deepEqual } from '../../domain/values/deep-equal.js';
import { refOf, type KubeObject } from '../../domain/cluster/objects.js';
import type { ManifestDocument } from '../manifests/parse-manifests.js';
import type { ManifestFindings } from '../objects/manifest-findings.js';
import type { ClusterRecord } from '../ports.js';
import type { Edit } from '../world/edit.js';
import type { World } from '../world/world.js';
import { readClusterDocument } from './cluster-document.js';
import { changeSettings } from './patch-settings.js';

/**
 * Settings may come with the manifests: those that the cluster has already, or, into a cluster that nobody has touched,
 * new ones.
 *
 * @param documents those of the kind Cluster
 */
export async function applyClusterDocument(
  world: World,
  edit: Edit,
  record: ClusterRecord,
  documents: readonly ManifestDocument[],
  findings: ManifestFindings,
): Promise<void> {
  const [source, ...more] = documents;
  if (!source) return;
  for (const extra of more) findings.add(extra, [{ path: 'kind', message: 'there is a Cluster document already: manifests are of one cluster' }]);
  const { settings, complete, problems } = readClusterDocument(source.object as KubeObject, record.settings.name);
  if (settings === null || problems.length > 0) {
    findings.add(source, problems, true);
    return;
  }
  const isFresh = record.revision === 1;
  const isOther = !deepEqual(settings, edit.draft.settings);
  if (isOther && !isFresh) {
    findings.add(source, [
      { path: 'spec', message: "these settings differ from the cluster's: apply them to a new cluster, or change the cluster's own with PATCH" },
    ]);
    return;
  }
  if (complete && isFresh) {
    // An export holds everything: what every new cluster has makes room for it.
    for await (const objects of world.store.everyObject(record.id)) for (const object of objects) edit.erase(refOf(object));
    if (isOther) edit.setSettings(settings);
  } else if (isOther) {
    findings.add(
      source,
      (await changeSettings(edit, settings)).map(({ message }) => ({ path: 'spec', message })),
    );
  }
}
