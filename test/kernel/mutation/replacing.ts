import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Mutation } from './mutations.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A plug-in that applies a mutation to the loaded code, without changing any file. */
export const replacing = ({ file, search, replace }: Mutation): Plugin => ({
  name: 'mutation', enforce: 'pre',
  transform: (code, id) => (id === join(ROOT, 'src', file) ? code.replace(search, () => replace) : null),
});

/** A message for each mutation whose text does not occur exactly once in its file. */
export const outdatedAmong = (mutations: readonly Mutation[]): readonly string[] => mutations.flatMap(({ name, file, search }) => {
  const times = readFileSync(join(ROOT, 'src', file), 'utf8').split(search).length - 1;
  return times === 1 ? [] : [`"${name}": its text stands in src/${file} ${times} times`];
});
