/** Converts np-guard's test manifests, which lack fields that policies do not need, and contain much that the API server refuses. */

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
  readonly containers?: readonly { readonly ports?: readonly { readonly containerPort?: number }[] }[];
}

const POLICIES: readonly string[] = ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];
const WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'];

/** The objects to apply, namespaces first, including those that are only named. Services and routes are left out. */
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
  if (POLICIES.includes(kind)) {
    return [
      {
        ...manifest,
        metadata: { ...metadata, name: metadata.name.replaceAll('_', '-') },
        spec: kind === 'NetworkPolicy' ? spec : adminPolicySpec(spec as AdminPolicySpec),
      },
    ];
  }
  if (kind === 'Pod') return [{ apiVersion, kind, metadata: withoutOwner(metadata), spec: podSpec(spec) }];
  if (WORKLOADS.includes(kind) && spec?.template) return [workload(manifest, spec.template)];
  return [];
}

interface PodsOfNamespaces {
  readonly namespaceSelector?: object;
}
interface AdminRule {
  readonly from?: readonly AdminPeer[];
  readonly to?: readonly AdminPeer[];
  readonly ports?: readonly object[];
}
type AdminPeer = { readonly pods?: PodsOfNamespaces };
type AdminPolicySpec = { readonly subject: AdminPeer; readonly ingress?: readonly AdminRule[]; readonly egress?: readonly AdminRule[] };

/** Upstream, a missing namespaceSelector selects all namespaces. */
const withNamespaceSelector = (peer: AdminPeer): AdminPeer => (peer.pods ? { ...peer, pods: { namespaceSelector: {}, ...peer.pods } } : peer);

/** Upstream, a rule may have addresses as well as named ports, which addresses cannot have. Two consecutive rules have the same meaning. */
function withoutNamedPortsOfAddresses(rule: AdminRule): readonly AdminRule[] {
  const { to = [], ports = [] } = rule;
  const pods = to.filter((peer) => !('networks' in peer || 'nodes' in peer));
  const numbered = ports.filter((port) => !('namedPort' in port));
  if (numbered.length === ports.length || pods.length === to.length) return [rule];
  const others = to.filter((peer) => !pods.includes(peer));
  return [...(pods.length > 0 ? [{ ...rule, to: pods }] : []), ...(numbered.length > 0 ? [{ ...rule, to: others, ports: numbered }] : [])];
}

const adminRule = (rule: AdminRule): AdminRule => ({
  ...rule,
  ...(rule.from && { from: rule.from.map(withNamespaceSelector) }),
  ...(rule.to && { to: rule.to.map(withNamespaceSelector) }),
});

const adminPolicySpec = ({ subject, ingress = [], egress = [], ...others }: AdminPolicySpec): object =>
  ({ ...others, subject: withNamespaceSelector(subject), ingress: ingress.map(adminRule), egress: egress.flatMap(withoutNamedPortsOfAddresses).map(adminRule) });

/** The workload with a selector that matches its template; upstream's sometimes do not, which the API server refuses. */
function workload(manifest: Manifest, template: PodTemplate): object {
  const { labels = {} } = template.metadata ?? {};
  return { ...manifest, spec: { ...manifest.spec, selector: { matchLabels: labels }, template: { ...template, spec: podSpec(template.spec) } } };
}

/** Owner references are removed, since the owners are not among the manifests. */
const withoutOwner = ({ ownerReferences: _, ...metadata }: Manifest['metadata']): object => metadata;

/** Only the containers of a pod are kept, since policies need only their ports. One port is misspelt upstream, and has no number. */
const podSpec = (spec: PodSpec | undefined): object => ({
  containers: (spec?.containers ?? []).map(({ ports = [], ...container }, index) => ({
    ...container,
    name: `c${index}`,
    image: 'none',
    ports: ports.filter(({ containerPort }) => containerPort !== undefined),
  })),
});

/** The values of all fields with these names, anywhere in the manifests. */
export function* manifestFields(value: unknown, names: readonly string[]): Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (names.includes(name)) yield inner;
    yield* manifestFields(inner, names);
  }
}
