import type { PodFacts } from '../facts.js';
import type { ObjectMeta } from '../objects.js';

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

export const labelsOf = ({ labels }: ObjectMeta): Readonly<Record<string, string>> => labels ?? NO_LABELS;

/** The owner that manages the object, if one does. */
export function controllerOf({ ownerReferences }: ObjectMeta): PodFacts['owner'] {
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  return owner ? { kind: owner.kind, name: owner.name, uid: owner.uid } : null;
}

/** uids of the owners, without the controller if the facts hold it already. */
export const ownersOf = ({ ownerReferences = [] }: ObjectMeta, knowsController: boolean): readonly string[] =>
  ownerReferences.filter(({ controller }) => !(knowsController && controller)).map(({ uid }) => uid);
