import type { KubeObject } from '../../domain/cluster/objects.js';

/** A value that is valid by itself, but that the cluster refuses. */
export interface AdmissionProblem {
  /** As Kubernetes prints it: `spec.ports[0].nodePort`. */
  readonly path: string;
  /** What is wrong, and what would be accepted. */
  readonly message: string;
}

/** Collects all errors and warnings about one object during its admission. */
export class Findings {
  readonly errors: AdmissionProblem[] = [];
  readonly warnings: string[] = [];

  refuse(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  /** Adds warnings that begin with the object's kind and name. */
  warnOf({ kind, metadata: { namespace, name } }: KubeObject, ...texts: readonly string[]): void {
    for (const text of texts) this.warn(`${kind} ${namespace}/${name}: ${text}`);
  }
}
