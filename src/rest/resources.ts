import { TYPED_KINDS, type PluralKind } from '../services/objects/typed-kinds.js';
import type { Services } from '../services/use-cases/services.js';
import { clusterResources } from './clusters/clusters.router.js';
import { dnsResources } from './dns/dns.router.js';
import { insideResources } from './inside/inside.router.js';
import { labResources } from './lab/lab.router.js';
import { manifestResources } from './manifests/manifests.router.js';
import type { Metrics } from './metrics.js';
import { drainResources } from './objects/drain.router.js';
import { objectResources } from './objects/objects.router.js';
import { reachabilityResources } from './reachability/reachability.router.js';
import type { Resource } from './resource.js';
import { stateResources } from './state/state.router.js';
import { systemResources } from './system/system.router.js';
import { traceResources } from './traces/traces.router.js';

/** All resources except the pages, in the order in which requests are matched: the most frequent ones first. */
export const apiResources = (services: Services, metrics: Metrics): Resource[] => [
  ...traceResources(services.traces),
  ...reachabilityResources(services.reachability),
  ...clusterResources(services.clusters),
  ...(Object.keys(TYPED_KINDS) as PluralKind[]).flatMap((plural) => objectResources(services.objects, plural)),
  ...drainResources(services.objects),
  ...manifestResources(services.objects),
  ...insideResources(services.inside),
  ...dnsResources(services.dns),
  ...labResources(services.lab),
  ...stateResources(services.state),
  ...systemResources(services.ready, metrics),
];
