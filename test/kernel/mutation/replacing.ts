import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Mutation } from './mutations.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Puts a mutation into what is loaded, so that no file is touched. */
export const replacing = ({ file, search, replace }: Mutation): Plugin => ({
  name: 'mutation', enforce: 'pre',
  transform: (code, id) => (id === join(ROOT, 'src', file) ? code.replace(search, () => replace) : null),
});

/** @returns what to tell of each mutation whose text does not stand in its file exactly once */
export const outdatedAmong = (mutations: readonly Mutation[]): readonly string[] => mutations.flatMap(({ name, file, search }) => {
  const times = readFileSync(join(ROOT, 'src', file), 'utf8').split(search).length - 1;
  return times === 1 ? [] : [`"${name}": its text stands in src/${file} ${times} times`];
});
