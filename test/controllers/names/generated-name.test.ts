import { describe, expect, test } from 'vitest';
import { generatedName, safeEncode, SAFE_ALPHABET } from '../../../src/controllers/names/generated-name.js';
import { uuidOf } from '../../../src/controllers/names/uuid.js';

const never = (): boolean => false;

describe('a generated name', () => {
  test('is the base with five characters of the safe alphabet', () => {
    expect(generatedName('web-', 'ReplicaSet/default/web', 7, never)).toMatch(new RegExp(`^web-[${SAFE_ALPHABET}]{5}$`));
  });

  test('is the same for the same owner and ordinal, and different otherwise', () => {
    const name = generatedName('web-', 'owner', 7, never);
    expect(generatedName('web-', 'owner', 7, never)).toBe(name);
    expect(generatedName('web-', 'owner', 8, never)).not.toBe(name);
    expect(generatedName('web-', 'other', 7, never)).not.toBe(name);
  });

  test('is never a name that is taken', () => {
    const first = generatedName('web-', 'owner', 7, never);
    expect(generatedName('web-', 'owner', 7, (name) => name === first)).not.toBe(first);
  });

  test('is cut to the length of a DNS label', () => {
    expect(generatedName('x'.repeat(80), 'owner', 1, never)).toHaveLength(63);
  });

  test('rarely collides: 20,000 ordinals of one owner give more than 19,960 names', () => {
    const names = new Set(Array.from({ length: 20_000 }, (_, ordinal) => generatedName('p-', 'owner', ordinal, never)));
    // 27^5 names: the birthday bound expects 14.
    expect(names.size).toBeGreaterThan(19_960);
  });
});

test('a hash is encoded digit by digit in the safe alphabet', () => {
  expect(safeEncode('0123456789')).toMatch(new RegExp(`^[${SAFE_ALPHABET}]{10}$`));
  expect(safeEncode('11')).toBe(safeEncode('1').repeat(2));
});

describe('a uid', () => {
  test('has the form of a random UUID', () => {
    expect(uuidOf('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('is different for each of 50,000 objects', () => {
    const uids = new Set(Array.from({ length: 50_000 }, (_, index) => uuidOf(`cluster//Pod/default/pod-${index}/17`)));
    expect(uids.size).toBe(50_000);
  });
});
