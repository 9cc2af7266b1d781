import { compileLabelSelector, type LabelMatcher, type Labels, type LabelSelector } from '../label-selector.js';

const compiled = new WeakMap<LabelSelector, LabelMatcher>();

/** Each selector of a policy is compiled once, when it is first asked. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  let matches = compiled.get(selector);
  if (!matches) compiled.set(selector, (matches = compileLabelSelector(selector)));
  return matches(labels);
}
