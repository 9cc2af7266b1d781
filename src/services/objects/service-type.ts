import type { ServiceObject } from '../../controllers/object-shapes.js';
import { dropTypeDependentFields } from '../../controllers/services/type-dependent-fields.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { isFields } from '../../domain/values/fields.js';

/** Only the fields used below: an update is not validated yet. */
function hasShapeOfService({ kind, apiVersion, spec }: KubeObject): boolean {
  if (kind !== 'Service' || apiVersion !== 'v1' || !isFields(spec)) return false;
  const { ports, externalIPs } = spec;
  return (ports === undefined || (Array.isArray(ports) && ports.every(isFields))) && (externalIPs === undefined || Array.isArray(externalIPs));
}

/** When a Service's type changes, fields that only the old type allows are removed. Other kinds are returned unchanged. */
export function withoutTypeDependentFields(object: KubeObject, before: KubeObject): KubeObject {
  if (!hasShapeOfService(object)) return object;
  return dropTypeDependentFields(object as unknown as ServiceObject, before as unknown as ServiceObject) as unknown as KubeObject;
}
