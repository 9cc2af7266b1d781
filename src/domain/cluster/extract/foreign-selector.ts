/**
 * Which pods an object of another project decides about, judged by labels only. A requirement on anything else
 * (a namespace, a service account, a sidecar) is ignored: too many pods may count as selected, but never too few.
 */
import type { Direction } from '../policy/policy.js';
import { groupOf, type KubeObject } from '../objects.js';
import { selectorRequirements, type LabelSelector, type Requirement } from '../label-selector.js';

type Spec = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Spec => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** Reads a label selector from an object that was not validated; invalid parts are ignored. */
function asSelector(value: unknown): LabelSelector {
  if (!isRecord(value)) return {};
  const labels = isRecord(value['matchLabels']) ? Object.entries(value['matchLabels']).filter((entry): entry is [string, string] => isText(entry[1])) : [];
  const expressions = (Array.isArray(value['matchExpressions']) ? value['matchExpressions'] : []).filter(isRecord).flatMap(({ key, operator, values = [] }) =>
    (isText(key) && isText(operator) && Array.isArray(values) && values.every(isText) ? [{ key, operator, values }] : []));
  return { matchLabels: Object.fromEntries(labels), matchExpressions: expressions };
}

const keeping = (requirements: readonly Requirement[]): LabelSelector => ({
  matchExpressions: requirements.map((each) => ('values' in each ? each : { ...each, values: [] })),
});

/**
 * A key may begin with the source of its label. Requirements on labels that are not the pod's own are ignored.
 *
 * @source https://docs.cilium.io/en/stable/gettingstarted/terminology/#labels
 */
const ciliumSelector = ({ endpointSelector }: Spec): LabelSelector => keeping(selectorRequirements(asSelector(endpointSelector)).flatMap((each) => {
  const key = each.key.replace(/^(?:k8s|any):/, '');
  return /:|^io\.(?:kubernetes\.pod|cilium)\./.test(key) ? [] : [{ ...each, key }];
}));

const TERM = String.raw`(?<key>[\w./-]+)`;
const TEXT = String.raw`(?:'[^']*'|"[^"]*")`;
const CALICO_TERMS: readonly (readonly [RegExp, Requirement['operator']])[] = [
  [new RegExp(`^has\\(\\s*${TERM}\\s*\\)$`), 'Exists'],
  [new RegExp(`^!\\s*has\\(\\s*${TERM}\\s*\\)$`), 'DoesNotExist'],
  [new RegExp(`^${TERM}\\s*==\\s*(?<values>${TEXT})$`), 'In'],
  [new RegExp(`^${TERM}\\s*!=\\s*(?<values>${TEXT})$`), 'NotIn'],
  [new RegExp(`^${TERM}\\s+in\\s*\\{(?<values>[^{}]*)\\}$`), 'In'],
  [new RegExp(`^${TERM}\\s+not\\s+in\\s*\\{(?<values>[^{}]*)\\}$`), 'NotIn'],
];

/**
 * The terms joined by `&&` that a label selector can express; a selector with `||` or parentheses selects all pods.
 *
 * @source https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
 */
function calicoSelector({ selector }: Spec): LabelSelector {
  if (!isText(selector) || /\|\||[()]/.test(selector.replaceAll(/has\([^()]*\)|all\(\)/g, (term) => term.replaceAll(/[()]/g, '')))) return {};
  return keeping(selector.split('&&').flatMap((term): readonly Requirement[] => {
    for (const [pattern, operator] of CALICO_TERMS) {
      const { key, values = '' } = pattern.exec(term.trim())?.groups ?? {};
      if (key === undefined || /^(?:projectcalico\.org\/|pcns\.|pcsa\.)/.test(key)) continue;
      return [{ key, operator, values: (values.match(new RegExp(TEXT, 'g')) ?? []).map((text) => text.slice(1, -1)) } as Requirement];
    }
    return [];
  }));
}

/** Does the text occur as a value anywhere inside? */
const says = (value: unknown, text: string): boolean =>
  value === text || (typeof value === 'object' && value !== null && Object.values(value).some((each) => says(each, text)));

const every = (): LabelSelector => ({});
const podSelector = ({ podSelector: pods }: Spec): LabelSelector => asSelector(pods);

/** @source istio.io/api type/v1beta1 `WorkloadSelector` */
const meshSelector = ({ selector }: Spec): LabelSelector => asSelector(selector);

/** @source istio.io/api networking/v1alpha3 `WorkloadSelector` */
const workloadSelector = ({ workloadSelector: workloads }: Spec): LabelSelector => asSelector({ matchLabels: isRecord(workloads) ? workloads['labels'] : {} });

/** By group and kind: the pods that the object decides about; `null`: none, as it is written. */
const SELECTORS: ReadonlyMap<string, (spec: Spec) => LabelSelector | null> = new Map([
  ['cilium.io/CiliumNetworkPolicy', ciliumSelector],
  ['cilium.io/CiliumClusterwideNetworkPolicy', ciliumSelector],
  ['crd.projectcalico.org/NetworkPolicy', calicoSelector],
  ['crd.projectcalico.org/GlobalNetworkPolicy', calicoSelector],
  ['projectcalico.org/NetworkPolicy', calicoSelector],
  ['projectcalico.org/GlobalNetworkPolicy', calicoSelector],
  ['crd.antrea.io/NetworkPolicy', every],
  ['crd.antrea.io/ClusterNetworkPolicy', every],
  [
    'policy.networking.k8s.io/ClusterNetworkPolicy',
    ({ subject }) => (isRecord(subject) && isRecord(subject['pods']) ? asSelector(subject['pods']['podSelector']) : {}),
  ],
  ['k8s.ovn.org/EgressFirewall', every],
  ['network.openshift.io/EgressNetworkPolicy', every],
  ['vpcresources.k8s.aws/SecurityGroupPolicy', podSelector],
  ['policy.linkerd.io/Server', podSelector],
  ['security.istio.io/AuthorizationPolicy', (spec) => (spec['action'] === 'AUDIT' ? null : meshSelector(spec))],
  ['security.istio.io/PeerAuthentication', (spec) => (says(spec, 'STRICT') ? meshSelector(spec) : null)],
  ['security.istio.io/RequestAuthentication', meshSelector],
  ['extensions.istio.io/WasmPlugin', meshSelector],
  ['networking.istio.io/EnvoyFilter', workloadSelector],
  ['networking.istio.io/Sidecar', (spec) => (says(spec, 'REGISTRY_ONLY') ? workloadSelector(spec) : null)],
  ['networking.istio.io/Gateway', ({ selector }) => asSelector({ matchLabels: selector })],
]);

/** Kinds that decide only about what pods receive, or only about what they send. */
const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ...['security.istio.io/AuthorizationPolicy', 'security.istio.io/PeerAuthentication', 'security.istio.io/RequestAuthentication', 'policy.linkerd.io/Server']
    .map((kind) => [kind, 'INGRESS'] as const),
  ...['networking.istio.io/Sidecar', 'k8s.ovn.org/EgressFirewall', 'network.openshift.io/EgressNetworkPolicy'].map((kind) => [kind, 'EGRESS'] as const),
]);

/** @returns `undefined` if the object decides about both */
export const foreignDirection = ({ apiVersion, kind }: KubeObject): Direction | undefined => DIRECTIONS.get(`${groupOf(apiVersion)}/${kind}`);

/** Kinds of other projects that decide about the traffic of pods. */
export const FOREIGN_KINDS: ReadonlySet<string> = new Set(SELECTORS.keys());

/** @param object has one policy in `spec`; several policies, in `specs`, are not understood. @returns `null` if it decides about no pods */
export function foreignSelector(object: KubeObject): LabelSelector | null {
  const select = SELECTORS.get(`${groupOf(object.apiVersion)}/${object.kind}`);
  const { spec } = object;
  if (!select) return null;
  return object['specs'] === undefined ? select(isRecord(spec) ? spec : {}) : {};
}

/** The namespace whose Istio policies apply to the pods of all others. @source istio.io/api mesh/v1alpha1 `MeshConfig.rootNamespace` */
const MESH_ROOT = 'istio-system';

/**
 * Does the object, although namespaced, decide about pods of other namespaces too? A Gateway of Istio does: it names its
 * proxies by their labels alone.
 */
export const isMeshWide = ({ apiVersion, kind, metadata: { namespace } }: KubeObject): boolean =>
  groupOf(apiVersion).endsWith('.istio.io') && (namespace === MESH_ROOT || kind === 'Gateway');

/** Namespaces whose pods are never in the mesh. @source istio/istio pkg/kube/inject `IgnoredNamespaces` */
export const OUTSIDE_OF_MESH: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);
