/**
 * Label selectors in both of their forms: the `labelSelector` query parameter and the API object.
 *
 * @source k8s.io/apimachinery `labels.Parse`, `metav1.LabelSelectorAsSelector`
 */
import { labelValueProblem, qualifiedNameProblem } from './name-syntax.js';

export type Labels = Readonly<Record<string, string>>;

export type Requirement =
  | { readonly operator: 'In' | 'NotIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: 'Exists' | 'DoesNotExist'; readonly key: string }
  /** Only in the query parameter. */
  | { readonly operator: 'Gt' | 'Lt'; readonly key: string; readonly values: readonly [string] };

/** A compiled selector: does it match the labels? */
export type LabelMatcher = (labels: Labels) => boolean;

/** The API's LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[] | undefined;
}

/** @source Go `strconv.ParseInt(s, 10, 64)`; a label value has neither sign nor blanks */
const isInteger = (value: string): boolean => /^\d+$/.test(value) && BigInt(value) <= 0x7fff_ffff_ffff_ffffn;

function compileRequirement(requirement: Requirement): LabelMatcher {
  const { key } = requirement;
  switch (requirement.operator) {
    case 'Exists': return (labels) => Object.hasOwn(labels, key);
    case 'DoesNotExist': return (labels) => !Object.hasOwn(labels, key);
    case 'In': {
      const values = new Set(requirement.values);
      return (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '');
    }
    case 'NotIn': {
      const values = new Set(requirement.values);
      return (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
    }
    case 'Gt':
    case 'Lt': {
      const bound = BigInt(requirement.values[0]);
      const isGreater = requirement.operator === 'Gt';
      return (labels) => {
        const value = Object.hasOwn(labels, key) ? labels[key]! : '';
        return isInteger(value) && (isGreater ? BigInt(value) > bound : BigInt(value) < bound);
      };
    }
  }
}

/** Matches labels that satisfy all requirements; without requirements it matches everything. */
export function compileRequirements(requirements: readonly Requirement[]): LabelMatcher {
  const matchers = requirements.map(compileRequirement);
  const [only] = matchers;
  if (only !== undefined && matchers.length === 1) return only;
  return (labels) => matchers.every((matches) => matches(labels));
}

/** The requirements of a validated API object; an empty selector has none and selects everything. */
export function selectorRequirements(selector: LabelSelector): readonly Requirement[] {
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ operator: 'In', key, values: [value] }));
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (operator === 'In' || operator === 'NotIn') requirements.push({ operator, key, values: values ?? [] });
    else if (operator === 'Exists' || operator === 'DoesNotExist') requirements.push({ operator, key });
  }
  return requirements;
}

export const compileLabelSelector = (selector: LabelSelector): LabelMatcher => compileRequirements(selectorRequirements(selector));

/** In the query syntax, as `kubectl describe` prints it: `a=b,c in (d,e),!f`. */
export const selectorText = (selector: LabelSelector): string => selectorRequirements(selector).map(requirementText).join(',');

function requirementText(requirement: Requirement): string {
  const { key } = requirement;
  switch (requirement.operator) {
    case 'Exists': return key;
    case 'DoesNotExist': return `!${key}`;
    case 'In': return requirement.values.length === 1 ? `${key}=${requirement.values[0]!}` : `${key} in (${requirement.values.join(',')})`;
    case 'NotIn': return `${key} notin (${requirement.values.join(',')})`;
    case 'Gt': return `${key}>${requirement.values[0]}`;
    case 'Lt': return `${key}<${requirement.values[0]}`;
  }
}

/** Do the labels contain every label of a Service's selector? True for an empty selector, which callers must exclude. */
export const matchesLabels = (selector: Labels, labels: Labels): boolean => {
  for (const key in selector) if (!Object.hasOwn(labels, key) || labels[key] !== selector[key]) return false;
  return true;
};

/** Splits at commas outside parentheses. */
function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let start = 0;
  let inside = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '(') inside = true;
    else if (character === ')') inside = false;
    else if (character === ',' && !inside) {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...terms, text.slice(start)];
}

const SET_TERM = /^\s*(\S+)\s+(in|notin)\s*\(([^()]*)\)\s*$/;
const EQUALITY_TERM = /^\s*([^\s=!<>]+)\s*(==|=|!=)\s*([^\s=!<>]*)\s*$/;
const ORDER_TERM = /^\s*([^\s=!<>]+)\s*([<>])\s*([^\s=!<>]+)\s*$/;
const EXISTENCE_TERM = /^\s*(!?)\s*([^\s=!<>(),]+)\s*$/;

function parseTerm(term: string): Requirement | undefined {
  const set = SET_TERM.exec(term);
  if (set) return { operator: set[2] === 'in' ? 'In' : 'NotIn', key: set[1] ?? '', values: (set[3] ?? '').split(',').map((value) => value.trim()) };
  const equality = EQUALITY_TERM.exec(term);
  if (equality) return { operator: equality[2] === '!=' ? 'NotIn' : 'In', key: equality[1] ?? '', values: [equality[3] ?? ''] };
  const order = ORDER_TERM.exec(term);
  if (order) return { operator: order[2] === '>' ? 'Gt' : 'Lt', key: order[1] ?? '', values: [order[3] ?? ''] };
  const existence = EXISTENCE_TERM.exec(term);
  if (existence) return { operator: existence[1] === '!' ? 'DoesNotExist' : 'Exists', key: existence[2] ?? '' };
  return undefined;
}

/** The first problem with the key or values of a requirement, if any. */
function requirementProblem(requirement: Requirement): string | undefined {
  const key = qualifiedNameProblem(requirement.key);
  if (key !== undefined) return `${JSON.stringify(requirement.key)} is no label key: ${key}`;
  if ((requirement.operator === 'Gt' || requirement.operator === 'Lt') && !isInteger(requirement.values[0])) {
    return `${JSON.stringify(requirement.values[0])} is no number: > and < compare integers`;
  }
  for (const value of 'values' in requirement ? requirement.values : []) {
    const problem = labelValueProblem(value);
    if (problem !== undefined) return `${JSON.stringify(value)} is no label value: ${problem}`;
  }
  return undefined;
}

type ParsedSelector =
  | { readonly requirements: readonly Requirement[]; readonly problem?: undefined }
  | { readonly requirements?: undefined; /** What is wrong, and what is expected. */ readonly problem: string };

/** Parses the query syntax: `a=b,c==d,e!=f,g in (x,y),h notin (z),i,!j,k>1,l<2`. Blank text selects everything. */
export function parseLabelSelector(text: string): ParsedSelector {
  if (text.trim() === '') return { requirements: [] };
  const requirements: Requirement[] = [];
  for (const term of splitTerms(text)) {
    const requirement = parseTerm(term);
    if (!requirement) {
      return {
        problem: `unable to parse requirement ${JSON.stringify(term.trim())}: expected key=value, key!=value, key in (a,b), key notin (a,b), key>1, key<1, key or !key`,
      };
    }
    const problem = requirementProblem(requirement);
    if (problem !== undefined) return { problem };
    requirements.push(requirement);
  }
  return { requirements };
}
