import type { KubeObject } from '../../domain/cluster/objects.js';

/** A value that the world refuses. */
export interface AdmissionProblem {
  /** As Kubernetes prints it: `spec.ports[0].nodePort`. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** Collects what admission has to say about one object: everything, not the first. */
export class Findings {
  readonly errors: AdmissionProblem[] = [];
  readonly warnings: string[] = [];

  refuse(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  /** Warnings that begin with the name of the object that they are about. */
  warnOf({ kind, metadata: { namespace, name } }: KubeObject, ...texts: readonly string[]): void {
    for (const text of texts) this.warn(`${kind} ${namespace}/${name}: ${text}`);
  }
}
