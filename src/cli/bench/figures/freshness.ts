import { LOCAL_VIEWER } from '../../../services/local-viewer.js';
import { CLUSTER, servicesOf, type Built } from '../built-cluster.js';
import { judge, type Figure } from '../figure.js';
import type { Form } from '../form.js';
import { serviceName } from '../large-cluster.js';

const WRITERS = 8;

/** (h): concurrent writers, each of which traces from the pod that it has just created. Durability after `kill -9` is checked by a test. */
export async function measureFreshness({ file, size }: Built, { writes }: Form): Promise<Figure> {
  const services = await servicesOf(file);
  let unseen = 0;
  await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
    for (let turn = 0; turn < writes; turn += 1) {
      const name = `fresh-${writer}-${turn}`;
      const { revision } = await services.objects.create(LOCAL_VIEWER, CLUSTER, 'pods', { name, ports: [8080] });
      const { trace } = await services.traces.run(LOCAL_VIEWER, CLUSTER, {
        from: { pod: `default/${name}` },
        to: { service: `default/${serviceName(turn % size.services)}`, port: 80 },
        record: false,
      });
      if (trace.verdict !== 'REACHABLE' || trace.revision < revision) unseen += 1;
    }
  }));
  await services.close();
  return judge('h', `writes that the trace after them did not see, with ${WRITERS} writers`, unseen, ` of ${WRITERS * writes}`, { most: 0 });
}
