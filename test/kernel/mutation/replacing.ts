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
