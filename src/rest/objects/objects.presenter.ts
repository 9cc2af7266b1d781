import type { KubeObject } from '../../domain/cluster/objects.js';
import { TYPED_KINDS, type PluralKind } from '../../services/objects/typed-kinds.js';

/** The path of an object, with the cluster as in the request. */
export function objectPath(cluster: string, plural: PluralKind, { metadata }: KubeObject): string {
  const place = TYPED_KINDS[plural].namespaced ? [metadata.namespace ?? 'default', metadata.name] : [metadata.name];
  return ['/api/v1/clusters', encodeURIComponent(cluster), plural, ...place.map(encodeURIComponent)].join('/');
}
