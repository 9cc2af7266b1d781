import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { FileSpool } from '../../src/persistence/file-spool.js';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'packetwalk-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const textsOf = (bytes: readonly Uint8Array[]): readonly string[] => bytes.map((each) => Buffer.from(each).toString());

test('returns the added texts in any order, from memory and from the file', () => {
  const path = folder();
  // Up to 3 MB in all, single ones larger than what is kept in memory.
  const text = fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.constantFrom(1, 100, 5_000, 60_000)).map(([unit, times]) => unit.repeat(times));
  let count = 0;
  fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), (texts, order) => {
    const spool = new FileSpool(join(path, `spool-${(count += 1)}`));
    try {
      const places = texts.map((each) => spool.add(each));
      expect(textsOf(spool.read(places))).toEqual(texts);
      const asked = texts.map(() => order.next().value % texts.length);
      expect(textsOf(spool.read(asked.map((index) => places[index]!)))).toEqual(asked.map((index) => texts[index]));
      const after = spool.add('one more');
      expect(textsOf(spool.read([after, places[0]!]))).toEqual(['one more', texts[0]]);
    } finally {
      spool.close();
    }
  }), { numRuns: 60 });
});

test('few texts need no file, and the file of many is unlinked at once', () => {
  const path = folder();
  const spool = new FileSpool(join(path, 'spool'));
  spool.add('x'.repeat(1_000_000));
  spool.add('y'.repeat(1_000_000));
  expect(readdirSync(path)).toEqual([]);
  spool.close();
  expect(existsSync(join(path, 'spool'))).toBe(false);
});

test('if the file cannot be created, the change is refused as UNAVAILABLE', () => {
  const spool = new FileSpool(join(folder(), 'missing', 'spool'));
  spool.add('x'.repeat(1_000_000));
  expect(() => spool.add('y'.repeat(1_000_000))).toThrow(
    expect.objectContaining({
      name: 'AppError',
      code: 'UNAVAILABLE',
      message: 'The database cannot be used now: there is no room beside it for what is to be written (ENOENT).',
    }),
  );
});
