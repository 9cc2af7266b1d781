import { z } from 'zod';
import { conditionsSchema, INT32_MAX, namedMetaSchema, opaque, port, text, texts } from './fields.js';
import { gatewayApiVersion, parentRefSchema } from './gateway.js';

const integer = (least: number, most = INT32_MAX) =>
  z.int().min(least, { error: `must be greater than or equal to ${least}` }).max(most, { error: `must be less than or equal to ${most}` });

const valueMatch = z.object({ type: z.enum(['Exact', 'RegularExpression']).optional(), name: z.string(), value: z.string() });

const matchSchema = z.object({
  path: z.object({ type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']).optional(), value: text }).optional(),
  headers: z.array(valueMatch).optional(), queryParams: z.array(valueMatch).optional(),
  method: z.enum(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']).optional(),
});

const headers = z.array(z.object({ name: z.string(), value: z.string() })).optional();
const headerModifier = z.object({ set: headers, add: headers, remove: texts }).optional();
const pathModifier = z.object({ type: z.enum(['ReplaceFullPath', 'ReplacePrefixMatch']), replaceFullPath: text, replacePrefixMatch: text }).optional();
const objectRef = { group: text, kind: text, name: z.string(), namespace: text, port: port.optional() };

const filterSchema = z.object({
  type: z.enum([
    'CORS',
    'ExtensionRef',
    'ExternalAuth',
    'RequestHeaderModifier',
    'RequestMirror',
    'RequestRedirect',
    'ResponseHeaderModifier',
    'URLRewrite',
  ]),
  requestHeaderModifier: headerModifier,
  responseHeaderModifier: headerModifier,
  requestMirror: z
    .object({
      backendRef: z.object(objectRef),
      percent: integer(0, 100).optional(),
      fraction: z.object({ numerator: integer(0), denominator: integer(1).optional() }).optional(),
    })
    .optional(),
  requestRedirect: z
    .object({
      scheme: z.enum(['http', 'https']).optional(),
      hostname: text,
      path: pathModifier,
      port: port.optional(),
      statusCode: z.literal([301, 302, 303, 307, 308]).optional(),
    })
    .optional(),
  urlRewrite: z.object({ hostname: text, path: pathModifier }).optional(),
  extensionRef: z.object({ group: z.string(), kind: z.string(), name: z.string() }).optional(),
  ...opaque('cors', 'externalAuth'),
});

const backendRef = z.object({ ...objectRef, weight: integer(0, 1_000_000).optional(), filters: z.array(filterSchema).optional() });

export const httpRouteSchema = z.object({
  apiVersion: gatewayApiVersion, kind: z.literal('HTTPRoute'), metadata: namedMetaSchema,
  spec: z.object({
    parentRefs: z.array(parentRefSchema).optional(), hostnames: texts, ...opaque('useDefaultGateways'),
    rules: z.array(z.object({
      name: text, matches: z.array(matchSchema).optional(), filters: z.array(filterSchema).optional(), backendRefs: z.array(backendRef).optional(),
      timeouts: z.object({ request: text, backendRequest: text }).optional(), ...opaque('retry', 'sessionPersistence'),
    })).optional(),
  }),
  status: z.object({ parents: z.array(z.object({ parentRef: parentRefSchema, controllerName: text, conditions: conditionsSchema })).optional() }).optional(),
}).meta({ id: 'HTTPRoute', description: 'Rules by which a Gateway sends requests to Services.' });

export type HttpRoute = z.infer<typeof httpRouteSchema>;
export type HttpRouteRule = NonNullable<HttpRoute['spec']['rules']>[number];
export type HttpRouteFilter = z.infer<typeof filterSchema>;
export type ParentRefInput = z.infer<typeof parentRefSchema>;
