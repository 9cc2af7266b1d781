/** Measured values and how they are printed. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

export interface Figure {
  readonly id: string;
  readonly text: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: string;
  readonly met: boolean;
  /** More than three times off the aim: a regression on any machine. */
  readonly gross: boolean;
  readonly details: readonly string[];
}

/** @param aim `most` is the largest value that meets it, `least` the smallest */
export function judge(
  id: string,
  text: string,
  value: number,
  unit: string,
  aim: { readonly most: number } | { readonly least: number },
  details: readonly string[] = [],
): Figure {
  const [met, gross, told] =
    'most' in aim ? [value <= aim.most, value > aim.most * 3, `≤ ${aim.most}`] : [value >= aim.least, value < aim.least / 3, `≥ ${aim.least}`];
  return { id, text, value, unit, aim: told, met, gross, details };
}

const digits = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(2));

export const formatFigure = ({ id, text, value, unit, aim, met, details }: Figure): string =>
  [`(${id}) ${text}: ${digits(value)}${unit}   aim ${aim}   ${met ? 'met' : 'NOT MET'}`, ...details.map((line) => `      ${line}`)].join('\n');
