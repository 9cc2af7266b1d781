/** Powers of ten by their suffix. */
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
/** Powers of two by their suffix. */
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,3})?$/;

/**
 * Parses an amount of a resource: `500m`, `64Mi`, `1.5`, `1e3`.
 *
 * @returns the number that it stands for, the nearest double: two texts for one amount give the same; `undefined` for anything else
 * @source k8s.io/apimachinery `resource.ParseQuantity`
 */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, digits = '', suffix = ''] = match;
  const binary = BINARY[suffix];
  if (binary !== undefined) return Number(digits) * 2 ** binary;
  // Shifting the point by text rounds once: 0.3 and 300m are one number.
  return Number(`${digits}e${DECIMAL[suffix] ?? suffix.slice(1)}`);
}
