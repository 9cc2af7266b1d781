import { forbidden, invalidValue, requiredValue } from '../api-messages.js';
import type { LabelSelectorInput } from '../kinds/fields.js';
import { labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkLabels } from './metadata-rules.js';

/** @source k8s.io/apimachinery `ValidateLabelSelectorRequirement` */
export function checkLabelSelector(selector: DeepPartial<LabelSelectorInput>, path: string, report: Report): void {
  if (selector.matchLabels) checkLabels(selector.matchLabels, `${path}.matchLabels`, report);
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    const keyProblem = key === undefined ? undefined : qualifiedNameProblem(key);
    if (keyProblem !== undefined) report(`${at}.key`, invalidValue(key, keyProblem));
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) report(`${at}.values`, requiredValue("must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) report(`${at}.values`, forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    } else if (operator !== undefined) report(`${at}.operator`, invalidValue(operator, 'not a valid selector operator'));
    for (const [position, value] of values.entries()) {
      const problem = labelValueProblem(value);
      if (problem !== undefined) report(`${at}.values[${position}]`, invalidValue(value, problem));
    }
  }
}
