import { compileLabelSelector, type LabelMatcher, type Labels, type LabelSelector } from '../label-selector.js';

const compiled = new WeakMap<LabelSelector, LabelMatcher>();

/** Compiles each selector of a policy once, when it is first used. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  let matches = compiled.get(selector);
  if (!matches) compiled.set(selector, (matches = compileLabelSelector(selector)));
  return matches(labels);
}
