import type { Built } from '../built-cluster.js';
import { measureEngine } from '../engine-process.js';
import { judge, type Figure } from '../figure.js';
import type { Form } from '../form.js';

/** (c): walks without the server, in compiled networks; for comparison also with the network compiled for each walk. */
export async function measureWalks({ file, size }: Built, { rounds, turns }: Form): Promise<Figure> {
  const { warm, cold, compiledAnew, warmSteps, coldSteps } = await measureEngine({ file, size, rounds, turns });
  return judge('c', 'walks a second in the engine, pod → Service → pod on another node, there and back', warm, '', { least: 30_000 }, [
    `with warm caches (${warmSteps} steps) ${warm.toFixed(0)}, with cold ones (ARP at every hop, ${coldSteps} steps) ${cold.toFixed(0)}; one core`,
    `warm, and the network compiled anew for each walk, as a trace does: ${compiledAnew.toFixed(0)}`,
  ]);
}
