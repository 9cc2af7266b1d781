/**
 * The short forms of pods, Services and nodes. A shorthand has none of the fields `apiVersion`, `kind`, `metadata` and
 * `spec`, but a `name` at the top.
 */
import { z } from 'zod';
import { nodeSeedSchema } from './cluster-settings-schema.js';
import { intOrString, port, portOrZero, transportProtocol } from './kinds/fields.js';
import { completeNodeSeed, nodeFromSeed } from './node-seed.js';
import { dnsLabelProblem } from './name-syntax.js';
import type { ObjectProblem } from './object-problem.js';
import { checkSyntax } from './rules/check-syntax.js';
import { rulesOf } from './rules/kind-rules.js';
import { describeType, schemaProblems } from './schema-problems.js';
import { walkSchema, type UnknownField } from './schema-walk.js';

export const podShorthandSchema = z
  .object({
    name: z.string(),
    namespace: z.string().optional(),
    node: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    ports: z.array(port).optional(),
  })
  .meta({
    id: 'PodShorthand',
    description: 'A pod with one container that listens on `ports`.',
    example: { name: 'shop-1', labels: { app: 'shop' }, ports: [8080] },
  });

export const serviceShorthandSchema = z
  .object({
    name: z.string(),
    namespace: z.string().optional(),
    type: z.enum(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']).optional(),
    selector: z.record(z.string(), z.string()),
    ports: z.array(
      z.object({
        name: z.string().optional(),
        port,
        targetPort: intOrString.optional(),
        nodePort: portOrZero.optional(),
        protocol: transportProtocol.optional(),
      }),
    ),
  })
  .meta({
    id: 'ServiceShorthand',
    description: 'A Service in front of the pods that have the labels of `selector`.',
    example: { name: 'shop', selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 8080 }] },
  });

/** A missing address or podCIDR is the lowest free one. */
export const nodeShorthandSchema = nodeSeedSchema;

type PodShorthand = z.infer<typeof podShorthandSchema>;
type ServiceShorthand = z.infer<typeof serviceShorthandSchema>;
type NodeShorthand = z.infer<typeof nodeShorthandSchema>;

interface Shorthand {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: object | undefined;
}

const metadataOf = ({ name, namespace, labels }: Shorthand): object => ({
  name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }),
});

const podOf = (pod: PodShorthand): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadataOf(pod),
  spec: {
    ...(pod.node !== undefined && { nodeName: pod.node }),
    containers: [{ name: 'app', ...(pod.ports && { ports: pod.ports.map((containerPort) => ({ containerPort })) }) }],
  },
});

/** A port with a name: its own, or one made from its protocol and number. */
const named = (entry: ServiceShorthand['ports'][number]): object => ({ name: `${(entry.protocol ?? 'TCP').toLowerCase()}-${entry.port}`, ...entry });

/** In a Service with several ports each one needs a name. */
const serviceOf = (service: ServiceShorthand): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf({ name: service.name, namespace: service.namespace }),
  spec: {
    ...(service.type !== undefined && { type: service.type }),
    selector: service.selector,
    ports: service.ports.length < 2 ? service.ports : service.ports.map(named),
  },
});

const nodeOf = (node: NodeShorthand): object => nodeFromSeed(completeNodeSeed(node));

interface Form {
  readonly schema: z.ZodType;
  readonly expand: (shorthand: never) => object;
  readonly fields: string;
}

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['Pod', { schema: podShorthandSchema, expand: podOf, fields: '{"name", "namespace"?, "node"?, "labels"?, "ports"?: [8080]}' }],
  [
    'Service',
    {
      schema: serviceShorthandSchema,
      expand: serviceOf,
      fields: '{"name", "namespace"?, "type"?, "selector", "ports": [{"port", "targetPort"?, "nodePort"?, "protocol"?}]}',
    },
  ],
  ['Node', { schema: nodeShorthandSchema, expand: nodeOf, fields: '{"name", "internalIP"?, "podCIDR"?}' }],
]);

const OBJECT_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'] as const;

export interface ExpandedShorthand {
  /** The object to validate: the expanded shorthand, or the body itself if it is none, or a field has a wrong type. */
  readonly object: unknown;
  /** Was the body a shorthand? The problems that validation finds then refer to the expanded object. */
  readonly shorthand: boolean;
  readonly unknownFields: readonly UnknownField[];
  /** What is wrong with the shorthand itself. */
  readonly errors: readonly ObjectProblem[];
}

/** The problems of the names in a shorthand that cannot be expanded. */
function nameProblems(kind: string, { name, namespace }: { readonly name?: unknown; readonly namespace?: unknown }): readonly ObjectProblem[] {
  const problems: ObjectProblem[] = [];
  const report = (path: string, message: string): void => void problems.push({ path, message, category: 'value' });
  if (typeof name === 'string') checkSyntax(name, rulesOf('', kind).nameSyntax, 'name', report);
  if (typeof namespace === 'string') checkSyntax(namespace, dnsLabelProblem, 'namespace', report);
  return problems;
}

/** The message about an unknown field; it lists the shorthand's fields if it suggests none. */
const withFields = (message: string, isGuessed: boolean, { fields }: Form): string => (isGuessed ? message : `${message}; the shorthand is ${fields}`);

/** @param kind of the route that was called, e.g. `Pod` */
export function expandShorthand(kind: string, body: unknown): ExpandedShorthand {
  const whole: ExpandedShorthand = { object: body, shorthand: false, unknownFields: [], errors: [] };
  if (typeof body !== 'object' || body === null || Array.isArray(body) || OBJECT_FIELDS.some((field) => field in body)) return whole;
  const form = FORMS.get(kind);
  if (!('name' in body) || !form) {
    const shorthand = form ? `, or the shorthand ${form.fields}` : '';
    const message = `expected a Kubernetes object with metadata and spec${shorthand}, got ${describeType(body)} with ${Object.keys(body).join(', ') || 'no fields'}`;
    return { ...whole, errors: [{ path: '', message, category: 'shape' }] };
  }
  const { kept, unknown: found, sound } = walkSchema(form.schema, body);
  const unknown = found.map(({ path, message, isGuessed }): UnknownField => ({ path, message: withFields(message, isGuessed, form) }));
  const issues = sound ? [] : (form.schema.safeParse(kept).error?.issues ?? []);
  const errors = schemaProblems(issues, kept);
  if (errors.some(({ category }) => category === 'shape')) {
    return { object: body, shorthand: true, unknownFields: unknown, errors: [...errors, ...nameProblems(kind, kept)] };
  }
  return { object: form.expand(kept as never), shorthand: true, unknownFields: unknown, errors };
}
