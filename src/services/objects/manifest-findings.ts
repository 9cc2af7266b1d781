import type { KubeObject } from '../../domain/cluster/objects.js';
import type { Problem } from '../app-error.js';
import type { ManifestDocument } from '../manifests/parse-manifests.js';
import { refusal } from '../zod-problems.js';

/** What else an object's problems can come from: the field that names another object, and that object's kind. */
const REFERENCES = [
  { path: 'metadata.namespace', kind: 'Namespace', nameIn: ({ metadata }: KubeObject) => metadata.namespace },
  { path: 'spec.nodeName', kind: 'Node', nameIn: ({ spec }: KubeObject) => (spec as { readonly nodeName?: string } | undefined)?.nodeName },
] as const;

/** Collects what is wrong with documents, each problem with its place in the input. */
export class ManifestFindings {
  readonly #problems: Problem[] = [];
  /** Kind and name of the documents that could not be used. */
  readonly #unusable = new Set<string>();
  #shape = false;

  /** @param shape one of the problems is that the document can not be understood */
  add({ document, line, object }: ManifestDocument, problems: readonly Problem[], shape = false): void {
    if (problems.length === 0) return;
    for (const { path, message } of problems) {
      const at = line(path);
      this.#problems.push({ path, message, document, ...(at === undefined ? {} : { line: at }) });
    }
    this.#shape ||= shape;
    const { kind, metadata } = (object ?? {}) as Partial<KubeObject>;
    this.#unusable.add(`${kind}/${metadata?.name}`);
  }

  /** Without the problems that only follow from another document's: what it would have made is missing. */
  withoutConsequences(problems: readonly Problem[], object: KubeObject): readonly Problem[] {
    const missing = REFERENCES.filter(({ kind, nameIn }) => this.#unusable.has(`${kind}/${nameIn(object)}`)).map(({ path }): string => path);
    return missing.length === 0 ? problems : problems.filter(({ path }) => !missing.includes(path));
  }

  /** @throws AppError with everything that was found, in order of the documents */
  assertNone(): void {
    if (this.#problems.length > 0) throw refusal('the list of manifests', this.#problems.toSorted((a, b) => (a.document ?? 0) - (b.document ?? 0)), this.#shape);
  }
}
