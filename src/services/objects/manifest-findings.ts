import type { KubeObject } from '../../domain/cluster/objects.js';
import type { Problem } from '../app-error.js';
import type { Unquoted } from '../../domain/cluster/object-problem.js';
import type { ReadManifests } from '../manifests/manifest-reader.js';
import { parsePath, type ManifestDocument, type Place } from '../manifests/parse-manifests.js';
import type { JudgedProblem } from './put-object.js';
import { refusal } from '../zod-problems.js';

/** Fields that name another object, and its kind: problems there may follow from a problem of that object. */
const REFERENCES = [
  { path: 'metadata.namespace', kind: 'Namespace', nameIn: ({ metadata }: KubeObject) => metadata.namespace },
  { path: 'spec.nodeName', kind: 'Node', nameIn: ({ spec }: KubeObject) => (spec as { readonly nodeName?: string } | undefined)?.nodeName },
] as const;

/** @source YAML 1.1 as sigs.k8s.io/yaml reads it */
const IN_YAML: Readonly<Record<Unquoted, string>> = {
  boolean: 'in YAML y, yes, on, true and n, no, off, false are booleans, unless they are in quotes',
  number: 'in YAML it is a string if it is in quotes',
};

interface Finding {
  readonly problem: Problem;
  readonly place: Place;
}

const NOWHERE: Place = { chunk: -1, path: [] };

const within = ({ chunk, path }: Place, field: string): Place => ({ chunk, path: [...path, ...parsePath(field)] });

/** Sorts problems by document, keeping the order in which those of one document were found. */
const inOrder = (findings: readonly Finding[]): readonly Finding[] => findings.toSorted((a, b) => (a.problem.document ?? 0) - (b.problem.document ?? 0));

/** Collects the problems of documents, each with its place in the input. */
export class ManifestFindings {
  readonly #lines: ReadManifests['lines'];
  readonly #language: ReadManifests['language'];
  readonly #found: Finding[] = [];
  /** Kind and name of the objects of invalid documents. */
  readonly #unusable = new Set<string>();
  #shape = false;

  constructor({ lines, language }: Pick<ReadManifests, 'lines' | 'language'>) {
    this.#lines = lines;
    this.#language = language;
  }

  /** @param shape whether one of the problems is a shape problem */
  add({ document, place, object }: ManifestDocument, problems: readonly JudgedProblem[], shape = false): void {
    if (problems.length === 0) return;
    for (const { path, message, unquoted } of problems) {
      const told = unquoted && this.#language === 'yaml' ? `${message}: ${IN_YAML[unquoted]}` : message;
      this.#found.push({ problem: { path, message: told, document }, place: within(place, path) });
    }
    this.#shape ||= shape;
    const { kind, metadata } = (object ?? {}) as Partial<KubeObject>;
    this.#unusable.add(`${kind}/${metadata?.name}`);
  }

  /** Adds syntax errors, which have lines already. */
  addUnreadable(problems: readonly Problem[]): void {
    this.#found.push(...problems.map((problem): Finding => ({ problem, place: NOWHERE })));
    this.#shape ||= problems.length > 0;
  }

  /** Leaves out problems that only follow from an invalid document, whose object is missing. */
  withoutConsequences(problems: readonly Problem[], object: KubeObject): readonly Problem[] {
    if (problems.length === 0) return problems;
    const missing = REFERENCES.filter(({ kind, nameIn }) => this.#unusable.has(`${kind}/${nameIn(object)}`)).map(({ path }): string => path);
    return missing.length === 0 ? problems : problems.filter(({ path }) => !missing.includes(path));
  }

  /** @throws AppError with all problems, in order of the documents */
  async assertNone(): Promise<void> {
    if (this.#found.length === 0) return;
    throw refusal('the list of manifests', await this.#withLines(inOrder(this.#found)), this.#shape);
  }

  /** Adds lines to problems of documents. */
  async located(problems: readonly (Problem & { readonly source: ManifestDocument | undefined })[]): Promise<readonly Problem[]> {
    const found = problems.map(({ source, path, message }): Finding =>
      (source ? { problem: { path, message, document: source.document }, place: within(source.place, path) } : { problem: { path, message }, place: NOWHERE }));
    return this.#withLines(found);
  }

  async #withLines(found: readonly Finding[]): Promise<readonly Problem[]> {
    const lines = await this.#lines(found.map(({ place }) => place));
    return found.map(({ problem }, index) => (lines[index] === undefined ? problem : { ...problem, line: lines[index] }));
  }
}
