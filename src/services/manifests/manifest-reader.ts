import { AppError, type Problem } from '../app-error.js';
import type { ManifestInput } from '../use-cases/objects.js';
import { fromValue, linesOf, parseManifests, type ManifestDocument, type ManifestLanguage, type ParsedManifests, type Place } from './parse-manifests.js';
import { ThreadPool } from './thread-pool.js';
import type { ManifestText } from './worker-messages.js';
import { TooMuch, type ThreadLimits, type WorkerThread } from './worker-thread.js';

/** Parsed manifests, with the lines of everything in them. */
export interface ReadManifests extends ParsedManifests {
  /** `null` if they did not come as text. */
  readonly language: ManifestLanguage | null;
  /** 1-based lines; `undefined` if unknown, or if the manifests did not come as text. */
  readonly lines: (places: readonly Place[]) => Promise<readonly (number | undefined)[]>;
}

/** Largest body, in bytes, that is read in the server's own thread, since handing it to another takes longer. */
const SMALL = { yaml: 16_000, json: 200_000 } as const;

const LIMITS: ThreadLimits = { timeout: 60_000, memory: 2048 };

/** Number of problems whose lines are looked up; further ones have none. */
const LOCATED = 1_000;

/**
 * Reads manifests without blocking other requests: large ones are read by another thread, which returns them in
 * batches of plain objects.
 */
export class ManifestReader {
  readonly #threads: ThreadPool;

  constructor(limits: Partial<ThreadLimits> = {}) {
    this.#threads = new ThreadPool({ ...LIMITS, ...limits });
  }

  /** @throws AppError PAYLOAD_TOO_LARGE if reading takes too long or too much memory */
  async read(input: ManifestInput): Promise<ReadManifests> {
    if ('json' in input) {
      return { documents: fromValue(input.json), errors: [], language: null, lines: (places) => Promise.resolve(places.map(() => undefined)) };
    }
    const source: ManifestText = 'yaml' in input ? { language: 'yaml', bytes: Buffer.from(input.yaml) } : input;
    return source.bytes.length <= SMALL[source.language] ? readHere(source) : this.#readBeside(source);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  async #readBeside(source: ManifestText): Promise<ReadManifests> {
    const parsed = await this.#threads.use((thread) => collect(thread, source)).catch((error: unknown) => {
      throw error instanceof TooMuch
        ? new AppError('PAYLOAD_TOO_LARGE', `The manifests cannot be read: ${error.message}. Send them in several requests.`)
        : error;
    });
    return { ...parsed, language: source.language, lines: (places) => this.#threads.use((thread) => locate(thread, source, places)) };
  }
}

function readHere({ bytes, language }: ManifestText): ReadManifests {
  const text = new TextDecoder().decode(bytes);
  return { ...parseManifests(text, language), language, lines: (places) => Promise.resolve(linesOf(text, language, places)) };
}

async function collect(thread: WorkerThread, source: ManifestText): Promise<ParsedManifests> {
  const documents: ManifestDocument[] = [];
  const errors: Problem[] = [];
  for (let reply = await thread.ask({ kind: 'parse', ...source }); reply.kind === 'batch' && !reply.last; reply = await thread.ask({ kind: 'more' })) {
    documents.push(...reply.documents);
    for (const error of reply.errors) errors.push(error); // `push(...errors)` would fail: there can be more than a call's maximum of arguments
  }
  return { documents, errors };
}

/** Lines are optional: if finding them takes too long or too much memory, the problems have none. */
async function locate(thread: WorkerThread, source: ManifestText, places: readonly Place[]): Promise<readonly (number | undefined)[]> {
  try {
    const reply = await thread.ask({ kind: 'lines', ...source, places: places.slice(0, LOCATED) });
    return reply.kind === 'lines' ? reply.lines : [];
  } catch (error) {
    if (error instanceof TooMuch) return [];
    throw error;
  }
}
