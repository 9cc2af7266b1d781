/** The kinds of the Gateway API that route HTTP requests to pods. @source kubernetes-sigs/gateway-api v1.4, standard channel */
import { z } from 'zod';
import { conditionsSchema, labelSelectorSchema, namedMetaSchema, opaque, port, stringMap, text } from './fields.js';
import { GATEWAY_GROUP } from '../../http/gateway.js';

/** Both versions are served, with the same meaning. */
export const gatewayApiVersion = z.enum([`${GATEWAY_GROUP}/v1`, `${GATEWAY_GROUP}/v1beta1`]);

export const gatewayClassSchema = z.object({
  apiVersion: gatewayApiVersion, kind: z.literal('GatewayClass'), metadata: namedMetaSchema,
  spec: z.object({ controllerName: z.string(), description: text, ...opaque('parametersRef') }),
  status: z.object({ conditions: conditionsSchema, ...opaque('supportedFeatures') }).optional(),
}).meta({ id: 'GatewayClass', description: 'Which controller serves the Gateways that name this class.' });

const secretRef = z.object({ group: text, kind: text, name: z.string(), namespace: text });

const listenerSchema = z.object({
  name: z.string(),
  port,
  protocol: z.string(),
  hostname: text,
  tls: z
    .object({
      mode: z.enum(['Passthrough', 'Terminate']).optional(),
      certificateRefs: z.array(secretRef).optional(),
      ...opaque('options', 'frontendValidation'),
    })
    .optional(),
  allowedRoutes: z
    .object({
      namespaces: z.object({ from: z.enum(['All', 'None', 'Same', 'Selector']).optional(), selector: labelSelectorSchema.optional() }).optional(),
      kinds: z.array(z.object({ group: text, kind: z.string() })).optional(),
    })
    .optional(),
});

const infrastructureSchema = z.object({
  labels: stringMap, annotations: stringMap, parametersRef: z.object({ group: z.string(), kind: z.string(), name: z.string() }).optional(),
});

export const gatewaySchema = z
  .object({
    apiVersion: gatewayApiVersion,
    kind: z.literal('Gateway'),
    metadata: namedMetaSchema,
    spec: z.object({
      gatewayClassName: z.string(),
      listeners: z.array(listenerSchema),
      addresses: z.array(z.object({ type: text, value: text })).optional(),
      infrastructure: infrastructureSchema.optional(),
      allowedListeners: z
        .object({
          namespaces: z.object({ from: z.enum(['All', 'None', 'Same', 'Selector']).optional(), selector: labelSelectorSchema.optional() }).optional(),
        })
        .optional(),
      ...opaque('backendTLS', 'tls', 'defaultScope'),
    }),
    status: z
      .object({
        addresses: z.array(z.object({ type: text, value: z.string() })).optional(),
        conditions: conditionsSchema,
        listeners: z.array(z.object({ name: z.string(), conditions: conditionsSchema, ...opaque('attachedRoutes', 'supportedKinds') })).optional(),
        ...opaque('attachedListenerSets'),
      })
      .optional(),
  })
  .meta({
    id: 'Gateway',
    description: 'Ports on which a proxy listens. The annotation packetwalk.dev/gateway-service names the Service in front of it.',
  });

export const referenceGrantSchema = z.object({
  apiVersion: gatewayApiVersion, kind: z.literal('ReferenceGrant'), metadata: namedMetaSchema,
  spec: z.object({
    from: z.array(z.object({ group: z.string(), kind: z.string(), namespace: z.string() })),
    to: z.array(z.object({ group: z.string(), kind: z.string(), name: text })),
  }),
}).meta({ id: 'ReferenceGrant', description: 'Lets objects of other namespaces refer to objects of this one.' });

export const parentRefSchema = z.object({ group: text, kind: text, namespace: text, name: z.string(), sectionName: text, port: port.optional() });

export type GatewayClass = z.infer<typeof gatewayClassSchema>;
export type Gateway = z.infer<typeof gatewaySchema>;
export type Listener = z.infer<typeof listenerSchema>;
export type ReferenceGrant = z.infer<typeof referenceGrantSchema>;
