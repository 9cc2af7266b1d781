/** What becomes of a cluster made at random between two flows: the same cluster with one thing otherwise, and the requests that make it so. */
import { randomPolicies } from './random-policies.js';
import { recipeOf } from './random-cluster.js';
import type { Random } from './random.js';
import type { ClusterSpec, PodSpec, ServiceSpec } from './random-spec.js';
import type { ClusterChange } from './recipe.js';

/** A lab's proxies go on to what they went on to at first. */
export const withoutProxies = (spec: ClusterSpec): ClusterSpec => ({ ...spec, services: spec.services.map((service) => ({ ...service, proxied: false })) });

/** A pod goes or is made anew, or its labels or its readiness are others; a Service sends elsewhere; policies come or go. What has a listener of its own or a proxy keeps it. */
export function changedSpec(spec: ClusterSpec, random: Random, original: ClusterSpec): ClusterSpec {
  const gone = original.pods.filter(({ name }) => spec.pods.every((each) => each.name !== name));
  if (gone.length > 0 && random.once(3)) return { ...spec, pods: [...spec.pods, random.pick(gone)] };
  const pods = spec.pods.filter(({ hostNetwork }) => !hostNetwork);
  const pod = pods.length > 0 ? random.pick(pods) : null;
  const service = spec.services.length > 0 ? random.pick(spec.services) : null;
  const withPod = (changes: Partial<PodSpec>): ClusterSpec => ({ ...spec, pods: spec.pods.map((each) => (each === pod ? { ...each, ...changes } : each)) });
  const withService = (changes: Partial<ServiceSpec>): ClusterSpec => ({ ...spec, services: spec.services.map((each) => (each === service ? { ...each, ...changes } : each)) });
  const choice = random.below(9);
  if (pod && choice < 3) return { ...spec, pods: spec.pods.filter((each) => each !== pod) };
  if (pod && choice < 5) return withPod({ app: (pod.app + 1) % 3 });
  if (service && choice === 5) return withService({ app: (service.app + 1) % 3 });
  if (service && choice === 6) return withService(random.pick<Partial<ServiceSpec>>([{ sticky: !service.sticky }, { internal: service.internal === 'Local' ? 'Cluster' : 'Local' }, { unready: !service.unready }]));
  if (service?.endpoints && choice === 7) return withService({ endpoints: service.endpoints.map((each) => ({ ...each, state: each.state === 'ready' ? 'unready' : 'ready' })) });
  return { ...spec, policies: spec.policies.length > 0 ? spec.policies.slice(1) : randomPolicies(random) };
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const keyOf = ({ kind, metadata: { name, namespace } }: Named): string => `${kind} ${namespace} ${name}`;

export function changeBetween(before: ClusterSpec, after: ClusterSpec): ClusterChange {
  const [old, now] = [before, after].map((spec) => new Map((recipeOf(spec).manifests as readonly Named[]).map((each) => [keyOf(each), each]))) as [Map<string, Named>, Map<string, Named>];
  return {
    apply: [...now].filter(([key, each]) => JSON.stringify(old.get(key)) !== JSON.stringify(each)).map(([, each]) => each),
    delete: [...old].filter(([key]) => !now.has(key)).map(([, each]) => each),
  };
}
