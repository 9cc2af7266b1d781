import type { ClusterState } from '../../domain/cluster/draft.js';
import { compileRequirements, parseLabelSelector, type LabelMatcher } from '../../domain/cluster/label-selector.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import type { Problem } from '../app-error.js';
import { nearestNames } from '../nearest-names.js';
import type { ObjectPlace, PageQuery, WorldStore } from '../ports.js';
import { TYPED_KINDS, type PluralKind } from './typed-kinds.js';
import type { ListOptions, ObjectList, Relation } from '../use-cases/objects.js';
import type { Viewer } from '../use-cases/viewer.js';
import type { World } from '../world/world.js';
import { refusal } from '../zod-problems.js';
import { formatContinueToken, listScope, NO_TOKEN, placeOfToken, type TokenScope } from './continue-token.js';
import { comparePlaces, isAfter } from './list-order.js';
import { notFound } from './refusals.js';
import { relatedRefs } from './related-refs.js';

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 5_000;

/** Number of objects read at once while a label selector has to be evaluated on bodies. */
const SCAN = 1_000;

export const refIn = (kind: PluralKind, namespace: string, name: string): ObjectRef => ({
  group: TYPED_KINDS[kind].group,
  kind: TYPED_KINDS[kind].kind,
  namespace: TYPED_KINDS[kind].namespaced ? namespace : '',
  name,
});

/** @throws AppError NOT_FOUND with the nearest names */
export async function getObject(world: World, viewer: Viewer, cluster: string, ref: ObjectRef): Promise<KubeObject> {
  const { id, index } = await world.open(viewer, cluster);
  const object = index.facts(ref) && (await world.store.objects(id, [ref])).get(refKey(ref));
  if (!object) throw notFound(ref, nearestNames(index, ref));
  return object;
}

export async function getObjects(world: World, viewer: Viewer, cluster: string, refs: readonly ObjectRef[]): Promise<readonly (KubeObject | null)[]> {
  const { id } = await world.open(viewer, cluster);
  const found = await world.store.objects(id, refs);
  return refs.map((ref) => found.get(refKey(ref)) ?? null);
}

export async function relatedObjects(
  world: World,
  viewer: Viewer,
  cluster: string,
  relations: readonly Relation[],
): Promise<readonly (readonly ObjectRef[])[]> {
  const { index } = await world.open(viewer, cluster);
  return relations.map((relation) => relatedRefs(index, relation));
}

/** `namePrefix` needs `namespace` for namespaced kinds: objects are indexed by namespace, then name. */
export const prefixProblems = (kind: PluralKind, { namespace, namePrefix }: Pick<ListOptions, 'namespace' | 'namePrefix'>): readonly Problem[] =>
  (namePrefix && TYPED_KINDS[kind].namespaced && !namespace ? [{ path: 'namePrefix', message: 'needs the namespace beside it' }] : []);

function queryOf(plural: PluralKind, { namespace, namePrefix }: Pick<ListOptions, 'namespace' | 'namePrefix'>): Omit<PageQuery, 'after' | 'limit'> {
  const { group, kind, namespaced } = TYPED_KINDS[plural];
  return { group, kind, namespace: namespaced ? namespace : undefined, namePrefix: namePrefix || undefined };
}

/** @throws AppError BAD_REQUEST with every problem of the options */
export async function listObjects(world: World, viewer: Viewer, cluster: string, kind: PluralKind, options: ListOptions): Promise<ObjectList> {
  const { id, index } = await world.open(viewer, cluster);
  const scope = listScope(id, kind, options);
  const { limit, after, matches } = parseOptions(kind, options, scope);
  const query: PageQuery = { ...queryOf(kind, options), after, limit: limit + 1 };
  const found = matches ? await findMatching(world.store, id, index, query, matches) : await world.store.page(id, query);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, continue: last && found.length > limit ? formatContinueToken(scope, refOf(last)) : null };
}

/** @throws AppError BAD_REQUEST with every problem of the options */
export async function countObjects(
  world: World,
  viewer: Viewer,
  cluster: string,
  kind: PluralKind,
  options: Omit<ListOptions, 'limit' | 'continue'>,
): Promise<number> {
  const { id, index } = await world.open(viewer, cluster);
  const { limit, matches } = parseOptions(kind, options, listScope(id, kind, options));
  const query: PageQuery = { ...queryOf(kind, options), limit };
  if (!matches) return world.store.count(id, query);
  const places = matchingPlaces(index, query, matches);
  if (places) return places.length;
  let count = 0;
  for await (const found of matching(world.store, id, query, matches)) count += found.length;
  return count;
}

function parseOptions(
  kind: PluralKind,
  options: ListOptions,
  scope: TokenScope,
): { readonly limit: number; readonly after: ObjectPlace | undefined; readonly matches: LabelMatcher | undefined } {
  const { limit = DEFAULT_LIMIT, labelSelector, continue: token } = options;
  const problems: Problem[] = [];
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    problems.push({ path: 'limit', message: `must be a whole number from 1 to ${MAX_LIMIT}, not ${limit}` });
  }
  const { requirements, problem } = parseLabelSelector(labelSelector ?? '');
  if (problem !== undefined) problems.push({ path: 'labelSelector', message: problem });
  problems.push(...prefixProblems(kind, options));
  const after = token === undefined ? undefined : placeOfToken(token, scope);
  if (after === null) problems.push(NO_TOKEN);
  if (after === null || !requirements || problems.length > 0) throw refusal('the query', problems, true);
  return { limit, after, matches: requirements.length > 0 ? compileRequirements(requirements) : undefined };
}

const placeOf = ({ metadata }: KubeObject): ObjectPlace => ({ namespace: metadata.namespace ?? '', name: metadata.name });

/** Up to `query.limit` objects whose labels match. For kinds whose labels are indexed, only matching objects are read. */
async function findMatching(store: WorldStore, id: string, index: ClusterState, query: PageQuery, matches: LabelMatcher): Promise<readonly KubeObject[]> {
  const places = matchingPlaces(index, query, matches);
  if (!places) return scan(store, id, query, matches);
  const { group, kind, limit } = query;
  const refs = places.sort(comparePlaces).slice(0, limit).map((place): ObjectRef => ({ group, kind, ...place }));
  const found = await store.objects(id, refs);
  return refs.map((ref) => found.get(refKey(ref))).filter((object) => object !== undefined);
}

/** Names of the matching objects, in no particular order; `undefined` for kinds whose labels are not indexed. */
function matchingPlaces(index: ClusterState, query: PageQuery, matches: LabelMatcher): ObjectPlace[] | undefined {
  const labelled = labelledPlaces(index, query);
  if (!labelled) return undefined;
  const { namespace, namePrefix = '', after } = query;
  const places: ObjectPlace[] = [];
  for (const { place, labels } of labelled) {
    if (
      (namespace === undefined || place.namespace === namespace) &&
      place.name.startsWith(namePrefix) &&
      (!after || isAfter(place, after)) &&
      matches(labels)
    ) {
      places.push(place);
    }
  }
  return places;
}

interface Labelled {
  readonly place: ObjectPlace;
  readonly labels: Readonly<Record<string, string>>;
}

function labelledPlaces(index: ClusterState, { group, kind }: PageQuery): Iterable<Labelled> | undefined {
  if (group !== '') return undefined;
  if (kind === 'Pod') return labelledBy(index.allPods(), ({ namespace }) => namespace);
  if (kind === 'Node') return labelledBy(index.allNodes(), () => '');
  if (kind === 'Namespace') return labelledBy(index.namespaces(), () => '');
  return undefined;
}

function* labelledBy<T extends { readonly name: string; readonly labels: Labelled['labels'] }>(
  items: Iterable<T>,
  namespaceOf: (item: T) => string,
): Generator<Labelled> {
  for (const item of items) yield { place: { namespace: namespaceOf(item), name: item.name }, labels: item.labels };
}

async function scan(store: WorldStore, id: string, query: PageQuery, matches: LabelMatcher): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  for await (const objects of matching(store, id, query, matches)) {
    found.push(...objects);
    if (found.length >= query.limit) break;
  }
  return found.slice(0, query.limit);
}

/** Reads objects in pieces, to the end. */
async function* matching(store: WorldStore, id: string, query: PageQuery, matches: LabelMatcher): AsyncGenerator<readonly KubeObject[]> {
  let { after } = query;
  for (;;) {
    const page = await store.page(id, { ...query, after, limit: SCAN });
    yield page.filter(({ metadata }) => matches(metadata.labels ?? {}));
    const last = page.at(-1);
    if (!last || page.length < SCAN) return;
    after = placeOf(last);
  }
}
