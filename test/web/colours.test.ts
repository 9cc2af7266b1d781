/** The colours of the explorer: those of the pictures, and with enough contrast for a projector. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stroke, styleSheet } from '../../src/render/svg/palette.js';

const [, light = '', dark = ''] = readFileSync(new URL('../../src/web/page.css', import.meta.url), 'utf8').split(':root {');
const coloursOf = (rules: string): Record<string, string> =>
  Object.fromEntries([...rules.slice(0, rules.indexOf('}')).matchAll(/--([\w-]+): (#\w+)/g)].map(([, name = '', value = '']) => [name, value]));
const schemes = { light: coloursOf(light), dark: coloursOf(dark) };

test.each(['there', 'back', 'nat', 'policy'] as const)('%s has the colour that it has in a picture', (name) => {
  expect(stroke(name)).toContain(`"${schemes.light[name]}"`);
  expect(styleSheet()).toContain(`.s-${name}{stroke:${schemes.dark[name]}}`);
});

/** @source WCAG 2.2, relative luminance */
const luminance = (colour: string): number => [0.2126, 0.7152, 0.0722].reduce((sum, part, index) => {
  const digits = colour.length === 4 ? colour[index + 1]!.repeat(2) : colour.slice(2 * index + 1, 2 * index + 3);
  const value = Number.parseInt(digits, 16) / 255;
  return sum + part * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
}, 0);
const contrast = (one: string, other: string): number => {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
};

test.each(Object.entries(schemes))('%s: text and the edges of fields stand out', (_, colours) => {
  const grounds = ['ground', 'card', 'code'];
  const texts = ['text', 'soft', 'accent', 'good', 'bad', 'mixed', 'there', 'back', 'nat', 'policy'];
  const pairs = [
    ...grounds.flatMap((ground) => texts.map((text) => [text, ground, 4.5] as const)),
    ['on-accent', 'accent', 4.5] as const,
    ['edge', 'card', 3] as const,
    ['edge', 'ground', 3] as const,
  ];
  expect(pairs.filter(([one, other, least]) => !(contrast(colours[one]!, colours[other]!) >= least))).toEqual([]);
});
