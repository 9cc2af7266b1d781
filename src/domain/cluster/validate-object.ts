/**
 * Validates a Kubernetes object: its shape by the kind's schema, then its values by the API server's rules. All problems
 * are reported at once. What depends on the rest of the cluster (a taken node port, a range, an unknown node) is
 * checked elsewhere.
 */
import { z } from 'zod';
import { invalidValue, requiredValue } from './api-messages.js';
import { namedMetaSchema } from './kinds/fields.js';
import { apiVersionOfKind, isKubernetesGroup, isKubernetesKind, kindsOfGroup, readerOfGroup } from './kinds/kubernetes-kinds.js';
import { findTypedKind, isNamespaced, servedApiVersion } from './kinds/registry.js';
import { apiVersionProblem, kindProblem } from './name-syntax.js';
import type { ObjectProblem, Report } from './object-problem.js';
import { groupOf, type KubeObject } from './objects.js';
import { pruneFields, stringifyFields } from './prune-fields.js';
import { rulesOf } from './rules/kind-rules.js';
import { checkMetadata, type NameSyntax } from './rules/metadata-rules.js';
import { describeType, flattenIssues, schemaProblems, valueAt, withoutRedundantIssues } from './schema-problems.js';
import { didYouMean, similarNames } from './similar-names.js';
import { walkSchema, type UnknownField } from './schema-walk.js';
import { withListsOfSingulars } from './singular-fields.js';
import { isFields, type Fields } from '../values/fields.js';

export interface ExpectedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface ValidatedObject {
  /** Without unknown and `null` fields. It is an object of its kind only if `errors` is empty. */
  readonly object: KubeObject;
  /** Fields that the API does not have. The caller warns about them or refuses them. */
  readonly unknownFields: readonly UnknownField[];
  readonly errors: readonly ObjectProblem[];
  /** The object without its fields of a wrong type, if the rest has the shape of its kind; absent if there are no such fields. */
  readonly rest?: KubeObject;
}

/** The schema of kinds without a schema of their own: any fields, with a name. */
const untypedSchema = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject(namedMetaSchema.shape) });

const shape = (path: string, message: string): ObjectProblem => ({ path, message, category: 'shape' });

const apiVersionOf = ({ group, version }: ExpectedKind): string => (group === '' ? version : `${group}/${version}`);

/** The problems of `apiVersion` and `kind`; if there are any, nothing else can be checked. */
function typeProblems(input: Fields, expected: ExpectedKind | undefined): readonly ObjectProblem[] {
  const problems: ObjectProblem[] = [];
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = input[field];
    if (value === undefined || value === null || value === '') problems.push(shape(field, requiredValue(field === 'kind' ? 'e.g. Pod' : 'e.g. v1')));
    else if (typeof value !== 'string') problems.push(shape(field, `expected a string, got ${describeType(value)}`));
  }
  if (problems.length > 0) return problems;
  const { apiVersion, kind } = input as { readonly apiVersion: string; readonly kind: string };
  if (expected) {
    const wanted = apiVersionOf(expected);
    if (apiVersion !== wanted) {
      problems.push(shape('apiVersion', `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`));
    }
    if (kind !== expected.kind) problems.push(shape('kind', `the kind in the data (${kind}) does not match the expected kind (${expected.kind})`));
    return problems;
  }
  const syntax = { apiVersion: apiVersionProblem(apiVersion), kind: kindProblem(kind) };
  if (syntax.apiVersion !== undefined) problems.push({ path: 'apiVersion', category: 'value', message: invalidValue(apiVersion, syntax.apiVersion) });
  if (syntax.kind !== undefined) problems.push({ path: 'kind', category: 'value', message: invalidValue(kind, syntax.kind) });
  if (problems.length > 0) return problems;
  const match = matchProblem(apiVersion, kind);
  return match ? [match] : [];
}

/** The problem of a kind that does not exist in this version, or at all. @source k8s.io/apimachinery `meta.NoKindMatchError` */
function matchProblem(apiVersion: string, kind: string): ObjectProblem | undefined {
  const group = groupOf(apiVersion);
  const noMatch = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
  const reader = readerOfGroup(group);
  if (reader !== undefined) return { path: 'kind', category: 'value', message: `${noMatch}: ${reader}` };
  const served = servedApiVersion(group, kind, apiVersion);
  if (served !== undefined) return served === apiVersion ? undefined : { path: 'apiVersion', category: 'value', message: `${noMatch}: use ${served}` };
  if (!isKubernetesGroup(group) || isKubernetesKind(apiVersion, kind)) return undefined;
  const elsewhere = apiVersionOfKind(kind, group);
  if (elsewhere !== undefined) {
    return { path: 'apiVersion', category: 'value', message: `${noMatch}: use ${servedApiVersion(groupOf(elsewhere), kind) ?? elsewhere}` };
  }
  return { path: 'kind', category: 'value', message: `${noMatch}${didYouMean(similarNames(kind, kindsOfGroup(group)))}` };
}

interface Kind {
  readonly schema: z.ZodType;
  readonly namespaced: boolean;
  readonly nameSyntax: NameSyntax;
  readonly check: (object: object, report: Report) => void;
}

/** Collects the problems that rules find, except at places that already have a problem, at them or inside them. */
function reporterInto(problems: ObjectProblem[]): Report {
  const places = problems.map(({ path }) => path);
  return (path, message) => {
    const known = places.some((place) => place === path || place.startsWith(`${path}.`) || place.startsWith(`${path}[`));
    if (!known) problems.push({ path, message, category: 'value' });
  };
}

/**
 * Removes the fields of a wrong type. An invalid value of an enumeration is replaced by its text instead: if it were
 * removed, rules would check the rest of the object by the field's default.
 */
function withoutWrongTypes(object: object, wrong: readonly z.core.$ZodIssue[]): object {
  const isName = ({ code, path }: z.core.$ZodIssue): boolean => code === 'invalid_value' && valueAt(object, path) !== undefined;
  return pruneFields(stringifyFields(object, wrong.filter(isName).map(({ path }) => path)), wrong.filter((issue) => !isName(issue)).map(({ path }) => path));
}

/** @param sound whether the object is already known to have the right shape */
function judge(kind: Kind, object: object, sound: boolean): { readonly problems: readonly ObjectProblem[]; readonly rest: object | undefined } {
  const issuesOf = (one: object): readonly z.core.$ZodIssue[] =>
    withoutRedundantIssues((kind.schema.safeParse(one).error?.issues ?? []).flatMap(flattenIssues));
  const issues = sound ? [] : issuesOf(object);
  const problems: ObjectProblem[] = [...schemaProblems(issues, object)];
  const wrongTypes = issues.filter((_, index) => problems[index]?.category === 'shape');
  const rest = wrongTypes.length > 0 ? withoutWrongTypes(object, wrongTypes) : object;
  const report = reporterInto(problems);
  const { metadata } = rest as { readonly metadata?: object };
  if (isFields(metadata)) checkMetadata(metadata, kind.nameSyntax, kind.namespaced, report);
  kind.check(rest, report);
  const isOfItsKind = wrongTypes.length > 0 && schemaProblems(issuesOf(rest), rest).every(({ category }) => category === 'value');
  return { problems, rest: isOfItsKind ? rest : undefined };
}

/**
 * Explains that `apply` needs a name if the object has only `generateName`.
 *
 * @source kubernetes/kubectl `apply`: "cannot use generate name with apply"
 */
function explainMissingName(problems: readonly ObjectProblem[], input: Fields): readonly ObjectProblem[] {
  const { metadata } = input;
  if (!isFields(metadata) || metadata['generateName'] === undefined) return problems;
  return problems.map((problem) =>
    problem.path === 'metadata.name' && problem.category === 'shape'
      ? { ...problem, message: requiredValue('generateName is for an object that is created by itself, not for manifests') }
      : problem,
  );
}

/**
 * @param expected the kind of the route that was called: the default for a missing `apiVersion` and `kind`; others are refused
 */
export function validateObject(input: unknown, expected?: ExpectedKind): ValidatedObject {
  if (!isFields(input)) return { object: {} as KubeObject, unknownFields: [], errors: [shape('', `expected a Kubernetes object, got ${describeType(input)}`)] };
  const complete: Fields = expected && (input['apiVersion'] === undefined || input['kind'] === undefined)
    ? { ...input, apiVersion: input['apiVersion'] ?? apiVersionOf(expected), kind: input['kind'] ?? expected.kind }
    : input;
  const typeErrors = typeProblems(complete, expected);
  if (typeErrors.length > 0) return { object: complete as KubeObject, unknownFields: [], errors: typeErrors };

  const { apiVersion, kind } = complete as { readonly apiVersion: string; readonly kind: string };
  const group = groupOf(apiVersion);
  const typed = findTypedKind(group, kind);
  const schema = typed?.schema ?? untypedSchema;
  const { kept, unknown, sound } = walkSchema(schema, withListsOfSingulars(complete));
  const { nameSyntax, check } = rulesOf(group, kind);
  const { problems: errors, rest } = judge({ schema, nameSyntax, check, namespaced: typed?.namespaced ?? isNamespaced(group, kind) }, kept, sound);
  return {
    object: kept as KubeObject,
    unknownFields: typed ? unknown.map(({ path, message }) => ({ path, message })) : [],
    errors: errors.length > 0 ? explainMissingName(errors, complete) : errors,
    ...(rest && { rest: rest as KubeObject }),
  };
}

