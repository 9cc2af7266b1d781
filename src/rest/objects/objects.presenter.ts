import type { KubeObject } from '../../domain/cluster/objects.js';
import { TYPED_KINDS, type PluralKind } from '../../services/objects/typed-kinds.js';

/** Where an object is; the cluster as the client called it. */
export function objectPath(cluster: string, plural: PluralKind, { metadata }: KubeObject): string {
  const place = TYPED_KINDS[plural].namespaced ? [metadata.namespace ?? 'default', metadata.name] : [metadata.name];
  return ['/api/v1/clusters', encodeURIComponent(cluster), plural, ...place.map(encodeURIComponent)].join('/');
}
