import type { Request } from 'express';
import { TYPED_KINDS, type PluralKind } from '../../services/objects/typed-kinds.js';
import type { ObjectService, WriteResult } from '../../services/use-cases/objects.js';
import { CREATED_HEADERS, ETAG, CONDITIONS, IF_NONE_MATCH, kubeObject, objectPatch, NOT_MODIFIED, objectList, WARNING } from '../common.schema.js';
import { negotiate } from '../http/negotiate.js';
import { conditionsOf, isFresh, sendNotModified } from '../http/preconditions.js';
import { PATCH_TYPES, readJsonStrictly } from '../http/read-body.js';
import { addWarnings, sendJson } from '../http/respond.js';
import { operation, param, type Exchange, type Operation, type Resource } from '../resource.js';
import { objectPath } from './objects.presenter.js';
import { creationBody, deleteQuery, listQuery, replacementBody, writeQuery } from './objects.schema.js';

const WRITE_PROBLEMS = [
  'BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'ALREADY_EXISTS', 'CONFLICT', 'PRECONDITION_FAILED', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE',
  'UNPROCESSABLE',
] as const;
const JSON_ONLY = ['application/json'] as const;

/** Sends a written object. After a dry run there is no ETag, since the object is not stored. */
function sendWritten({ res, query }: Exchange<{ readonly dryRun?: boolean | undefined }>, status: number, { object, warnings }: WriteResult): void {
  if (!query.dryRun) res.setHeader('ETag', `"${object.metadata.resourceVersion ?? ''}"`);
  addWarnings(res, warnings);
  sendJson(res, status, object);
}

const written = { description: 'The object as it is now', content: { 'application/json': kubeObject }, headers: { ...ETAG, ...WARNING } };

/** The routes of one kind. They are the same for all kinds, whose differences are in the use-case. */
export function objectResources(objects: ObjectService, plural: PluralKind): Resource[] {
  const { kind, namespaced } = TYPED_KINDS[plural];
  const collection = `/api/v1/clusters/{cluster}/${plural}`;
  const namespaceOf = (req: Request): string => (namespaced ? param(req, 'namespace') : '');
  return [
    { path: collection, tag: plural, operations: { get: list(objects, plural), post: create(objects, plural, kind) } },
    {
      path: `${collection}/${namespaced ? '{namespace}/{name}' : '{name}'}`,
      tag: plural,
      operations: {
        get: read(objects, plural, kind, namespaceOf),
        put: replace(objects, plural, kind, namespaceOf),
        patch: patch(objects, plural, kind, namespaceOf),
        delete: remove(objects, plural, kind, namespaceOf),
      },
    },
  ];
}

type NamespaceOf = (req: Request) => string;

const withArticle = (kind: string): string => `${/^[AEIO]|^HTTP/.test(kind) ? 'an' : 'a'} ${kind}`;

/** The plural in the spelling of the kind: `NetworkPolicies`. */
function pluralName(plural: PluralKind): string {
  const { kind } = TYPED_KINDS[plural];
  let end = 0;
  while (end < kind.length && kind[end]?.toLowerCase() === plural[end]) end += 1;
  return kind.slice(0, end) + plural.slice(end);
}

const list = (objects: ObjectService, plural: PluralKind): Operation =>
  operation({
    operationId: `list${pluralName(plural)}`,
    summary: `Lists ${pluralName(plural)}, a page at a time`,
    query: listQuery(plural),
    responses: { 200: { description: 'In order of namespace and name', content: { 'application/json': objectList } } },
    problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
    handle: async ({ req, res, query, viewer }) => {
      negotiate(req, JSON_ONLY);
      sendJson(res, 200, await objects.list(viewer, param(req, 'cluster'), plural, query));
    },
  });

const create = (objects: ObjectService, plural: PluralKind, kind: string): Operation =>
  operation({
    operationId: `create${kind}`,
    summary: `Creates ${withArticle(kind)}`,
    description: 'With `metadata.generateName` instead of `metadata.name`, the name is that prefix and five generated characters.',
    query: writeQuery,
    headers: CONDITIONS,
    body: { 'application/json': creationBody(plural) },
    responses: { 201: { ...written, headers: { ...CREATED_HEADERS, ...WARNING } } },
    problems: WRITE_PROBLEMS,
    handle: async (exchange) => {
      const { req, res, query, viewer } = exchange;
      negotiate(req, JSON_ONLY);
      const { body, ...noted } = await readJsonStrictly(req);
      const result = await objects.create(viewer, param(req, 'cluster'), plural, body, { ...query, ...noted, ...conditionsOf(req) });
      if (!query.dryRun) res.setHeader('Location', objectPath(param(req, 'cluster'), plural, result.object));
      sendWritten(exchange, 201, result);
    },
  });

const read = (objects: ObjectService, plural: PluralKind, kind: string, namespaceOf: NamespaceOf): Operation =>
  operation({
    operationId: `get${kind}`,
    summary: `Reads ${withArticle(kind)}`,
    headers: IF_NONE_MATCH,
    responses: { 200: { description: 'The object', content: { 'application/json': kubeObject }, headers: ETAG }, 304: NOT_MODIFIED },
    problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE'],
    handle: async ({ req, res, viewer }) => {
      negotiate(req, JSON_ONLY);
      const object = await objects.get(viewer, param(req, 'cluster'), plural, namespaceOf(req), param(req, 'name'));
      if (isFresh(req, res, object.metadata.resourceVersion ?? '')) sendNotModified(res);
      else sendJson(res, 200, object);
    },
  });

const replace = (objects: ObjectService, plural: PluralKind, kind: string, namespaceOf: NamespaceOf): Operation =>
  operation({
    operationId: `replace${kind}`,
    summary: `Replaces ${withArticle(kind)}`,
    query: writeQuery,
    headers: CONDITIONS,
    body: { 'application/json': replacementBody(plural) },
    responses: { 200: written },
    problems: WRITE_PROBLEMS,
    handle: async (exchange) => {
      const { req, query, viewer } = exchange;
      negotiate(req, JSON_ONLY);
      const { body, ...noted } = await readJsonStrictly(req);
      const how = { ...query, ...noted, ...conditionsOf(req) };
      sendWritten(exchange, 200, await objects.replace(viewer, param(req, 'cluster'), plural, namespaceOf(req), param(req, 'name'), body, how));
    },
  });

const patch = (objects: ObjectService, plural: PluralKind, kind: string, namespaceOf: NamespaceOf): Operation =>
  operation({
    operationId: `patch${kind}`,
    summary: `Changes fields of ${withArticle(kind)}`,
    query: writeQuery,
    headers: CONDITIONS,
    body: { 'application/merge-patch+json': objectPatch, 'application/json': objectPatch },
    responses: { 200: written },
    problems: WRITE_PROBLEMS,
    handle: async (exchange) => {
      const { req, query, viewer } = exchange;
      negotiate(req, JSON_ONLY);
      const { body, ...noted } = await readJsonStrictly(req, PATCH_TYPES);
      const how = { ...query, ...noted, ...conditionsOf(req) };
      sendWritten(exchange, 200, await objects.patch(viewer, param(req, 'cluster'), plural, namespaceOf(req), param(req, 'name'), body, how));
    },
  });

const remove = (objects: ObjectService, plural: PluralKind, kind: string, namespaceOf: NamespaceOf): Operation =>
  operation({
    operationId: `delete${kind}`,
    summary: `Deletes ${withArticle(kind)}`,
    query: deleteQuery,
    headers: CONDITIONS,
    responses: { 200: { description: 'The object as it was', content: { 'application/json': kubeObject }, headers: WARNING } },
    problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'PRECONDITION_FAILED', 'UNPROCESSABLE'],
    handle: async ({ req, res, query, viewer }) => {
      negotiate(req, JSON_ONLY);
      const how = { ...query, ...conditionsOf(req) };
      const { object, warnings } = await objects.delete(viewer, param(req, 'cluster'), plural, namespaceOf(req), param(req, 'name'), how);
      addWarnings(res, warnings);
      sendJson(res, 200, object);
    },
  });
