import { setImmediate as turnEnds } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { together } from '../../src/services/turns.js';

describe('together', () => {
  it('continues all callers of one turn together, in the order of their calls', async () => {
    const inStep = together();
    const log: string[] = [];
    const work = async (name: string): Promise<void> => {
      await inStep();
      log.push(`${name} walks`);
      await Promise.resolve();
      log.push(`${name} answers`);
    };
    const all = [work('first'), work('second'), work('third')];
    expect(log).toEqual([]);
    await Promise.all(all);
    expect(log).toEqual(['first walks', 'second walks', 'third walks', 'first answers', 'second answers', 'third answers']);
  });

  it('lets a caller wait only until the next turn, even if others come later', async () => {
    const inStep = together();
    const log: string[] = [];
    void inStep().then(() => { log.push('early'); });
    await turnEnds();
    expect(log).toEqual(['early']);
    void inStep().then(() => { log.push('late'); });
    expect(log).toEqual(['early']);
    await turnEnds();
    expect(log).toEqual(['early', 'late']);
  });
});
