/**
 * Compares an object with its schema in one pass. It finds unknown fields, and whether the schema accepts the rest. Only
 * if it does not is zod run, for its messages: it is ten times slower, and most objects of a large import are valid.
 */
import { z } from 'zod';
import { isFilled } from './kinds/fields.js';
import { similarNames } from './similar-names.js';
import type { Fields } from '../values/fields.js';

type Tree =
  | ObjectTree
  | { readonly kind: 'list'; readonly element: Tree; /** `false`: the schema has rules about the list itself. */ readonly plain: boolean }
  /** `empty`: the value that replaces `null`; `undefined` if the key is removed. */
  | { readonly kind: 'map'; readonly value: Tree; readonly empty: unknown }
  | { readonly kind: 'leaf'; readonly accepts: (value: unknown) => boolean }
  /** A scalar, or a list or object. */
  | { readonly kind: 'either'; readonly structured: Tree; readonly accepts: (value: unknown) => boolean }
  | { readonly kind: 'any' };

interface ObjectTree {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Tree>;
  readonly required: readonly string[];
  /** Fields in which an empty string counts as absent. */
  readonly filled: ReadonlySet<string>;
  /** Further fields are allowed. */
  readonly loose: boolean;
}

export interface UnknownField {
  readonly path: string;
  readonly message: string;
}

interface FoundField extends UnknownField {
  /** The message suggests a similar field. */
  readonly isGuessed: boolean;
}

interface Findings {
  readonly unknown: FoundField[];
  sound: boolean;
}

const compiled = new WeakMap<object, Tree>();

function compile(schema: z.core.$ZodType): Tree {
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  const plain = (definition.checks ?? []).length === 0;
  switch (definition.type) {
    case 'object': {
      const fields = new Map(Object.entries(definition.shape).map(([name, field]) => [name, treeOf(field)]));
      const required = Object.entries(definition.shape).filter(([, field]) => field._zod.optin === undefined).map(([name]) => name);
      const filled = new Set(Object.entries(definition.shape).filter(([, field]) => isFilled(field)).map(([name]) => name));
      return { kind: 'object', fields, required, filled, loose: definition.catchall !== undefined };
    }
    case 'array': return { kind: 'list', element: treeOf(definition.element), plain };
    case 'record':
      if (plain) return { kind: 'map', value: treeOf(definition.valueType), empty: definition.valueType._zod.def.type === 'string' ? '' : undefined };
      break;
    case 'union': {
      const options = definition.options.map(treeOf);
      const leaves = options.filter((option) => option.kind === 'leaf');
      if (plain && leaves.length === options.length) return { kind: 'leaf', accepts: (value) => leaves.some(({ accepts }) => accepts(value)) };
      const structured = options.find(({ kind }) => kind === 'list' || kind === 'object');
      if (structured) return { kind: 'either', structured, accepts: (value) => z.safeParse(schema, value).success };
      break;
    }
    case 'default':
    case 'prefault':
    case 'optional': return treeOf(definition.innerType);
    case 'unknown': return { kind: 'any' };
    case 'string': if (plain) return { kind: 'leaf', accepts: (value) => typeof value === 'string' }; break;
    case 'number': if (plain) {
      const integer = 'format' in definition;
      return { kind: 'leaf', accepts: (value) => (integer ? Number.isSafeInteger(value) : Number.isFinite(value)) };
    } break;
    case 'boolean': if (plain) return { kind: 'leaf', accepts: (value) => typeof value === 'boolean' }; break;
    case 'enum': {
      const values = new Set<unknown>(Object.values(definition.entries));
      return { kind: 'leaf', accepts: (value) => values.has(value) };
    }
  }
  return { kind: 'leaf', accepts: (value) => z.safeParse(schema, value).success };
}

function treeOf(schema: z.core.$ZodType): Tree {
  const known = compiled.get(schema);
  if (known) return known;
  const tree = compile(schema);
  compiled.set(schema, tree);
  return tree;
}

function unknownField(path: string, name: string, fields: ObjectTree['fields']): FoundField {
  const [nearest] = similarNames(name, fields.keys(), 1);
  const isSelector = fields.has('matchLabels') && fields.has('matchExpressions');
  const hint = nearest === undefined ? (isSelector ? '; labels belong into its "matchLabels"' : '') : `; did you mean "${nearest}"?`;
  return { path, message: `unknown field "${path}"${hint}`, isGuessed: nearest !== undefined };
}

function walkObject({ fields, required, filled, loose }: ObjectTree, value: Fields, path: string, findings: Findings): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const tree = fields.get(name);
    const inner = value[name];
    if (tree === undefined && loose) continue;
    if (tree === undefined || inner === null || inner === undefined || (inner === '' && filled.has(name))) {
      if (tree === undefined) findings.unknown.push(unknownField(path + name, name, fields));
      copy ??= { ...value };
      delete copy[name];
    } else if (tree.kind === 'leaf') {
      findings.sound &&= tree.accepts(inner);
    } else if (tree.kind !== 'any') {
      const kept = walk(tree, inner, path + name, findings);
      if (kept !== inner) (copy ??= { ...value })[name] = kept;
    }
  }
  const result = copy ?? value;
  for (const name of required) findings.sound &&= result[name] !== undefined;
  return result;
}

function walkList(element: Tree, value: readonly unknown[], path: string, findings: Findings): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const kept = walk(element, value[index], `${path}[${index}]`, findings);
    if (kept !== value[index]) (copy ??= [...value])[index] = kept;
  }
  return copy ?? value;
}

function walk(tree: Tree, value: unknown, path: string, findings: Findings): unknown {
  if (tree.kind === 'any') return value;
  if (tree.kind === 'leaf') {
    findings.sound &&= tree.accepts(value);
    return value;
  }
  if (tree.kind === 'either') {
    if (typeof value === 'object') return walk(tree.structured, value, path, findings);
    findings.sound &&= tree.accepts(value);
    return value;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (tree.kind === 'list')) {
    findings.sound = false;
    return value;
  }
  if (tree.kind === 'list') {
    findings.sound &&= tree.plain;
    return walkList(tree.element, value as readonly unknown[], path, findings);
  }
  if (tree.kind === 'object') return walkObject(tree, value as Fields, path === '' ? '' : `${path}.`, findings);
  return walkMap(tree, value as Fields, path, findings);
}

function walkMap({ value: tree, empty }: Extract<Tree, { readonly kind: 'map' }>, value: Fields, path: string, findings: Findings): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    if (value[key] !== null) walk(tree, value[key], path, findings);
    else if (tree.kind !== 'any') {
      copy ??= { ...value };
      if (empty === undefined) delete copy[key];
      else copy[key] = empty;
    }
  }
  return copy ?? value;
}

interface SchemaWalk {
  /**
   * The object as the API server would keep it: without unknown fields, without `null`, and without empty strings in fields
   * that then get a default. The same object if nothing is removed.
   */
  readonly kept: object;
  readonly unknown: readonly FoundField[];
  /** `true`: the schema accepts `kept`. */
  readonly sound: boolean;
}

export function walkSchema(schema: z.ZodType, value: object): SchemaWalk {
  const findings: Findings = { unknown: [], sound: true };
  const kept = walk(treeOf(schema), value, '', findings) as object;
  return { kept, unknown: findings.unknown, sound: findings.sound };
}
