/** The thread that reads large manifests: one request at a time, with results in batches on demand. */
import { parentPort } from 'node:worker_threads';
import { eachPart, linesOf, type ManifestDocument, type ParsedManifests } from './parse-manifests.js';
import type { ManifestText, WorkerReply, WorkerRequest } from './worker-messages.js';

/** Limits of one message, in documents and characters: the receiver unpacks a message without a pause. */
const BATCH = { documents: 200, size: 200_000 } as const;

const textOf = ({ bytes }: ManifestText): string => new TextDecoder().decode(bytes);

/** Splits documents into batches: at least one, which may be empty. */
function* batchesOf(text: ManifestText): Generator<ParsedManifests> {
  let documents: ManifestDocument[] = [];
  let errors: ParsedManifests['errors'][number][] = [];
  let size = 0;
  for (const part of eachPart(textOf(text), text.language)) {
    for (const error of part.errors) errors.push(error);
    for (const document of part.documents) {
      documents.push(document);
      size += part.size / part.documents.length;
      if (documents.length < BATCH.documents && size < BATCH.size) continue;
      yield { documents, errors };
      [documents, errors, size] = [[], [], 0];
    }
  }
  yield { documents, errors };
}

let batches: Iterator<ParsedManifests> | undefined;

function nextBatch(): WorkerReply {
  const { value, done } = batches?.next() ?? { done: true, value: undefined };
  return done === true ? { kind: 'batch', documents: [], errors: [], last: true } : { kind: 'batch', ...(value as ParsedManifests), last: false };
}

function answer(request: WorkerRequest): WorkerReply {
  switch (request.kind) {
    case 'parse': batches = batchesOf(request); return nextBatch();
    case 'more': return nextBatch();
    case 'lines': return { kind: 'lines', lines: linesOf(textOf(request), request.language, request.places) };
  }
}

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)));
