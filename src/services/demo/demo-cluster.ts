import { LOCAL_VIEWER } from '../local-viewer.js';
import type { Services } from '../types.js';
import { DEMO_FAULTS, DEMO_INGRESS, DEMO_MANIFESTS, DEMO_POLICIES, DEMO_SETTINGS } from './demo-manifests.js';

/** The first thing to paste: a pod asks a Service, over the way to another node and back. */
const curlLine = (baseUrl: string): string =>
  `curl -s '${baseUrl}/api/v1/clusters/demo/traces?format=text' -H 'content-type: application/json' `
  + `-d '{"from":{"pod":"default/client"},"to":{"service":"default/web","port":80}}'`;

/**
 * Creates the cluster `demo` in a database that has no cluster yet.
 *
 * @returns the line to print: a `curl` command that traces a flow in it; `null` when this is not the first start
 */
export async function ensureDemoCluster(services: Services, baseUrl: string): Promise<string | null> {
  if ((await services.clusters.list(LOCAL_VIEWER)).length > 0) return null;
  await services.clusters.create(LOCAL_VIEWER, DEMO_SETTINGS);
  await services.objects.apply(LOCAL_VIEWER, 'demo', { yaml: DEMO_MANIFESTS });
  await services.objects.apply(LOCAL_VIEWER, 'demo', { yaml: `${DEMO_FAULTS}---\n${DEMO_POLICIES}---\n${DEMO_INGRESS}` });
  return curlLine(baseUrl);
}
