/**
 * Compares the model with all recordings, without a server, and exits with 1 at the first difference. The first argument is
 * the folder of the recordings.
 */
import { productInMemory } from '../live/in-memory.js';
import { sideBySide } from '../live/print.js';
import { compareRecorded, readRecorded } from '../live/recording.js';

async function firstDifference(folder: string): Promise<string | null> {
  const product = await productInMemory();
  for (const recorded of readRecorded(folder)) {
    await product.create(recorded.name, recorded.cluster);
    for (const flow of recorded.flows) {
      const comparison = await compareRecorded(product, recorded, flow);
      if (comparison.differs.length > 0) return `${recorded.name}: ${comparison.differs.join(', ')}: ${sideBySide(comparison)}`;
    }
  }
  return null;
}

const found = await firstDifference(process.argv[2]!).catch((error: unknown) => `it failed: ${String(error)}`);
process.stdout.write(found === null ? 'no difference\n' : `${found.slice(0, 2_000)}\n`);
process.exit(found === null ? 0 : 1);
