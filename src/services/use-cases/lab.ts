import type { Machine } from '../../domain/datapath/machine.js';
import type { Viewer } from './viewer.js';

/** A cluster's Linux written out in full. */
interface LabView {
  readonly name: string;
  readonly revision: number;
  readonly machines: readonly Machine[];
}

export interface LabService {
  /** @throws UNPROCESSABLE for a cluster that is too large for one machine */
  writeOut(viewer: Viewer, cluster: string): Promise<LabView>;
}
