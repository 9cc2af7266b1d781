import { Worker, type ResourceLimits } from 'node:worker_threads';

interface ThreadOptions {
  readonly resourceLimits?: ResourceLimits;
  /** What the thread finds as `workerData`. */
  readonly workerData?: unknown;
}

/**
 * A thread that runs a module of the project.
 *
 * @param from the URL of the module that asks
 * @param name of the module to run, beside it, without its extension
 */
export function startThread(from: string, name: string, options: ThreadOptions): Worker {
  const isSource = from.endsWith('.ts');
  const entry = new URL(`${name}.${isSource ? 'ts' : 'js'}`, from);
  return isSource ? new Worker(fromSources(entry), { ...options, eval: true }) : new Worker(entry, options);
}

/** A thread doesn't inherit tsx: where the sources are run as they are, as tests do, it loads it by itself. */
const fromSources = (entry: URL): string =>
  `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
