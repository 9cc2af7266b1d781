/** Manifests as np-guard's tests have them: stripped of what policies don't look at, and with names that the API server refuses. */

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly name: string }[];
  };
  readonly spec?: PodSpec & { readonly template?: PodTemplate };
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

interface PodSpec {
  readonly containers?: readonly object[];
}

const POLICIES: readonly string[] = ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];
const WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'];

/** Namespaces first, those that are only named included; no Services and routes. */
export function objectsOf(manifests: readonly Manifest[]): readonly object[] {
  const stated = new Set(manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  const named = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  return [
    ...[...named].filter((name) => !stated.has(name)).map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...manifests.filter(({ kind }) => kind === 'Namespace'),
    ...manifests.flatMap(objectOf),
  ];
}

function objectOf(manifest: Manifest): readonly object[] {
  const { apiVersion, kind, metadata, spec } = manifest;
  if (POLICIES.includes(kind)) return [{ ...manifest, metadata: { ...metadata, name: metadata.name.replaceAll('_', '-') } }];
  if (kind === 'Pod') return [{ apiVersion, kind, metadata: withoutOwner(metadata), spec: podSpec(spec) }];
  if (WORKLOADS.includes(kind) && spec?.template) return [workload(manifest, spec.template)];
  return [];
}

/** Upstream, some selectors don't select the template's own pods, which the API server refuses. */
function workload(manifest: Manifest, template: PodTemplate): object {
  const { labels = {} } = template.metadata ?? {};
  return { ...manifest, spec: { ...manifest.spec, selector: { matchLabels: labels }, template: { ...template, spec: podSpec(template.spec) } } };
}

/** An owner that is not among the manifests would have to be one. */
const withoutOwner = ({ ownerReferences: _, ...metadata }: Manifest['metadata']): object => metadata;

/** Ports are what policies look at; addresses, nodes and images are the cluster's. */
const podSpec = (spec: PodSpec | undefined): object => ({ containers: (spec?.containers ?? []).map((container, index) => ({ ...container, name: `c${index}`, image: 'none' })) });

/** Values of the fields of these names, anywhere in the manifests. */
export function* manifestFields(value: unknown, names: readonly string[]): Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (names.includes(name)) yield inner;
    yield* manifestFields(inner, names);
  }
}
