/**
 * The use-cases, as REST and GraphQL call them: parse → one call here → present. One implementation behind both.
 * Every call asks `access` first. All refusals are `AppError`.
 */
import type { ClusterService } from './clusters.js';
import type { DnsService } from './dns.js';
import type { EventService } from './events.js';
import type { InsideService } from './inside.js';
import type { LabService } from './lab.js';
import type { ObjectService } from './objects.js';
import type { ReachabilityService } from './reachability.js';
import type { StateService } from './state.js';
import type { TraceService } from './traces.js';

export interface Services {
  readonly clusters: ClusterService;
  readonly objects: ObjectService;
  readonly traces: TraceService;
  readonly inside: InsideService;
  readonly reachability: ReachabilityService;
  readonly dns: DnsService;
  readonly lab: LabService;
  readonly state: StateService;
  readonly events: EventService;
  /** Whether the database answers, and its file is still in place. */
  readonly ready: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}
