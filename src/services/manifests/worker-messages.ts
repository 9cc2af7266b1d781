/** What is said between the server's thread and the one that reads large manifests. */
import type { ManifestLanguage, ParsedManifests, Place } from './parse-manifests.js';

export interface ManifestText {
  readonly language: ManifestLanguage;
  /** UTF-8. */
  readonly bytes: Uint8Array;
}

export type WorkerRequest =
  | (ManifestText & { readonly kind: 'parse' })
  /** Asks for the next batch of what is being parsed: a thread that is fed faster than it reads would stand still. */
  | { readonly kind: 'more' }
  | (ManifestText & { readonly kind: 'lines'; readonly places: readonly Place[] });

export type WorkerReply =
  | (ParsedManifests & { readonly kind: 'batch'; readonly last: boolean })
  | { readonly kind: 'lines'; readonly lines: readonly (number | undefined)[] };
