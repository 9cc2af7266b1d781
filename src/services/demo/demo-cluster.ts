import { deepEqual } from '../../domain/values/deep-equal.js';
import { validateClusterSettings } from '../../domain/cluster/validate-cluster-settings.js';
import { LOCAL_VIEWER } from '../local-viewer.js';
import type { ClusterSummary } from '../use-cases/clusters.js';
import type { Services } from '../use-cases/services.js';
import { DEMO_FAULTS, DEMO_INGRESS, DEMO_MANIFESTS, DEMO_POLICIES, DEMO_SETTINGS } from './demo-manifests.js';

/** The first thing to paste: a pod asks a Service, over the way to another node and back. */
const curlLine = (baseUrl: string): string =>
  `curl -s '${baseUrl}/api/v1/clusters/demo/traces?format=text' -H 'content-type: application/json' `
  + `-d '{"from":{"pod":"default/client"},"to":{"service":"default/web","port":80}}'`;

/** What fills the cluster once it is created: a change each, so that its revision says how many it has. */
const FILLINGS = [DEMO_MANIFESTS, `${DEMO_FAULTS}---\n${DEMO_POLICIES}---\n${DEMO_INGRESS}`];

/** Whether a cluster is the one that an earlier start began to fill when it was killed. */
const isHalfFilled = ({ settings, revision }: ClusterSummary): boolean =>
  revision <= FILLINGS.length && deepEqual(settings, validateClusterSettings(DEMO_SETTINGS).settings);

/**
 * Creates the cluster `demo` in a database that has no cluster yet, or finishes it where an earlier start was killed.
 *
 * @returns the line to print: a `curl` command that traces a flow in it; `null` when this is not the first start
 */
export async function ensureDemoCluster({ clusters, objects }: Services, baseUrl: string): Promise<string | null> {
  const [first, ...others] = await clusters.list(LOCAL_VIEWER);
  if (first && (others.length > 0 || !isHalfFilled(first))) return null;
  const { revision } = first ?? (await clusters.create(LOCAL_VIEWER, DEMO_SETTINGS));
  for (const yaml of FILLINGS.slice(revision - 1)) await objects.apply(LOCAL_VIEWER, DEMO_SETTINGS.name, { yaml });
  return curlLine(baseUrl);
}
