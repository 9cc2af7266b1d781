/**
 * @source k8s.io/kubernetes `pkg/apis/core/validation`, `validateAffinity`, `validateMatchLabelKeysAndMismatchLabelKeys`,
 *   `validateTopologySpreadConstraints`
 */
import { ABOVE_ZERO, duplicateValue, forbidden, invalidValue, requiredValue } from '../api-messages.js';
import type { Affinity, NodeSelectorRequirement, NodeSelectorTerm, PodAffinity, PodAffinityTerm, SpreadConstraint } from '../kinds/affinity.js';
import type { LabelSelectorInput } from '../kinds/fields.js';
import { dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkSyntax } from './check-syntax.js';
import type { DeepPartial } from './deep-partial.js';
import { Seen } from './seen.js';
import { checkLabelSelector } from './selector-rules.js';

type Requirement = DeepPartial<NodeSelectorRequirement>;

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** @param anyValue whether values need not be valid label values, as in preferences */
function checkLabelRequirement({ key, operator, values = [] }: Requirement, anyValue: boolean, path: string, report: Report): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) report(`${path}.values`, requiredValue("must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) report(`${path}.values`, forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) report(`${path}.values`, requiredValue("must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else if (operator !== undefined) report(`${path}.operator`, invalidValue(operator, 'not a valid selector operator'));
  const problem = key === undefined ? undefined : qualifiedNameProblem(key);
  if (problem !== undefined) report(`${path}.key`, invalidValue(key, problem));
  if (anyValue) return;
  for (const [index, value] of values.entries()) checkSyntax(value, labelValueProblem, `${path}.values[${index}]`, report);
}

function checkFieldRequirement({ key, operator, values = [] }: Requirement, path: string, report: Report): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1) report(`${path}.values`, requiredValue("must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  } else if (operator !== undefined) report(`${path}.operator`, invalidValue(operator, 'not a valid selector operator'));
  if (key !== undefined && key !== 'metadata.name') return report(`${path}.key`, invalidValue(key, 'not a valid field selector key'));
  for (const [index, value] of values.entries()) checkSyntax(value, dnsSubdomainProblem, `${path}.values[${index}]`, report);
}

function checkNodeTerm({ matchExpressions = [], matchFields = [] }: DeepPartial<NodeSelectorTerm>, anyValue: boolean, path: string, report: Report): void {
  for (const [index, requirement] of matchExpressions.entries()) checkLabelRequirement(requirement, anyValue, `${path}.matchExpressions[${index}]`, report);
  for (const [index, requirement] of matchFields.entries()) checkFieldRequirement(requirement, `${path}.matchFields[${index}]`, report);
}

function checkWeight(weight: number | undefined, path: string, report: Report): void {
  if (weight !== undefined && (weight < 1 || weight > 100)) report(path, invalidValue(weight, 'must be in the range 1-100'));
}

function checkNodeAffinity(affinity: NonNullable<DeepPartial<Affinity>['nodeAffinity']>, path: string, report: Report): void {
  const required = affinity[REQUIRED];
  const terms = required?.nodeSelectorTerms ?? [];
  if (required && terms.length === 0) report(`${path}.${REQUIRED}.nodeSelectorTerms`, requiredValue('must have at least one node selector term'));
  for (const [index, term] of terms.entries()) checkNodeTerm(term, false, `${path}.${REQUIRED}.nodeSelectorTerms[${index}]`, report);
  for (const [index, { weight, preference }] of (affinity[PREFERRED] ?? []).entries()) {
    checkWeight(weight, `${path}.${PREFERRED}[${index}].weight`, report);
    if (preference) checkNodeTerm(preference, true, `${path}.${PREFERRED}[${index}].preference`, report);
  }
}

/** Labels of the pod; `null` for a template, for which the API server does not yet merge `matchLabelKeys`. */
type OwnLabels = Readonly<Record<string, unknown>> | null;

/** Does a selector use a key, apart from the one requirement that the API server adds for `matchLabelKeys` when it stores a pod? */
function isSelectedOtherwise({ matchLabels, matchExpressions = [] }: DeepPartial<LabelSelectorInput>, key: string): boolean {
  const [first, ...rest] = matchExpressions.filter((expression) => expression.key === key);
  return matchLabels?.[key] !== undefined || rest.length > 0 || (first !== undefined && (first.operator !== 'In' || first.values?.length !== 1));
}

/** Does a selector use a key twice, once requiring the pod's own value? */
function isSelectedTwice(selector: DeepPartial<LabelSelectorInput>, key: string, labels: OwnLabels): boolean {
  const mentions = (selector.matchExpressions ?? []).filter((expression) => expression.key === key).length + Number(selector.matchLabels?.[key] !== undefined);
  return mentions > 1 || (labels?.[key] !== undefined && isSelectedOtherwise(selector, key));
}

function checkPodTerm(term: DeepPartial<PodAffinityTerm>, labels: OwnLabels, path: string, report: Report): void {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  if (labelSelector) checkLabelSelector(labelSelector, `${path}.labelSelector`, report);
  if (namespaceSelector) checkLabelSelector(namespaceSelector, `${path}.namespaceSelector`, report);
  for (const name of namespaces) checkSyntax(name, dnsLabelProblem, `${path}.namespace`, report);
  for (const [field, keys] of [['matchLabelKeys', matchLabelKeys], ['mismatchLabelKeys', mismatchLabelKeys]] as const) {
    if (keys.length > 0 && !labelSelector) report(`${path}.${field}`, forbidden('must not be specified when labelSelector is not set'));
    for (const [index, key] of keys.entries()) checkSyntax(key, qualifiedNameProblem, `${path}.${field}[${index}]`, report);
  }
  for (const [index, key] of matchLabelKeys.entries()) {
    // As in the API server, the path is that of the term, not of the field, and only `matchLabelKeys` are checked.
    if (labelSelector && isSelectedTwice(labelSelector, key, labels)) {
      report(`${path}[${index}]`, invalidValue(key, 'exists in both matchLabelKeys and labelSelector'));
    }
    if (mismatchLabelKeys.includes(key)) report(`${path}.matchLabelKeys[${index}]`, invalidValue(key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  }
  if (topologyKey === '') report(`${path}.topologyKey`, requiredValue('can not be empty'));
  checkSyntax(topologyKey, qualifiedNameProblem, `${path}.topologyKey`, report);
}

function checkPodAffinity(affinity: DeepPartial<PodAffinity>, labels: OwnLabels, path: string, report: Report): void {
  for (const [index, term] of (affinity[REQUIRED] ?? []).entries()) checkPodTerm(term, labels, `${path}.${REQUIRED}[${index}]`, report);
  for (const [index, { weight, podAffinityTerm }] of (affinity[PREFERRED] ?? []).entries()) {
    checkWeight(weight, `${path}.${PREFERRED}[${index}].weight`, report);
    if (podAffinityTerm) checkPodTerm(podAffinityTerm, labels, `${path}.${PREFERRED}[${index}].podAffinityTerm`, report);
  }
}

export function checkAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: DeepPartial<Affinity>, labels: OwnLabels, path: string, report: Report): void {
  if (nodeAffinity) checkNodeAffinity(nodeAffinity, `${path}.nodeAffinity`, report);
  if (podAffinity) checkPodAffinity(podAffinity, labels, `${path}.podAffinity`, report);
  if (podAntiAffinity) checkPodAffinity(podAntiAffinity, labels, `${path}.podAntiAffinity`, report);
}

export function checkSpreadConstraints(constraints: readonly DeepPartial<SpreadConstraint>[], path: string, report: Report): void {
  const kinds = new Seen();
  for (const [index, { maxSkew, minDomains, topologyKey, whenUnsatisfiable, labelSelector, matchLabelKeys = [] }] of constraints.entries()) {
    const at = `${path}[${index}]`;
    if (maxSkew !== undefined && maxSkew <= 0) report(`${at}.maxSkew`, invalidValue(maxSkew, ABOVE_ZERO));
    if (topologyKey === '') report(`${at}.topologyKey`, requiredValue('can not be empty'));
    const kind = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (kinds.add(kind)) report(`${at}.{topologyKey, whenUnsatisfiable}`, duplicateValue(kind));
    if (minDomains !== undefined && minDomains <= 0) report(`${at}.minDomains`, invalidValue(minDomains, ABOVE_ZERO));
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      report(`${at}.minDomains`, invalidValue(minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`));
    }
    if (labelSelector) checkLabelSelector(labelSelector, `${at}.labelSelector`, report);
    if (matchLabelKeys.length > 0 && !labelSelector) report(`${at}.matchLabelKeys`, forbidden('must not be specified when labelSelector is not set'));
    for (const [position, key] of matchLabelKeys.entries()) {
      checkSyntax(key, qualifiedNameProblem, `${at}.matchLabelKeys[${position}]`, report);
      if (labelSelector && isSelectedOtherwise(labelSelector, key)) {
        report(`${at}.matchLabelKeys[${position}]`, invalidValue(key, 'exists in both matchLabelKeys and labelSelector'));
      }
    }
  }
}
