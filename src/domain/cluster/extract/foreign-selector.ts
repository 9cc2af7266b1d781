/**
 * Which pods a policy of another project selects, judged by labels only. A requirement on anything else
 * (a namespace, a service account) is ignored: too many pods may count as selected, but never too few.
 */
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

const SELECTORS: ReadonlyMap<string, (spec: Spec) => LabelSelector> = new Map([
  ['cilium.io', ciliumSelector], ['crd.projectcalico.org', calicoSelector], ['projectcalico.org', calicoSelector],
  ['policy.networking.k8s.io', ({ subject }) => (isRecord(subject) && isRecord(subject['pods']) ? asSelector(subject['pods']['podSelector']) : {})],
]);

/** @param object has one policy in `spec`; several policies, in `specs`, are not understood */
export function foreignSelector(object: KubeObject): LabelSelector {
  const { apiVersion, spec } = object;
  return isRecord(spec) && object['specs'] === undefined ? SELECTORS.get(groupOf(apiVersion))?.(spec) ?? {} : {};
}
