import { admitObject } from '../../controllers/admission/admit-object.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { mergePatch } from '../../domain/cluster/merge-patch.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import { validateClusterSettings } from '../../domain/cluster/validate-cluster-settings.js';
import { AppError, type Problem } from '../app-error.js';
import { assertPlainData } from '../plain-data.js';
import type { Edit } from '../world/edit.js';
import { refusal } from '../zod-problems.js';
import { initialWorld, putNew } from './initial-world.js';
import { isFields } from '../../domain/values/fields.js';

/** @throws AppError with every problem of the patch, and of the objects that the new settings have no room for */
export async function patchSettings(edit: Edit, patch: unknown): Promise<void> {
  const problems = await changeSettings(edit, patchedSettings(edit.draft.settings, patch));
  if (problems.length > 0) throw refusal('the change of the settings', problems, false);
}

/** Gives the cluster other settings. @returns the objects that they have no room for: the edit must then be dropped */
export async function changeSettings(edit: Edit, after: ClusterSettings): Promise<readonly Problem[]> {
  const before = edit.draft.settings;
  if (deepEqual(before, after)) return [];
  edit.setSettings(after);
  const problems = await refusedObjects(edit, before, after);
  return problems.length === 0 && before.dns.replicas !== after.dns.replicas ? scaleDns(edit, after) : problems;
}

function patchedSettings(before: ClusterSettings, patch: unknown): ClusterSettings {
  const errors: (Problem & { readonly category: 'shape' | 'value' })[] = [];
  if (typeof patch === 'object' && patch !== null && 'nodes' in patch) {
    errors.push({ path: 'nodes', message: 'nodes are objects of the cluster once it exists: create and delete them under /nodes', category: 'value' });
  }
  const merged = mergePatch(statedSettings(before), patch);
  const { settings, errors: found } = validateClusterSettings(isFields(merged) ? { ...merged, nodes: 0 } : merged);
  errors.push(...found.filter(({ path }) => path !== 'nodes'));
  if (errors.length > 0) {
    throw refusal(
      'the change of the settings',
      errors.map(({ path, message }) => ({ path, message })),
      errors.some(({ category }) => category === 'shape'),
    );
  }
  return settings;
}

/** Settings without what only follows from others: with a new podCIDR, the default list of what is not masqueraded is a new one too. */
function statedSettings(settings: ClusterSettings): unknown {
  const followers = { masquerade: { nonMasqueradeCIDRs: null }, underlay: { gateway: { internalIP: null }, isp: { ip: null } } };
  const stripped = mergePatch(settings, followers);
  const derived = validateClusterSettings({ ...(stripped as object), nodes: 0 }).settings;
  const { masquerade, underlay } = settings;
  return mergePatch(stripped, {
    ...(!deepEqual(masquerade, derived.masquerade) && { masquerade }),
    underlay: {
      ...(underlay.gateway.internalIP !== derived.underlay.gateway.internalIP && { gateway: { internalIP: underlay.gateway.internalIP } }),
      ...(underlay.isp.ip !== derived.underlay.isp.ip && { isp: underlay.isp }),
    },
  });
}

const RANGES = ['podCIDR', 'nodeCIDRMaskSize', 'serviceCIDR', 'nodePortRange', 'underlay'] as const;

/** Objects that would not be admitted under the new settings. */
async function refusedObjects(edit: Edit, before: ClusterSettings, after: ClusterSettings): Promise<readonly Problem[]> {
  if (RANGES.every((field) => deepEqual(before[field], after[field]))) return [];
  const refs: ObjectRef[] = [
    ...Array.from(edit.draft.allNodeFacts(), ({ name }) => ({ group: '', kind: 'Node', namespace: '', name })),
    ...Array.from(edit.draft.allServices(), ({ namespace, name }) => ({ group: '', kind: 'Service', namespace, name })),
  ];
  const objects = (await edit.load(refs)).filter((object) => object !== null);
  return objects.flatMap((object) =>
    admitObject(edit.draft, object, undefined, edit.context).errors.map(({ path, message }) => ({
      path: '',
      message: `${nameOf(object)}: ${path}: ${message}`,
    })),
  );
}

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

/** The cluster's DNS is what the settings say: as many pods, or none and no Service. */
async function scaleDns(edit: Edit, settings: ClusterSettings): Promise<readonly Problem[]> {
  const others = new Set(initialWorld({ ...settings, dns: { replicas: 0 } }, []).map((object) => refKey(refOf(object))));
  const parts = initialWorld({ ...settings, dns: { replicas: Math.max(1, settings.dns.replicas) } }, []).filter((object) => !others.has(refKey(refOf(object))));
  const existing = await edit.load(parts.map(refOf));
  const missing = parts.filter((_, index) => !existing[index]);
  if (settings.dns.replicas === 0) {
    for (const object of existing) if (object) edit.remove(refOf(object));
    return [];
  }
  const problems = [...putNew(edit, missing)];
  for (const object of existing) {
    if (object?.kind === 'Deployment') problems.push(...rescale(edit, object, settings.dns.replicas));
  }
  return problems;
}

function rescale(edit: Edit, deployment: KubeObject, replicas: number): readonly Problem[] {
  const { object, facts, errors } = admitObject(edit.draft, mergePatch(deployment, { spec: { replicas } }) as KubeObject, deployment, edit.context);
  if (facts) edit.put(refOf(object), object, facts);
  return errors;
}

/** The name that a patch asks for, if it asks for one. */
export function patchedName(patch: unknown): string | undefined {
  const name = typeof patch === 'object' && patch !== null && 'name' in patch ? patch.name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** @throws AppError BAD_REQUEST for a patch that is no object */
export function assertPatch(patch: unknown): void {
  assertPlainData(patch);
  if (isFields(patch)) return;
  throw new AppError('BAD_REQUEST', 'a JSON merge patch of settings is an object', [{ path: '', message: 'must be an object with the fields to change' }]);
}
