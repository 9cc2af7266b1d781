/** Random changes of a random cluster between two flows: the changed cluster, and the requests that change it. */
import { randomPolicies } from './random-policies.js';
import { recipeOf } from './random-cluster.js';
import type { Random } from './random.js';
import type { ClusterSpec, PodSpec, ServiceSpec } from './random-spec.js';
import type { ClusterChange } from './recipe.js';

/** The cluster without proxies: those of a lab cannot change their backends. */
export const withoutProxies = (spec: ClusterSpec): ClusterSpec => ({ ...spec, services: spec.services.map((service) => ({ ...service, proxied: false })) });

/**
 * A pod goes or is made anew, or its labels or its readiness are others; a Service sends elsewhere; policies come or go.
 * What has a listener of its own or a proxy keeps it.
 */
export function changedSpec(spec: ClusterSpec, random: Random, original: ClusterSpec): ClusterSpec {
  const gone = original.pods.filter(({ name }) => spec.pods.every((each) => each.name !== name));
  if (gone.length > 0 && random.once(3)) return { ...spec, pods: [...spec.pods, random.pick(gone)] };
  const pods = spec.pods.filter(({ hostNetwork }) => !hostNetwork);
  const pod = pods.length > 0 ? random.pick(pods) : null;
  const service = spec.services.length > 0 ? random.pick(spec.services) : null;
  const withPod = (changes: Partial<PodSpec>): ClusterSpec => ({ ...spec, pods: spec.pods.map((each) => (each === pod ? { ...each, ...changes } : each)) });
  const withService = (changes: Partial<ServiceSpec>): ClusterSpec => ({
    ...spec,
    services: spec.services.map((each) => (each === service ? { ...each, ...changes } : each)),
  });
  if (random.once(3)) return otherwise(spec, random);
  const choice = random.below(9);
  if (pod && choice < 3) return { ...spec, pods: spec.pods.filter((each) => each !== pod) };
  if (pod && choice < 5) return withPod({ app: (pod.app + 1) % 3 });
  if (service && choice === 5) return withService({ app: (service.app + 1) % 3 });
  if (service && choice === 6) {
    return withService(
      random.pick<Partial<ServiceSpec>>([
        { sticky: !service.sticky },
        { internal: service.internal === 'Local' ? 'Cluster' : 'Local' },
        { unready: !service.unready },
      ]),
    );
  }
  if (service?.endpoints && choice === 7) {
    return withService({ endpoints: service.endpoints.map((each) => ({ ...each, state: each.state === 'ready' ? 'unready' : 'ready' })) });
  }
  return { ...spec, policies: spec.policies.length > 0 ? spec.policies.slice(1) : randomPolicies(random) };
}

/** Changes a setting that only affects rules and routes. */
function otherwise(spec: ClusterSpec, random: Random): ClusterSpec {
  const node = random.below(spec.nodes);
  return {
    ...spec,
    ...random.pick<() => Partial<ClusterSpec>>([
      () => ({ masqueradeAll: !spec.masqueradeAll }),
      () => ({ localhostNodePorts: !spec.localhostNodePorts }),
      () => ({ detectLocalMode: random.pick(['ClusterCIDR', 'NodeCIDR', 'None'] as const) }),
      () => ({ denyWith: spec.denyWith === 'DROP' ? 'REJECT' : 'DROP' }),
      () => ({ nonMasquerade: spec.nonMasquerade ? null : random.pick([[], ['0.0.0.0/0'], ['10.244.0.0/16']]) }),
      () => ({ dropForward: spec.dropForward.includes(node) ? [] : [node] }),
      () => ({ dropForward: spec.dropForward.includes(node) ? [] : [node] }),
      () => ({
        routes:
          spec.routes.length > 0
            ? []
            : [
                {
                  at: node,
                  to: random.pick(['10.244.0.0/25', '198.51.100.0/24', '10.96.0.0/12', '172.31.0.0/16', '192.168.1.50/32']),
                  via: random.pick(['192.168.1.11', '192.168.1.12', '192.168.1.50', '192.168.1.77']),
                  bySecond: false,
                },
              ],
      }),
    ])(),
  };
}

interface Wired {
  readonly name: string;
  readonly forwardPolicy: string;
  readonly routes: readonly object[];
}

function nodeChanges(before: Settings, after: Settings): ClusterChange['nodes'] {
  return after.nodes.flatMap(({ name, forwardPolicy, routes }, index): (readonly [string, object])[] => {
    const old = before.nodes[index]!;
    if (JSON.stringify([old.forwardPolicy, old.routes]) === JSON.stringify([forwardPolicy, routes])) return [];
    return [
      [
        name,
        {
          metadata: {
            annotations: {
              'packetwalk.dev/forward-policy': forwardPolicy === 'DROP' ? 'DROP' : null,
              'packetwalk.dev/routes': routes.length > 0 ? JSON.stringify(routes) : null,
            },
          },
        },
      ],
    ];
  });
}

/** The settings that may be changed; unset ones have the product's defaults. */
interface Settings {
  readonly nodes: readonly Wired[];
  readonly kubeProxy: object;
  readonly networkPolicy: object;
  readonly masquerade?: object;
}

const patchable = ({ kubeProxy, networkPolicy, masquerade }: Settings): object =>
  ({ kubeProxy, networkPolicy, masquerade: masquerade ?? { nonMasqueradeCIDRs: ['10.244.0.0/16', '192.168.1.0/24'] } });

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const keyOf = ({ kind, metadata: { name, namespace } }: Named): string => `${kind} ${namespace} ${name}`;

export function changeBetween(before: ClusterSpec, after: ClusterSpec): ClusterChange {
  const [old, now] = [before, after].map((spec) => new Map((recipeOf(spec).manifests as readonly Named[]).map((each) => [keyOf(each), each]))) as [
    Map<string, Named>,
    Map<string, Named>,
  ];
  const [oldSettings, settings] = [before, after].map((spec) => recipeOf(spec).settings as unknown as Settings) as [Settings, Settings];
  const nodes = nodeChanges(oldSettings, settings)!;
  return {
    ...(nodes.length > 0 && { nodes }), ...(JSON.stringify(patchable(oldSettings)) !== JSON.stringify(patchable(settings)) && { settings: patchable(settings) }),
    apply: [...now].filter(([key, each]) => JSON.stringify(old.get(key)) !== JSON.stringify(each)).map(([, each]) => each),
    delete: [...old].filter(([key]) => !now.has(key)).map(([, each]) => each),
  };
}
