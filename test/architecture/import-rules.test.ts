import { expect, test } from 'vitest';
import { importsOf, projectFiles, violationsOf } from './import-rules.js';

test('all files of the project follow the import rules', () => {
  const files = projectFiles();
  expect(files.length).toBeGreaterThan(300);
  expect(violationsOf(files).map(({ message }) => message)).toEqual([]);
});

test.each([
  { rule: 'layers', path: 'src/domain/trace/a.ts', text: `import { compileNetwork } from '../../compile/compile-network.js';` },
  { rule: 'layers', path: 'src/rest/traces/a.ts', text: `import type { World } from '../../persistence/world.js';` },
  { rule: 'layers', path: 'src/compile/a.ts', text: `export { admitObject } from '../controllers/admission/admit-object.js';` },
  { rule: 'layers', path: 'src/graphql/a.ts', text: `import { problem } from '../rest/problem.js';` },
  { rule: 'src never imports test', path: 'src/services/a.ts', text: `import { fakeView } from '../../test/support/fake-view.js';` },
  { rule: 'the walk knows no Kubernetes', path: 'src/domain/walk/a.ts', text: `import type { PodView } from '../cluster/view.js';` },
  { rule: 'pure code does no I/O', path: 'src/compile/a.ts', text: `import { readFileSync } from 'node:fs';` },
  { rule: 'only persistence knows Prisma', path: 'src/services/a.ts', text: `import type { PrismaClient } from '@prisma/client';` },
  { rule: 'only persistence knows Prisma', path: 'src/services/a.ts', text: `const client = await import('../generated/prisma/client.js');` },
  { rule: 'only rest, and GraphQL\'s endpoint, know HTTP', path: 'src/services/a.ts', text: `import express from 'express';` },
  { rule: 'pure code has no clock and no randomness', path: 'src/controllers/a.ts', text: `export const now = (): number => Date.now();` },
  { rule: 'config.ts alone reads the environment', path: 'src/rest/a.ts', text: `export const port = process.env['PORT'];` },
])('a violation in $path is found: $rule', ({ rule, path, text }) => {
  expect(violationsOf([{ path, text }]).map((violation) => violation.rule)).toContain(rule);
});

test('an import cycle is found, also one of types across folders', () => {
  const files = [
    { path: 'src/domain/walk/a.ts', text: `import type { B } from '../trace/b.js'; export type A = B;` },
    { path: 'src/domain/trace/b.ts', text: `import { c } from '../packet/c.js'; export type B = typeof c;` },
    { path: 'src/domain/packet/c.ts', text: `import type { A } from '../walk/a.js'; export const c: A | null = null;` },
  ];
  expect(violationsOf(files)).toEqual([
    { rule: 'no cycles', message: expect.stringContaining('a.ts → src/domain/trace/b.ts → src/domain/packet/c.ts → src/domain/walk/a.ts') as string },
  ]);
});

test('imports are read from code, but not from comments and strings', () => {
  const text = `// import { a } from './commented.js';\nconst b = "import { c } from './quoted.js'";\nimport { d } from './d.js';\nexport * from './e.js';`;
  expect(importsOf({ path: 'src/x.ts', text }).map(({ to }) => to)).toEqual(['src/d.ts', 'src/e.ts']);
});
