import { AppError, type Problem } from '../app-error.js';
import type { ManifestInput } from '../types.js';
import { fromValue, linesOf, parseManifests, type ManifestDocument, type ManifestLanguage, type ParsedManifests, type Place } from './parse-manifests.js';
import { ThreadPool } from './thread-pool.js';
import type { ManifestText } from './worker-messages.js';
import { TooMuch, type ThreadLimits, type WorkerThread } from './worker-thread.js';

/** Manifests that were read, and the places where everything in them stands. */
export interface ReadManifests extends ParsedManifests {
  /** `null`: they did not come as text. */
  readonly language: ManifestLanguage | null;
  /** 1-based lines; `undefined` where one can't be told, and for what did not come as text. */
  readonly lines: (places: readonly Place[]) => Promise<readonly (number | undefined)[]>;
}

/** Bytes that are read in the server's own thread, in less time than a large body takes to be handed over. */
const SMALL = { yaml: 16_000, json: 200_000 } as const;

const LIMITS: ThreadLimits = { patience: 60_000, memory: 2048 };

/** Problems whose lines are looked for; one who has more begins with these. */
const LOCATED = 1_000;

/**
 * Reads manifests without being in anybody's way: what is large is read by another thread, and comes from there in
 * batches of plain objects.
 */
export class ManifestReader {
  readonly #threads: ThreadPool;

  constructor(limits: Partial<ThreadLimits> = {}) {
    this.#threads = new ThreadPool({ ...LIMITS, ...limits });
  }

  /** @throws AppError PAYLOAD_TOO_LARGE for what takes too long or too much memory to read */
  async read(input: ManifestInput): Promise<ReadManifests> {
    if ('json' in input) return { documents: fromValue(input.json), errors: [], language: null, lines: (places) => Promise.resolve(places.map(() => undefined)) };
    const source: ManifestText = 'yaml' in input ? { language: 'yaml', bytes: Buffer.from(input.yaml) } : input;
    return source.bytes.length <= SMALL[source.language] ? readHere(source) : this.#readBeside(source);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  async #readBeside(source: ManifestText): Promise<ReadManifests> {
    const parsed = await this.#threads.use((thread) => collect(thread, source)).catch((error: unknown) => {
      throw error instanceof TooMuch ? new AppError('PAYLOAD_TOO_LARGE', `The manifests cannot be read: ${error.message}. Send them in several requests.`) : error;
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
    for (const error of reply.errors) errors.push(error); // of one document there can be more than a call takes arguments
  }
  return { documents, errors };
}

/** Lines are a help: where finding them is too much, the problems stand without. */
async function locate(thread: WorkerThread, source: ManifestText, places: readonly Place[]): Promise<readonly (number | undefined)[]> {
  try {
    const reply = await thread.ask({ kind: 'lines', ...source, places: places.slice(0, LOCATED) });
    return reply.kind === 'lines' ? reply.lines : [];
  } catch (error) {
    if (error instanceof TooMuch) return [];
    throw error;
  }
}
