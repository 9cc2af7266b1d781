import { admitObject } from '../../src/controllers/admission/admit-object.js';
import type { AdmissionProblem } from '../../src/controllers/admission/findings.js';
import { createAdmissionContext, type AdmissionContext, type ObjectChange, type ReconcileContext } from '../../src/controllers/context.js';
import { initialObjects } from '../../src/controllers/initial-objects.js';
import { podGone } from '../../src/controllers/pods/pod-gone.js';
import { reconcile } from '../../src/controllers/reconcile.js';
import type { NodeSeedInput } from '../../src/domain/cluster/cluster-settings-schema.js';
import { defaultObject } from '../../src/domain/cluster/default-object.js';
import type { Draft } from '../../src/domain/cluster/draft.js';
import { ClusterIndex } from '../../src/domain/cluster/index/cluster-index.js';
import { completeNodeSeed } from '../../src/domain/cluster/node-seed.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../../src/domain/cluster/objects.js';
import type { ClusterSettings } from '../../src/domain/cluster/settings.js';
import { validateObject } from '../../src/domain/cluster/validate-object.js';
import { DEFAULT_SETTINGS } from './fake-view.js';
import { NaiveDraft } from './naive-draft.js';

/** The net effect of a request on an object: one that was removed and created again counts as updated. */
export type Deed = ObjectChange & { readonly action: 'create' | 'update' | 'delete' };

export interface RequestResult {
  readonly errors: readonly AdmissionProblem[];
  readonly warnings: readonly string[];
  /** The last change of each object by the controllers. */
  readonly changes: readonly Deed[];
}

type RequestContext = AdmissionContext & Pick<ReconcileContext, 'orphaning'>;

const GROUPS: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  ReplicaSet: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  EndpointSlice: 'discovery.k8s.io',
  Gateway: 'gateway.networking.k8s.io',
};

/** `Pod default/web`, `Node node-1` */
export function refOfText(text: string): ObjectRef {
  const [kind = '', path = ''] = text.split(' ');
  const [first = '', second] = path.split('/');
  return { group: GROUPS[kind] ?? '', kind, namespace: second === undefined ? '' : first, name: second ?? first };
}

/** A cluster without a server. Objects are admitted one after the other as in a request, and then the controllers run. */
export class ControlPlane {
  readonly draft: NaiveDraft;
  readonly bodies = new Map<string, KubeObject>();

  constructor(settings: Partial<ClusterSettings> = {}) {
    this.draft = new NaiveDraft({ ...DEFAULT_SETTINGS, ...settings });
  }

  static async create(seeds: readonly NodeSeedInput[] | number, settings: Partial<ClusterSettings> = {}): Promise<ControlPlane> {
    const plane = new ControlPlane(settings);
    const nodes: readonly NodeSeedInput[] = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, index) => ({ name: `node-${index + 1}` })) : seeds;
    const { errors } = await plane.apply(...initialObjects(plane.draft.settings, nodes.map(completeNodeSeed)));
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return plane;
  }

  /** One request that creates or replaces objects. */
  async apply(...inputs: readonly object[]): Promise<RequestResult> {
    const context = this.#begin();
    const errors: AdmissionProblem[] = [];
    const warnings: string[] = [];
    const objects = inputs.map((input) => {
      const { object, errors: invalid } = validateObject(input);
      if (invalid.length > 0) throw new Error(`not a valid object: ${JSON.stringify(invalid)}`);
      return defaultObject(object);
    });
    for (const object of objects) context.allocations.reserve(object);
    for (const object of objects) {
      const before = this.bodies.get(refKey(refOf(object)));
      const admission = admitObject(this.draft, before ? onItsNode(object, before) : object, before, context);
      errors.push(...admission.errors);
      warnings.push(...admission.warnings);
      if (!admission.facts) continue;
      this.draft.put(admission.facts);
      this.bodies.set(refKey(refOf(admission.object)), admission.object);
    }
    return this.#finish(context, errors, warnings);
  }

  /** One request that deletes objects. */
  delete(...names: readonly string[]): Promise<RequestResult> {
    return this.#delete(names, this.#begin());
  }

  /** One request that deletes objects without what they own. */
  orphan(...names: readonly string[]): Promise<RequestResult> {
    return this.#delete(names, { ...this.#begin(), orphaning: new Set(names.map((name) => refKey(refOfText(name)))) });
  }

  #delete(names: readonly string[], context: RequestContext): Promise<RequestResult> {
    for (const ref of names.map(refOfText)) {
      const before = this.draft.facts(ref);
      this.draft.remove(ref);
      if (before?.kind === 'Pod') podGone(before, context);
      this.bodies.delete(refKey(ref));
    }
    return this.#finish(context, [], []);
  }

  /** Runs the controllers once more. At a fixed point they change nothing. */
  idle(): Promise<RequestResult> {
    const touched = [...this.bodies.values()].map(refOf).map((ref) => ({ ref, before: this.draft.facts(ref), after: this.draft.facts(ref) }));
    return this.#finish(this.#begin(), [], [], touched);
  }

  /** @throws Error if it does not exist */
  get<Kind = KubeObject & { readonly spec: never; readonly status: never }>(text: string): Kind {
    const body = this.bodies.get(refKey(refOfText(text)));
    if (!body) throw new Error(`no ${text} among ${this.names(refOfText(text).kind).join(', ')}`);
    return body as Kind;
  }

  /** Names of a kind's objects, in order of creation. */
  names(kind: string, namespace = 'default'): readonly string[] {
    return [...this.bodies.values()]
      .filter((body) => body.kind === kind && (body.metadata.namespace ?? 'default') === namespace)
      .sort((a, b) => (this.draft.facts(refOf(a))?.ordinal ?? 0) - (this.draft.facts(refOf(b))?.ordinal ?? 0))
      .map(({ metadata }) => metadata.name);
  }

  /** The current cluster as the index that walks use. */
  index(): ClusterIndex {
    const index = ClusterIndex.open(this.draft.id, this.draft.settings, this.draft.revision);
    index.load([...this.bodies.values()].map((body) => this.draft.facts(refOf(body))!).sort((a, b) => a.ordinal - b.ordinal));
    return index;
  }

  #begin(): AdmissionContext {
    this.draft.commit();
    return createAdmissionContext(this.draft, { now: `2025-01-01T00:00:${String(this.draft.revision % 60).padStart(2, '0')}Z`, revision: this.draft.revision });
  }

  async #finish(context: RequestContext, errors: AdmissionProblem[], warnings: string[], dirty: ReturnType<Draft['changes']> = this.draft.changes()): Promise<RequestResult> {
    if (errors.length > 0) return { errors, warnings, changes: [] };
    const known = new Set(this.bodies.keys());
    const changes = new Map<string, Deed>();
    const record = (change: ObjectChange): void => {
      const key = refKey(change.ref);
      if (change.object) this.bodies.set(key, change.object);
      else this.bodies.delete(key);
      if (!change.object && !known.has(key)) changes.delete(key);
      else changes.set(key, { ...change, action: !change.object ? 'delete' : known.has(key) ? 'update' : 'create' });
    };
    const result = await reconcile(this.draft, dirty, {
      ...context, record,
      prefetch: () => Promise.resolve(),
      body: (ref) => this.bodies.get(refKey(ref)) ?? null,
      turn: () => Promise.resolve(),
    });
    return { errors: result.errors, warnings: [...warnings, ...result.warnings], changes: [...changes.values()] };
  }
}

/** An update without `nodeName` keeps the pod on its node. */
function onItsNode(object: KubeObject, before: KubeObject): KubeObject {
  const { nodeName } = before['spec'] as { readonly nodeName?: string } | undefined ?? {};
  return object.kind === 'Pod' && nodeName !== undefined ? { ...object, spec: { nodeName, ...(object['spec'] as object) } } : object;
}
