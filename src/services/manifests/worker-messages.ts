/** Messages between the server's thread and the one that reads large manifests. */
import type { ManifestLanguage, ParsedManifests, Place } from './parse-manifests.js';

export interface ManifestText {
  readonly language: ManifestLanguage;
  /** UTF-8. */
  readonly bytes: Uint8Array;
}

export type WorkerRequest =
  | (ManifestText & { readonly kind: 'parse' })
  /** Requests the next batch. Batches are sent only on request, so that the receiver is not flooded. */
  | { readonly kind: 'more' }
  | (ManifestText & { readonly kind: 'lines'; readonly places: readonly Place[] });

export type WorkerReply =
  | (ParsedManifests & { readonly kind: 'batch'; readonly last: boolean })
  | { readonly kind: 'lines'; readonly lines: readonly (number | undefined)[] };
