/** A process that writes without end and prints each acknowledged write on stdout, until it is killed. */
import { randomUUID } from 'node:crypto';
import { createServices } from '../../src/create-services.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';

const WRITERS = 8;
const [databaseUrl = '', round = '0'] = process.argv.slice(2);
const services = await createServices({ databaseUrl, now: () => new Date().toISOString(), randomId: randomUUID });
const { objects } = services;
const acknowledge = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

/** Each writer uses names of its own, so that its last acknowledged write of a name must be found in the database. */
async function write(writer: number): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const prefix = `r${round}-w${writer}-${turn}`;
    const { revision } = await objects.create(LOCAL_VIEWER, 'crash', 'pods', { name: prefix, ports: [8080], labels: { app: `w${writer}` } });
    acknowledge({ exists: [prefix], revision });
    // Three pods in one apply: all of them or none.
    const names = ['a', 'b', 'c'].map((letter) => `${prefix}-${letter}`);
    const applied = await objects.apply(LOCAL_VIEWER, 'crash', {
      json: names.map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { apply: prefix } }, spec: { containers: [{ name: 'app' }] } })),
    });
    acknowledge({ exists: names, revision: applied.revision });
    const { trace } = await services.traces.run(LOCAL_VIEWER, 'crash', {
      from: { pod: `default/${names[0]}` },
      to: { pod: `default/${prefix}`, port: 8080 },
      record: false,
    });
    if (trace.verdict !== 'REACHABLE' || trace.revision < applied.revision) acknowledge({ unseen: prefix });
    // A pod that leaves its Service: the slices follow in the same write.
    const patched = await objects.patch(LOCAL_VIEWER, 'crash', 'pods', 'default', prefix, { metadata: { labels: { app: 'left', turn: String(turn) } } });
    acknowledge({ patched: prefix, revision: patched.revision });
    const leaving = turn % 2 === 0 ? prefix : `${prefix}-b`;
    acknowledge({ leaving: [leaving] });
    const deleted = await objects.delete(LOCAL_VIEWER, 'crash', 'pods', 'default', leaving);
    acknowledge({ gone: [leaving], revision: deleted.revision });
  }
}

acknowledge({ ready: true });
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
