import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EngineOrder, EngineReport } from './messages.js';

/** Walks in a process of its own, whose heap has nothing in it but the index. @throws Error when it fails */
export async function measureEngine(order: EngineOrder): Promise<EngineReport> {
  const child = fork(fileURLToPath(new URL('engine.js', import.meta.url)), [JSON.stringify(order)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answer = await Promise.race([
    once(child, 'message').then(([report]) => report as EngineReport),
    once(child, 'exit').then(() => null),
  ]);
  if (answer === null) throw new Error('the engine did not come to an end');
  return answer;
}
