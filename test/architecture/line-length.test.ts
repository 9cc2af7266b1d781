import { expect, test } from 'vitest';
import { projectFiles } from './import-rules.js';

const MOST = 160;
/** A text in quotes. It may be long: a sentence that is broken cannot be searched for. */
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

test('no line of src is longer than 160 columns, texts in quotes aside', () => {
  const sources = projectFiles().filter(({ path }) => path.startsWith('src/') && !path.startsWith('src/generated/'));
  expect(sources.length).toBeGreaterThan(300);
  const long = sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (line.length > MOST && line.replace(QUOTED, '').length > MOST ? [`${path}:${index + 1}`] : [])),
  );
  expect(long).toEqual([]);
});
