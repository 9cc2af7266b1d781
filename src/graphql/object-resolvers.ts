import type { Resolvers } from '../generated/graphql.js';
import { parseLabelSelector } from '../domain/cluster/label-selector.js';
import { refOf, type KubeObject, type ObjectRef } from '../domain/cluster/objects.js';
import { TYPED_KINDS, type PluralKind } from '../services/objects/typed-kinds.js';
import type { ManifestInput, Relation, WriteOptions } from '../services/use-cases/objects.js';
import { AppError, type Problem } from '../services/app-error.js';
import { formatContinueToken, listScope, relatedScope } from '../services/objects/continue-token.js';
import { prefixProblems, refIn } from '../services/objects/read-objects.js';
import { exactlyOne, ifMatchOf } from './arguments.js';
import type { GraphqlContext } from './context.js';
import { isObjectCursor, LARGEST_PAGE, pageOfList, pageOfRefs, type ListPiece, type Page, type PageArguments } from './page.js';
import { objectParent, type ClusterParent, type ObjectParent } from './parents.js';
import { withoutNulls } from './without-nulls.js';

/** The typed kinds by their name, which is also the name of the GraphQL type. */
const PLURALS = Object.fromEntries(Object.entries(TYPED_KINDS).map(([plural, { kind }]) => [kind, plural])) as Readonly<Record<string, PluralKind>>;
type ObjectKind = (typeof TYPED_KINDS)[PluralKind]['kind'];

const pluralOf = (kind: ObjectKind): PluralKind => PLURALS[kind] as PluralKind;
const namespaceOf = (plural: PluralKind, namespace: string | null | undefined): string => (TYPED_KINDS[plural].namespaced ? (namespace ?? 'default') : '');

/** An object through the request's loader; `null` if it does not exist. */
export async function loadObject({ loaders }: GraphqlContext, cluster: string, ref: ObjectRef): Promise<ObjectParent | null> {
  const object = await loaders.object.load({ cluster, key: ref });
  return object && objectParent(cluster, object);
}

/** A page of the objects in a relation. */
export async function relatedPage(
  context: GraphqlContext,
  { cluster, object }: ObjectParent,
  relation: Relation,
  page: PageArguments,
): Promise<Page<ObjectParent>> {
  const refs = await context.loaders.related.load({ cluster, key: relation });
  return pageOfRefs(page, relatedScope(pluralOf(relation.to), object.metadata.uid), refs, (ref) => loadObject(context, cluster, ref));
}

interface ListArguments extends PageArguments {
  readonly namespace?: string | null | undefined;
  readonly labelSelector?: string | null | undefined;
  readonly namePrefix?: string | null | undefined;
}

/** Kinds that a cluster's summary counts, by the name of the count. */
const COUNTED: Readonly<Partial<Record<PluralKind, keyof ClusterParent['counts']>>> = {
  nodes: 'nodes', namespaces: 'namespaces', pods: 'pods', services: 'services', endpointslices: 'endpointslices', deployments: 'deployments',
};

function selectorProblems(labelSelector: string | undefined): readonly Problem[] {
  const { problem } = parseLabelSelector(labelSelector ?? '');
  return problem === undefined ? [] : [{ path: 'labelSelector', message: problem }];
}

const listOf = (plural: PluralKind) =>
  (parent: ClusterParent, args: ListArguments, { services, viewer }: GraphqlContext): Promise<Page<ObjectParent>> => {
    const namespace = args.namespace ?? undefined;
    const labelSelector = args.labelSelector ?? undefined;
    const namePrefix = args.namePrefix ?? undefined;
    const list: ListPiece<KubeObject> = (limit, token) =>
      services.objects.list(viewer, parent.id, plural, { namespace, labelSelector, namePrefix, limit, continue: token });
    const scope = listScope(parent.id, plural, { namespace, labelSelector, namePrefix });
    const counted = namespace === undefined && labelSelector === undefined && namePrefix === undefined ? COUNTED[plural] : undefined;
    return pageOfList(args, LARGEST_PAGE, list, {
      tokenOf: (object) => formatContinueToken(scope, refOf(object)),
      isCursor: isObjectCursor(scope),
      nodeOf: (object) => objectParent(parent.id, object),
      count: () =>
        counted === undefined
          ? services.objects.count(viewer, parent.id, plural, { namespace, labelSelector, namePrefix })
          : Promise.resolve(parent.counts[counted]),
      problems: [...selectorProblems(labelSelector), ...prefixProblems(plural, { namespace, namePrefix })],
    });
  };

const lookup = (plural: PluralKind) =>
  (parent: ClusterParent, { namespace, name }: { readonly namespace?: string; readonly name: string }, context: GraphqlContext): Promise<ObjectParent | null> =>
    loadObject(context, parent.id, refIn(plural, namespaceOf(plural, namespace), name));

/** The resolvers that all objects have. */
export const objectFields = {
  apiVersion: ({ object }: ObjectParent) => object.apiVersion,
  kind: ({ object }: ObjectParent) => object.kind,
  metadata: ({ object }: ObjectParent) => object.metadata,
  namespace: ({ object }: ObjectParent) => object.metadata.namespace ?? null,
  name: ({ object }: ObjectParent) => object.metadata.name,
  manifest: ({ object }: ObjectParent) => object,
};

/** The shorthand, or instead of it the full object in `manifest`. */
function bodyOf({ manifest, ...shorthand }: { readonly manifest?: unknown }): unknown {
  const short = withoutNulls(shorthand);
  if (manifest === null || manifest === undefined) return short;
  const extra = Object.keys(short);
  if (extra.length === 0) return manifest;
  const message = 'must not be given beside manifest, which is the whole object';
  throw new AppError('BAD_REQUEST', `${extra.join(', ')} ${message}`, extra.map((field) => ({ path: field, message })));
}

const inNamespace = (namespace: string | null | undefined): { readonly namespace?: string } => (namespace ? { namespace } : {});

interface CreationArguments extends Pick<WriteOptions, 'dryRun' | 'fieldValidation'> {
  readonly cluster: string;
}

async function create(
  { services, viewer }: GraphqlContext,
  { cluster, dryRun, fieldValidation }: CreationArguments,
  plural: PluralKind,
  body: unknown,
): Promise<ObjectParent> {
  const { object, warnings } = await services.objects.create(viewer, cluster, plural, body, { dryRun, fieldValidation });
  return objectParent(cluster, object, warnings);
}

/** @throws AppError UNPROCESSABLE for a kind without a GraphQL type of its own */
function pluralOfManifest(manifest: unknown): PluralKind {
  const kind = typeof manifest === 'object' && manifest !== null && 'kind' in manifest ? manifest.kind : undefined;
  const plural = typeof kind === 'string' ? PLURALS[kind] : undefined;
  if (plural !== undefined) return plural;
  const message = `must be one of ${Object.keys(PLURALS).join(', ')}; other kinds go through applyManifests`;
  throw new AppError('UNPROCESSABLE', `kind ${message}`, [{ path: 'kind', message }]);
}

const manifestInput = (yaml: string | null | undefined, json: unknown): ManifestInput => {
  exactlyOne({ yaml, json });
  return typeof yaml === 'string' ? { yaml } : { json };
};

export const objectResolvers: Resolvers = {
  Cluster: {
    nodes: listOf('nodes'),
    namespaces: listOf('namespaces'),
    pods: listOf('pods'),
    services: listOf('services'),
    endpointSlices: listOf('endpointslices'),
    deployments: listOf('deployments'),
    ingresses: listOf('ingresses'),
    gateways: listOf('gateways'),
    httpRoutes: listOf('httproutes'),
    networkPolicies: listOf('networkpolicies'),
    adminNetworkPolicies: listOf('adminnetworkpolicies'),
    baselineAdminNetworkPolicies: listOf('baselineadminnetworkpolicies'),
    node: lookup('nodes'),
    namespace: lookup('namespaces'),
    pod: lookup('pods'),
    service: lookup('services'),
    endpointSlice: lookup('endpointslices'),
    deployment: lookup('deployments'),
    object: (parent, { kind, namespace, name }, context) => {
      const plural = pluralOf(kind);
      return loadObject(context, parent.id, refIn(plural, namespaceOf(plural, namespace), name));
    },
  },
  Mutation: {
    createNode: (_root, args, context) => create(context, args, 'nodes', bodyOf(args.input)),
    createPod: (_root, args, context) => create(context, args, 'pods', bodyOf(args.input)),
    createService: (_root, args, context) => create(context, args, 'services', bodyOf(args.input)),
    createObject: (_root, args, context) => create(context, args, pluralOfManifest(args.manifest), args.manifest),
    patchObject: async (_root, { cluster, kind, namespace, name, patch, ifMatch, dryRun, fieldValidation }, { services, viewer }) => {
      const plural = pluralOf(kind);
      const { object, warnings } = await services.objects.patch(viewer, cluster, plural, namespaceOf(plural, namespace), name, patch, {
        dryRun,
        fieldValidation,
        ...ifMatchOf(ifMatch),
      });
      return objectParent(cluster, object, warnings);
    },
    deleteObject: async (_root, { cluster, kind, namespace, name, ifMatch, gracePeriodSeconds, propagationPolicy, dryRun }, { services, viewer }) => {
      const plural = pluralOf(kind);
      const { object, warnings } = await services.objects.delete(viewer, cluster, plural, namespaceOf(plural, namespace), name, {
        dryRun, ...ifMatchOf(ifMatch), gracePeriodSeconds: gracePeriodSeconds ?? undefined, propagationPolicy: propagationPolicy ?? undefined,
      });
      return objectParent(cluster, object, warnings);
    },
    drainNode: async (_root, { cluster, name, input, ifMatch, dryRun }, { services, viewer }) => {
      const { node, ...result } = await services.objects.drain(viewer, cluster, name, withoutNulls(input), { dryRun, ...ifMatchOf(ifMatch) });
      return { ...result, node: objectParent(cluster, node) };
    },
    applyManifests: (_root, { cluster, yaml, json, namespace, dryRun, fieldValidation, prune, labelSelector, ifMatch }, { services, viewer }) =>
      services.objects.apply(viewer, cluster, manifestInput(yaml, json), {
        dryRun,
        fieldValidation,
        ...inNamespace(namespace),
        ...ifMatchOf(ifMatch),
        ...(prune && { prune }),
        ...(typeof labelSelector === 'string' && { labelSelector }),
      }),
    deleteManifests: (_root, { cluster, yaml, json, namespace, dryRun, ifMatch }, { services, viewer }) =>
      services.objects.deleteManifests(viewer, cluster, manifestInput(yaml, json), { dryRun, ...inNamespace(namespace), ...ifMatchOf(ifMatch) }),
  },
  KubernetesObject: {
    __resolveType: ({ object }) => object.kind as ObjectKind,
  },
  ObjectMeta: {
    labels: ({ labels }) => labels ?? {},
    annotations: ({ annotations }) => annotations ?? {},
    ownerReferences: ({ ownerReferences }) => ownerReferences ?? [],
  },
  OwnerReference: {
    controller: ({ controller }) => controller ?? false,
  },
};
