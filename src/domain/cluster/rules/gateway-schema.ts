/** @source kubernetes-sigs/gateway-api, the schemas of the CRDs of gateways, gatewayclasses and referencegrants */
import { crdCheck, GROUP, KIND, NAMESPACE, OBJECT_NAME, within, type CrdSchema } from './crd-schema.js';

const DOMAIN = /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/.source;
const PROTOCOL = { min: 1, max: 255, pattern: new RegExp(`^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${DOMAIN}/[A-Za-z0-9]+$`) };
const ADDRESS_TYPE = { min: 1, max: 253, pattern: new RegExp(`^Hostname|IPAddress|NamedAddress|${DOMAIN}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`) };

const LISTENER: CrdSchema = {
  hostname: { min: 1, max: 253 }, protocol: PROTOCOL,
  'allowedRoutes.kinds': { maxItems: 8 }, 'allowedRoutes.kinds[].group': GROUP, 'allowedRoutes.kinds[].kind': KIND,
  'tls.certificateRefs': { maxItems: 64 },
  ...within('tls.certificateRefs[]', { group: GROUP, kind: KIND, namespace: NAMESPACE, name: OBJECT_NAME }),
};

export const checkGatewaySchema = crdCheck({
  'spec.gatewayClassName': OBJECT_NAME,
  'spec.addresses': { maxItems: 16 }, 'spec.addresses[].type': ADDRESS_TYPE, 'spec.addresses[].value': { max: 253 },
  ...within('spec.listeners[]', LISTENER),
});

export const checkGatewayClassSchema = crdCheck({ 'spec.controllerName': OBJECT_NAME, 'spec.description': { max: 64 } });

export const checkReferenceGrantSchema = crdCheck({
  ...within('spec.from[]', { group: GROUP, kind: KIND }), ...within('spec.to[]', { group: GROUP, kind: KIND, name: OBJECT_NAME }),
});
