import type { ServiceObject } from '../../controllers/object-shapes.js';
import { dropTypeDependentFields } from '../../controllers/services/type-dependent-fields.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { isFields } from '../../domain/values/fields.js';

/** As far as the fields below look into it: an update comes here before it is validated. */
function hasShapeOfService({ kind, apiVersion, spec }: KubeObject): boolean {
  if (kind !== 'Service' || apiVersion !== 'v1' || !isFields(spec)) return false;
  const { ports, externalIPs } = spec;
  return (ports === undefined || (Array.isArray(ports) && ports.every(isFields))) && (externalIPs === undefined || Array.isArray(externalIPs));
}

/** Who changes a Service's type need not know what else the old type had been given. Other kinds stay as they are. */
export function withoutTypeDependentFields(object: KubeObject, before: KubeObject): KubeObject {
  if (!hasShapeOfService(object)) return object;
  return dropTypeDependentFields(object as unknown as ServiceObject, before as unknown as ServiceObject) as unknown as KubeObject;
}
