import { expect, test } from 'vitest';
import { moveQuotedTextsIn } from '../../../src/services/manifests/quoted-texts.js';

const FAR = ' '.repeat(100);

test.each([
  { name: 'one that goes on at the margin', text: "a:\n  b: 'x\ny'\nc: 1\n", moved: `a:\n  b: 'x\n${FAR}y'\nc: 1\n` },
  { name: 'a second one', text: 'a:\n  - "x\ny"\n  - \'x\n\ny\'\n', moved: `a:\n  - "x\n${FAR}y"\n  - 'x\n${FAR}\n${FAR}y'\n` },
  { name: 'quotes in it', text: 'a:\n  b: "x \\"\n\\\\"\n', moved: `a:\n  b: "x \\"\n${FAR}\\\\"\n` },
  { name: 'none: it is far enough in', text: 'a:\n  b: "x\n   y"\n', moved: undefined },
  { name: 'none: a block that begins with a quote', text: 'a:\n  b: |\n    "x\n    y\nc: 1\n', moved: undefined },
  { name: 'none: a quote without an end', text: 'a:\n  b: "x\ny\n', moved: undefined },
])('$name', ({ text, moved }) => {
  expect(moveQuotedTextsIn(text)).toBe(moved);
});
