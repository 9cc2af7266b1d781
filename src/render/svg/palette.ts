/**
 * Colours by meaning, for light and dark pages. The light ones are attributes, which every program
 * understands; with style sheets the dark ones can replace them.
 */
const PALETTE = {
  paper: { light: '#ffffff', dark: '#0f172a' },
  card: { light: '#f8fafc', dark: '#1e293b' },
  ink: { light: '#0f172a', dark: '#f1f5f9' },
  dim: { light: '#475569', dark: '#cbd5e1' },
  line: { light: '#94a3b8', dark: '#64748b' },
  onColour: { light: '#ffffff', dark: '#0f172a' },
  there: { light: '#1d4ed8', dark: '#60a5fa' },
  back: { light: '#b45309', dark: '#fbbf24' },
  nat: { light: '#7c3aed', dark: '#c4b5fd' },
  policy: { light: '#0e7490', dark: '#67e8f9' },
  good: { light: '#15803d', dark: '#4ade80' },
  bad: { light: '#b91c1c', dark: '#f87171' },
} as const;
export type Colour = keyof typeof PALETTE;

export const fill = (colour: Colour): string => `class="f-${colour}" fill="${PALETTE[colour].light}"`;
export const stroke = (colour: Colour): string => `class="s-${colour}" stroke="${PALETTE[colour].light}" fill="none"`;
export const outlined = (inside: Colour, line: Colour): string =>
  `class="f-${inside} s-${line}" fill="${PALETTE[inside].light}" stroke="${PALETTE[line].light}"`;

export const styleSheet = (): string => {
  const rules = Object.entries(PALETTE).flatMap(([colour, { dark }]) => [`.f-${colour}{fill:${dark}}`, `.s-${colour}{stroke:${dark}}`]);
  return `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
};
