/** @source k8s.io/kubernetes `pkg/apis/apps/validation`, `ValidatePositiveIntOrPercent`, `IsNotMoreThan100Percent` */
import { AT_LEAST_ZERO, invalidValue } from '../api-messages.js';
import type { Report } from '../object-problem.js';

type Amount = number | string | undefined;

const PERCENT = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number of pods, or a percentage. @param whole whether it may be at most 100% */
export function checkIntOrPercent(amount: Amount, whole: boolean, path: string, report: Report): void {
  if (typeof amount === 'number' && amount < 0) report(path, invalidValue(amount, AT_LEAST_ZERO));
  if (typeof amount !== 'string') return;
  if (!/^\d+%$/.test(amount)) report(path, invalidValue(amount, PERCENT));
  else if (whole && Number(amount.slice(0, -1)) > 100) report(path, invalidValue(amount, 'must not be greater than 100%'));
}

export const isZero = (amount: Amount): boolean => amount === 0 || amount === '0%';
