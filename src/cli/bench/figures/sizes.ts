import { bodies, serve, TRACES, type Built } from '../built-cluster.js';
import { judge, median, type Figure } from '../figure.js';
import type { Form } from '../form.js';
import { podsOf } from '../large-cluster.js';

/** (b): the same kind of path in clusters of several sizes, smallest first. All servers run at once, and are measured in alternating rounds. */
export async function measureSizes(builts: readonly Built[], { rounds, requests, warmUp }: Form): Promise<Figure> {
  const servers = await Promise.all(builts.map(serve));
  const costs = builts.map((): number[] => []);
  const tails = builts.map((): string => '');
  for (const [index, built] of builts.entries()) await servers[index]!.load(TRACES, warmUp, bodies(built.size, 3));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, built] of builts.entries()) {
      const load = await servers[index]!.load(TRACES, requests, bodies(built.size, 4 + round));
      costs[index]!.push(load.cpu);
      tails[index] = `p50 ${load.p50.toFixed(2)} ms, p99 ${load.p99.toFixed(2)} ms`;
    }
  }
  await Promise.all(servers.map((server) => server.stop()));
  const cpu = costs.map(median);
  return judge('b', 'CPU of a trace request in the largest cluster ÷ in one of 8 pods', cpu.at(-1)! / cpu[0]!, '', { most: 1.15 },
    builts.map(({ size }, index) => `${podsOf(size).toLocaleString('en')} pods: ${cpu[index]!.toFixed(0)} µs, ${tails[index]}`));
}
