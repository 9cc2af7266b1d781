/** The settings of a cluster as a document among its manifests. */
import { validateClusterSettings } from '../../domain/cluster/validate-cluster-settings.js';
import { groupOf, type KubeObject } from '../../domain/cluster/objects.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { Problem } from '../app-error.js';

const CLUSTER_KIND = { group: 'packetwalk.dev', version: 'v1', kind: 'Cluster' } as const;

/** Says that the documents which follow are all that the cluster has, its nodes and its DNS too. */
const COMPLETE = 'packetwalk.dev/complete';

export function clusterDocument({ name, ...spec }: ClusterSettings): KubeObject {
  return {
    apiVersion: `${CLUSTER_KIND.group}/${CLUSTER_KIND.version}`,
    kind: CLUSTER_KIND.kind,
    metadata: { name, annotations: { [COMPLETE]: 'true' } },
    spec,
  };
}

export const isClusterDocument = (value: unknown): value is KubeObject => {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind } = value as Partial<KubeObject>;
  return kind === CLUSTER_KIND.kind && typeof apiVersion === 'string' && groupOf(apiVersion) === CLUSTER_KIND.group;
};

interface ReadClusterDocument {
  /** Under the name that is given: a document's own is that of the cluster it was exported from. */
  readonly settings: ClusterSettings;
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

export function readClusterDocument(document: KubeObject, name: string): ReadClusterDocument {
  const { metadata, spec = {} } = document as Partial<KubeObject> & { readonly spec?: object };
  const { settings, errors } = validateClusterSettings(typeof spec === 'object' ? { ...spec, name, nodes: 0 } : spec);
  const served = `${CLUSTER_KIND.group}/${CLUSTER_KIND.version}`;
  return {
    settings,
    complete: metadata?.annotations?.[COMPLETE] === 'true',
    problems: [
      ...(document.apiVersion === served
        ? []
        : [
            {
              path: 'apiVersion',
              message: `no matches for kind "${CLUSTER_KIND.kind}" in version ${JSON.stringify(document.apiVersion)}: use ${served}`,
            },
          ]),
      ...errors.map(({ path, message }) => ({ path: path === '' ? 'spec' : `spec.${path}`, message })),
    ],
  };
}
