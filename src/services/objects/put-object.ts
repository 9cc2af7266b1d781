import { admitObject } from '../../controllers/admission/admit-object.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { defaultObject } from '../../domain/cluster/default-object.js';
import type { ObjectProblem } from '../../domain/cluster/object-problem.js';
import { refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { validateObject, type ExpectedKind } from '../../domain/cluster/validate-object.js';
import type { Problem } from '../app-error.js';
import type { WriteOptions } from '../use-cases/objects.js';
import type { Edit } from '../world/edit.js';

export type FieldValidation = NonNullable<WriteOptions['fieldValidation']>;

export type JudgedProblem = Problem & Pick<ObjectProblem, 'unquoted'>;

/** An object that was validated without looking at the cluster. */
export interface Judged {
  /** Use it only if there are no problems. */
  readonly object: KubeObject;
  readonly problems: readonly JudgedProblem[];
  /** One of the problems is a shape problem. */
  readonly shape: boolean;
  /** In that case the object without the wrong fields, if it is still an object of its kind. */
  readonly rest?: KubeObject;
  readonly warnings: readonly string[];
}

const NONE: readonly never[] = Object.freeze([]);

/** Validates an object and fills in its defaults. */
export function judge(input: unknown, expected: ExpectedKind | undefined, fieldValidation: FieldValidation): Judged {
  const judged = validate(input, expected, fieldValidation);
  return judged.problems.length > 0 ? judged : { ...judged, object: defaultObject(judged.object) };
}

/** Validates an object without filling in defaults. */
export function validate(input: unknown, expected: ExpectedKind | undefined, fieldValidation: FieldValidation): Judged {
  const { object, unknownFields, errors, rest } = validateObject(input, expected);
  const problems: JudgedProblem[] = errors.map(({ path, message, unquoted }) => ({ path, message, ...(unquoted && { unquoted }) }));
  // With other problems a warning would be lost, but a mistyped field name is often their cause, so it becomes a problem too.
  if (fieldValidation === 'Strict' || (fieldValidation === 'Warn' && errors.length > 0)) problems.push(...unknownFields);
  return {
    object,
    problems,
    shape: errors.some(({ category }) => category === 'shape'),
    ...(rest && { rest }),
    warnings: fieldValidation === 'Warn' && unknownFields.length > 0 ? unknownFields.map(({ message }) => message) : NONE,
  };
}

type Action = 'created' | 'configured' | 'unchanged';

/**
 * Admits an object into an edit, as a new object or in place of `before`.
 *
 * @param object as `judge` completed it
 */
export function putObject(
  edit: Edit,
  object: KubeObject,
  before: KubeObject | null,
): { readonly ref: ObjectRef; readonly action: Action; readonly problems: readonly Problem[] } {
  const { object: admitted, facts, errors, warnings } = admitObject(edit.draft, withoutVersion(object), before ?? undefined, edit.context);
  edit.warnings.push(...warnings);
  const ref = refOf(admitted);
  if (!facts) return { ref, action: 'unchanged', problems: errors };
  if (before && deepEqual(admitted, withoutVersion(before))) return { ref, action: 'unchanged', problems: [] };
  edit.put(ref, admitted, facts);
  return { ref, action: before ? 'configured' : 'created', problems: [] };
}

/** The resourceVersion is set when the edit is written. */
function withoutVersion(object: KubeObject): KubeObject {
  if (object.metadata.resourceVersion === undefined) return object;
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject['metadata'] };
}
