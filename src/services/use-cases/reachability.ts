import type { Reachability } from '../reachability/reachability.js';
import type { Viewer } from './viewer.js';

export interface ReachabilityService {
  /**
   * Answers for the cluster as it is when the call begins; computes in turns with other requests.
   *
   * @param input a `ReachabilityRequest`, with or without its defaults
   * @throws AppError BAD_REQUEST or UNPROCESSABLE with every problem
   */
  ask(viewer: Viewer, cluster: string, input: unknown): Promise<Reachability>;
}
