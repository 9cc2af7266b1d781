/**
 * The forms in which the API server words a refusal.
 *
 * @source k8s.io/apimachinery `field.Error`
 */

/** A value as messages quote it: JSON, shortened to 200 characters. */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

export const requiredValue = (detail = ''): string => (detail === '' ? 'Required value' : `Required value: ${detail}`);

export const invalidValue = (value: unknown, detail: string): string => `Invalid value: ${quoteValue(value)}: ${detail}`;

export const unsupportedValue = (value: unknown, supported: readonly unknown[]): string =>
  `Unsupported value: ${quoteValue(value)}: supported values: ${supported.map(quoteValue).join(', ')}`;

export const duplicateValue = (value: unknown): string => `Duplicate value: ${quoteValue(value)}`;

export const forbidden = (detail: string): string => `Forbidden: ${detail}`;

export const notFoundValue = (value: unknown): string => `Not found: ${quoteValue(value)}`;

export const tooLong = (limit: number): string => `Too long: may not be more than ${limit} bytes`;

export const tooMany = (count: number, limit: number): string => `Too many: ${count}: must have at most ${limit} items`;

/** @source k8s.io/apimachinery `validation.InclusiveRangeError` */
export const inclusiveRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;

export const AT_LEAST_ZERO = 'must be greater than or equal to 0';
export const ABOVE_ZERO = 'must be greater than 0';
export const PORT_RANGE = inclusiveRange(1, 65535);
export const IP_SYNTAX = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const CIDR_SYNTAX = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
