import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServices } from '../../src/create-services.js';
import { extractFacts } from '../../src/domain/cluster/extract-facts.js';
import { decodeFacts } from '../../src/domain/cluster/index/fact-text.js';
import { decodePodFacts, parsePodRow } from '../../src/domain/cluster/index/pod-row.js';
import type { KubeObject } from '../../src/domain/cluster/objects.js';
import { openDatabase } from '../../src/persistence/open-database.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { Services } from '../../src/services/use-cases/services.js';

const ROUNDS = 4;
/** Acknowledged writes for which a round waits, so that it also works on a slow machine. */
const WARM_UP = 20;
/** Milliseconds of further writing before the process is killed. */
const LIFE = 800;

const folder = mkdtempSync(join(tmpdir(), 'packetwalk-crash-'));
const databaseUrl = `file:${join(folder, 'crash.db')}`;
const open = (): Promise<Services> => createServices({ databaseUrl, now: () => new Date().toISOString(), randomId: randomUUID });

beforeAll(async () => {
  const services = await open();
  await services.clusters.create(LOCAL_VIEWER, { name: 'crash', podCIDR: '10.0.0.0/11', nodeCIDRMaskSize: 20, nodes: 3 });
  await services.objects.create(LOCAL_VIEWER, 'crash', 'services', { name: 'all', selector: { app: 'w1' }, ports: [{ port: 80, targetPort: 8080 }] });
  await services.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Acknowledged {
  readonly exists: Set<string>;
  /** Pods whose deletion was begun but not acknowledged, so they may exist or not. */
  readonly leaving: Set<string>;
  readonly gone: Set<string>;
  /** By pod, the revision of its last patch. */
  readonly patched: Map<string, number>;
  revision: number;
  readonly unseen: string[];
}

/** Starts a process that writes, kills it while it writes, and collects the writes that it had acknowledged. */
async function killInTheMiddle(round: number, known: Acknowledged): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('writer.ts', import.meta.url)), databaseUrl, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const message = parse(line);
    if (!message) continue; // cut off by the kill, so it was not acknowledged
    for (const name of message.exists ?? []) known.exists.add(name);
    for (const name of message.leaving ?? []) known.leaving.add(name);
    for (const name of message.gone ?? []) {
      known.exists.delete(name);
      known.gone.add(name);
    }
    if (message.patched !== undefined) known.patched.set(message.patched, message.revision ?? 0);
    if (message.unseen) known.unseen.push(message.unseen);
    known.revision = Math.max(known.revision, message.revision ?? 0);
    count += 1;
    if (count === WARM_UP) {
      await expect(open(), 'two processes on one file').rejects.toThrow(/is in use by another Packetwalk/);
      setTimeout(() => child.kill('SIGKILL'), LIFE);
    }
  }
  await ended;
  return count;
}

interface Message {
  readonly exists?: string[];
  readonly leaving?: string[];
  readonly gone?: string[];
  readonly patched?: string;
  readonly revision?: number;
  readonly unseen?: string;
}

function parse(line: string): Message | null {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return null;
  }
}

/** Pods of the namespace, by name. */
async function podsOf(services: Services): Promise<ReadonlyMap<string, KubeObject>> {
  const pods = new Map<string, KubeObject>();
  let token: string | undefined;
  do {
    const page = await services.objects.list(LOCAL_VIEWER, 'crash', 'pods', { namespace: 'default', limit: 5000, continue: token });
    for (const pod of page.items) pods.set(pod.metadata.name, pod);
    token = page.continue ?? undefined;
  } while (token !== undefined);
  return pods;
}

const TABLES = ['node', 'namespace', 'service', 'deployment', 'pod', 'endpointSlice', 'storedObject'] as const;

/** Inconsistencies in the database file: facts that differ from their body, a log with gaps, an address that is allocated twice. */
async function contradictions(): Promise<readonly string[]> {
  const database = await openDatabase(databaseUrl);
  const found: string[] = [];
  const cluster = await database.cluster.findFirstOrThrow();
  const addresses = new Map<string, string>();
  for (const table of TABLES) {
    const rows = await (database[table] as typeof database.pod).findMany({ select: { name: true, revision: true, ordinal: true, facts: true, body: true } });
    for (const { name, revision, ordinal, facts, body } of rows) {
      const object = JSON.parse(body) as KubeObject;
      const kept = table === 'pod' ? decodePodFacts(parsePodRow(facts)) : decodeFacts(facts);
      if (!isDeepStrictEqual(kept, extractFacts(object, ordinal))) found.push(`${table} ${name}: its facts are not those of its body`);
      if (object.metadata.resourceVersion !== String(revision) || revision > cluster.revision) {
        found.push(`${table} ${name}: version ${object.metadata.resourceVersion} in revision ${revision} of ${cluster.revision}`);
      }
      if (ordinal >= cluster.nextOrdinal) found.push(`${table} ${name}: ordinal ${ordinal} is yet to be given`);
      if (table !== 'pod' || (object['spec'] as { readonly hostNetwork?: boolean }).hostNetwork === true) continue;
      const ip = (object['status'] as { readonly podIP: string }).podIP;
      if (addresses.has(ip)) found.push(`${ip} is that of ${addresses.get(ip)} and of ${name}`);
      addresses.set(ip, name);
    }
  }
  const revisions = (await database.change.findMany({ orderBy: { revision: 'asc' }, select: { revision: true } })).map((change) => change.revision);
  if (revisions.length !== cluster.revision || revisions.some((revision, index) => revision !== index + 1)) {
    found.push(`the log has ${revisions.length} changes of ${cluster.revision}`);
  }
  await database.$disconnect();
  return found;
}

test('killed at any moment under concurrent writers: what was acknowledged is there, what is there is whole', { timeout: 120_000 }, async () => {
  const known: Acknowledged = { exists: new Set(), leaving: new Set(), gone: new Set(), patched: new Map(), revision: 0, unseen: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    expect(await killInTheMiddle(round, known)).toBeGreaterThan(WARM_UP);
    const services = await open();
    const pods = await podsOf(services);
    const names = new Set(pods.keys());
    expect([...known.exists].filter((name) => !names.has(name) && !known.leaving.has(name)), 'acknowledged, and lost').toEqual([]);
    expect([...known.gone].filter((name) => names.has(name)), 'deleted, and back').toEqual([]);
    expect(
      [...known.patched].filter(([name, revision]) => names.has(name) && Number(pods.get(name)?.metadata.resourceVersion) < revision),
      'patched, and as it was',
    ).toEqual([]);
    expect(known.unseen, 'written, and not seen by the trace after it').toEqual([]);

    const summary = await services.clusters.get(LOCAL_VIEWER, 'crash');
    expect(summary.revision).toBeGreaterThanOrEqual(known.revision);
    // The stored counts must equal those of the objects.
    expect(summary.counts.pods).toBe(names.size + (await services.objects.list(LOCAL_VIEWER, 'crash', 'pods', { namespace: 'kube-system' })).items.length);

    // All three pods of an apply exist, or none; in every second turn the second pod is then deleted.
    const applies = new Map<string, number>();
    for (const name of names) {
      const [, apply] = /^(r\d+-w\d+-\d+)-[ac]$/.exec(name) ?? [];
      if (apply !== undefined) applies.set(apply, (applies.get(apply) ?? 0) + 1);
    }
    expect([...applies].filter(([, size]) => size !== 2), 'half an apply').toEqual([]);

    // Endpoints follow the pods that are there.
    const slices = await services.objects.list(LOCAL_VIEWER, 'crash', 'endpointslices', { namespace: 'default', labelSelector: 'kubernetes.io/service-name=all' });
    const endpoints = slices.items.flatMap((slice) => (slice['endpoints'] as { targetRef: { name: string } }[] | undefined ?? []).map(({ targetRef }) => targetRef.name));
    const selected = (await services.objects.list(LOCAL_VIEWER, 'crash', 'pods', { namespace: 'default', labelSelector: 'app=w1', limit: 5000 })).items.map(
      ({ metadata }) => metadata.name,
    );
    expect(endpoints.toSorted()).toEqual(selected.toSorted());
    await services.close();
    expect(await contradictions()).toEqual([]);
  }
});
