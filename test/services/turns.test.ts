import { setImmediate as turnEnds } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { together } from '../../src/services/turns.js';

describe('together', () => {
  it('lets those of one turn go on in the order in which they came, in step with each other', async () => {
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

  it('keeps nobody longer than to the next turn, whoever comes later', async () => {
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
