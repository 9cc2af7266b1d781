import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutation/mutations.js';
import { outdatedAmong } from './mutation/replacing.js';

describe('the list of mutations for the recorded kernel', () => {
  it('names text that occurs exactly once in the sources', () => {
    expect(outdatedAmong(MUTATIONS)).toEqual([]);
  });

  it('is reported as outdated if a text does not occur', () => {
    const [mutation] = MUTATIONS;
    expect(outdatedAmong([{ ...mutation!, search: 'no such text' }])).toEqual([`"${mutation!.name}": its text stands in src/${mutation!.file} 0 times`]);
  });

  it('has a unique name for each mutation', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });
});
