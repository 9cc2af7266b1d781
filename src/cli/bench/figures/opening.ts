import { bodies, serve, TRACES, type Built } from '../built-cluster.js';
import { bareRead } from '../database-baseline.js';
import { judge, median, type Figure } from '../figure.js';
import { podsOf } from '../large-cluster.js';
import type { Report } from '../messages.js';

const ROUNDS = 3;
/** Number of requests before memory is measured. */
const TRACED = 200;

/** (d) and (e): memory and time of new processes that open a database. @param small a small cluster, whose server's memory is subtracted */
export async function measureOpening(built: Built, small: Built): Promise<readonly Figure[]> {
  const opened: number[] = [];
  const bare: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const large = await open(built);
    opened.push(large.opened);
    resident.push(large.resident - (await open(small)).resident);
    bare.push(bareRead(built.file));
  }
  const pods = podsOf(built.size);
  return [
    judge('d', 'resident memory a pod', median(resident) / (pods - podsOf(small.size)), ' bytes', { most: 400 }, [
      `${(median(resident) / 1e6).toFixed(1)} MB for ${pods.toLocaleString('en')} pods more`,
    ]),
    judge('e', 'open to first trace ÷ a bare read of the same rows', median(opened) / median(bare), '', { most: 2 }, [
      `${median(opened).toFixed(0)} ms; bare ${median(bare).toFixed(0)} ms`,
    ]),
  ];
}

async function open(built: Built): Promise<Pick<Report, 'resident'> & { readonly opened: number }> {
  const server = await serve(built);
  await server.load(TRACES, TRACED, bodies(built.size, 7));
  const { resident } = await server.report('collect');
  await server.stop();
  return { resident, opened: server.opened };
}
