/** The thread that reads large manifests. One request at a time; what it reads goes out in batches, as they are asked for. */
import { parentPort } from 'node:worker_threads';
import { eachPart, linesOf, type ManifestDocument, type ParsedManifests } from './parse-manifests.js';
import type { ManifestText, WorkerReply, WorkerRequest } from './worker-messages.js';

/** Documents, and characters of text, that one message carries: unpacking a message is the receiver's work, done in one go. */
const BATCH = { documents: 200, size: 200_000 } as const;

const textOf = ({ bytes }: ManifestText): string => new TextDecoder().decode(bytes);

/** Cuts what is read into batches; there is always one, even of nothing. */
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
