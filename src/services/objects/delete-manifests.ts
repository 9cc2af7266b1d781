import { deletionProblem } from '../../controllers/admission/deletion.js';
import { refKey } from '../../domain/cluster/objects.js';
import { isClusterDocument } from '../clusters/cluster-document.js';
import type { ManifestReader } from '../manifests/manifest-reader.js';
import type { ApplyResult, ManifestInput, ManifestOptions } from '../use-cases/objects.js';
import type { Viewer } from '../use-cases/viewer.js';
import type { World } from '../world/world.js';
import { ManifestFindings } from './manifest-findings.js';
import { nearestNames } from '../nearest-names.js';
import { applied, judgeNames, readable } from './read-manifests.js';
import { checkConditions, notFound } from './refusals.js';

/**
 * Deletes the objects that the documents name, all or none. Only names are read, so that the documents with which objects
 * were applied can delete them even if they are no longer valid.
 *
 * @throws AppError with every document that names no object, or one that cannot be deleted
 */
export async function deleteManifests(
  world: World,
  reader: ManifestReader,
  viewer: Viewer,
  cluster: string,
  input: ManifestInput,
  options: ManifestOptions,
): Promise<ApplyResult> {
  world.assertMayUse(viewer, cluster, 'write');
  const { documents, ...text } = await readable(reader, input, options, judgeNames);
  const { result, revision, warnings } = await world.edit(viewer, cluster, options, async (edit, record) => {
    checkConditions(options, String(record.revision));
    const findings = new ManifestFindings(text);
    // A `Cluster` document is ignored: a cluster is deleted by `DELETE /clusters/{cluster}`.
    const named = judgeNames(
      documents.filter(({ object }) => !isClusterDocument(object)),
      findings,
    );
    const once = new Map(named.toReversed().map((document) => [refKey(document.ref), document])); // of several documents for one object the first counts
    const deleted = named
      .filter((document) => once.get(refKey(document.ref)) === document)
      .map(({ source, ref, apiVersion }) => {
        const problem = edit.draft.facts(ref) ? deletionProblem(ref) : notFound(ref, nearestNames(edit.draft, ref)).message;
        if (problem === undefined) edit.remove(ref);
        else findings.add(source, [{ path: 'metadata.name', message: problem }]);
        return applied(ref, apiVersion, 'deleted');
      });
    await findings.assertNone();
    return deleted;
  });
  return { revision, objects: result, warnings };
}
