import { join } from 'node:path';
import type { Built } from '../built-cluster.js';
import { bareInsert } from '../database-baseline.js';
import { judge, median, type Figure } from '../figure.js';
import { podsOf } from '../large-cluster.js';

const ROUNDS = 3;

/** (f): the time of an import, compared with a bare insert. @param folder a folder with space for a few copies of the database */
export function measureImport({ file, size, imported }: Built, folder: string): Figure {
  const bare = Array.from({ length: ROUNDS }, (_, round) => bareInsert(file, join(folder, `bare-${round}.db`)));
  return judge('f', 'import, from parsed objects to committed ÷ a bare insert of the same rows', imported / median(bare), '', { most: 3 }, [
    `${(imported / 1000).toFixed(2)} s for ${podsOf(size).toLocaleString('en')} pods; bare ${(median(bare) / 1000).toFixed(2)} s`,
  ]);
}
