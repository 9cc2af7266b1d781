import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutation/mutations.js';
import { outdatedAmong } from './mutation/replacing.js';

describe('the mutations that the recorded kernel is to notice', () => {
  it('apply to the sources as they are', () => {
    expect(outdatedAmong(MUTATIONS)).toEqual([]);
  });

  it('are told when they do not', () => {
    const [mutation] = MUTATIONS;
    expect(outdatedAmong([{ ...mutation!, search: 'no such text' }])).toEqual([`"${mutation!.name}": its text stands in src/${mutation!.file} 0 times`]);
  });

  it('have names of their own', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });
});
