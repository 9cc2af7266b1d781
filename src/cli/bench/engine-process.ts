import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EngineOrder, EngineReport } from './messages.js';

/** Measures walks in a process of its own, whose heap contains only the index. @throws Error if the process ends without a report */
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
