import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createServices } from '../../create-services.js';
import { LOCAL_VIEWER } from '../../services/local-viewer.js';
import type { Services } from '../../services/use-cases/services.js';
import { clusterOf, manifestsOf, numbers, question, type Size } from './large-cluster.js';
import { ServerProcess } from './server-process.js';

export const CLUSTER = 'bench';
export const TRACES = `/api/v1/clusters/${CLUSTER}/traces`;

/** A database with one cluster. */
export interface Built {
  readonly size: Size;
  readonly file: string;
  /** Milliseconds from parsed objects to committed. */
  readonly imported: number;
}

/** Creates a database with a cluster, by applying its manifests. */
export async function buildCluster(folder: string, name: string, size: Size): Promise<Built> {
  const file = join(folder, `${name}.db`);
  const services = await servicesOf(file);
  await services.clusters.create(LOCAL_VIEWER, clusterOf(CLUSTER, size));
  const objects = JSON.parse(JSON.stringify([...manifestsOf(size)])) as object[];
  const started = performance.now();
  await services.objects.apply(LOCAL_VIEWER, CLUSTER, { json: objects });
  const imported = performance.now() - started;
  await services.close();
  return { size, file, imported };
}

export const servicesOf = (file: string): Promise<Services> =>
  createServices({ databaseUrl: `file:${file}`, now: () => '2026-01-01T00:00:00.000Z', randomId: randomUUID });

export const serve = ({ file, size }: Built): Promise<ServerProcess> => ServerProcess.start(`file:${file}`, CLUSTER, question(size, numbers(1)));

/** Returns a function that makes the body of another trace request at each call. */
export function bodies(size: Size, seed: number): () => string {
  const draw = numbers(seed);
  return () => JSON.stringify(question(size, draw));
}
