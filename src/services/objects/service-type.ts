import type { ServiceObject } from '../../controllers/object-shapes.js';
import { dropTypeDependentFields } from '../../controllers/services/type-dependent-fields.js';
import type { KubeObject } from '../../domain/cluster/objects.js';

/** Who changes a Service's type need not know what else the old type had been given. Other kinds stay as they are. */
export function withoutTypeDependentFields(object: KubeObject, before: KubeObject): KubeObject {
  if (object.kind !== 'Service' || object.apiVersion !== 'v1' || typeof object['spec'] !== 'object' || object['spec'] === null) return object;
  return dropTypeDependentFields(object as unknown as ServiceObject, before as unknown as ServiceObject) as unknown as KubeObject;
}
