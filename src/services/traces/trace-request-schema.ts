/**
 * The shape of a trace request as a client writes it, one schema for each form of `from` and `to`. Descriptions and
 * examples here are what the API reference shows.
 */
import * as z from 'zod';
import { didYouMean, similarNames } from '../../domain/cluster/similar-names.js';
import { CLIENT_OUTCOMES, DISPOSITIONS, VERDICTS } from '../../domain/trace/disposition.js';
import { REASONS, type ReasonCode } from '../../domain/trace/reasons.js';
import { NAMESPACED_NAME, SUBDOMAIN } from '../name-patterns.js';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';

/** @source RFC 9110 §5.6.2 `token` */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/;
/** @source RFC 9110 §5.5 "Field Values" */
const HEADER_VALUE = /^[^\0\r\n]*$/;
/** `uri-host [ ":" port ]`. @source RFC 9110 §7.2, RFC 3986 §3.2.2 */
const HOST_HEADER = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

/** Refuses an invalid `Host`, and headers that are given twice with different spelling. */
function checkHeaders(headers: Readonly<Record<string, string>>, context: z.core.$RefinementCtx): void {
  const named = new Set<string>();
  for (const [header, value] of Object.entries(headers)) {
    const name = header.toLowerCase();
    if (named.has(name)) context.addIssue({ code: 'custom', path: [header], message: 'is another spelling of a header that is given already' });
    else if (name === 'host' && !HOST_HEADER.test(value)) {
      context.addIssue({ code: 'custom', path: [header], message: 'must be a host, with a port where it needs one, such as shop.example:8080' });
    }
    named.add(name);
  }
}

const ip = z.string().regex(new RegExp(`^${IPV4}$`), 'must be an IPv4 address such as 198.51.100.10');
const name = z.string().regex(new RegExp(`^${SUBDOMAIN}$`), 'must be a name: lower-case letters, digits, "-" and "."');
const namespaced = (example: string) =>
  z
    .string()
    .regex(new RegExp(`^${NAMESPACED_NAME}$`), `must be <namespace>/<name>, e.g. ${example}`)
    .meta({ description: '`<namespace>/<name>`; the namespace `default` may be left out', example });
const port = z.int().min(1).max(65535);
const PORT_OR_NAME = 'must be a port number from 1 to 65535, or the name of a port such as "http"';
const portOrName = z
  .union([port, z.string().regex(/^(?=[^a-z]*[a-z])[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?$/, PORT_OR_NAME)], PORT_OR_NAME)
  .meta({ description: 'Number (1–65535) or name of a port' });
const source = ip.meta({ description: 'The own address to bind to' });

/** Labels of up to 63 characters, none of them empty, 253 in all. @source RFC 1035 §2.3.4 */
const HOST_NAME = /^(?=.{1,253}\.?$)(?!-)(?:[-a-z0-9_]{1,63}\.)*[-a-z0-9_]{0,62}[a-z0-9_]\.?$/i;

/** An absolute http or https URL without user and password. IPv6 is not modelled. */
function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, port } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && HOST_NAME.test(hostname) && username === '' && password === '' && port !== '0';
}

export const sourceForms = {
  pod: z.strictObject({ pod: namespaced('default/client'), container: name.optional(), source: source.optional() }).meta({ title: 'A pod' }),
  deployment: z.strictObject({ deployment: namespaced('default/web'), source: source.optional() }).meta({ title: "A deployment's first pod" }),
  node: z.strictObject({ node: name, source: source.optional() }).meta({ title: 'A process on a node' }),
  internet: z.strictObject({ internet: ip }).meta({ title: 'A host on the internet' }),
  lan: z.strictObject({ lan: name, source: source.optional() }).meta({ title: 'A machine on the node network' }),
  ip: z.strictObject({ ip, at: name.meta({ description: 'The node on whose eth0 the packet arrives' }) }).meta({ title: 'Any source address' }),
};

const VIAS = ['clusterIP', 'nodePort', 'loadBalancer', 'externalIP'] as const;

/** Ports are optional here because ICMP has none; `parseTraceRequest` requires them for other protocols. */
export const destinationForms = {
  service: z
    .strictObject({
      service: namespaced('default/web'),
      port: portOrName.optional(),
      via: z.enum(VIAS).default('clusterIP'),
      address: ip.optional().meta({ description: 'Which address, if the Service has several' }),
      node: name.optional().meta({ description: "Which node's port; or which node the load balancer picks" }),
    })
    .meta({ title: 'A Service' }),
  pod: z.strictObject({ pod: namespaced('default/web-1'), container: name.optional(), port: portOrName.optional() }).meta({ title: 'A pod' }),
  node: z.strictObject({ node: name, port: port.optional() }).meta({ title: 'A node' }),
  ip: z.strictObject({ ip, port: port.optional(), node: name.optional() }).meta({ title: 'An address' }),
  host: z
    .strictObject({ host: z.string().regex(HOST_NAME, 'must be a host name such as web.default.svc'), port: port.optional() })
    .meta({ title: "A name that the cluster's DNS answers" }),
  url: z
    .strictObject({
      url: z
        .string()
        .max(8192)
        .refine(isHttpUrl, 'must be an absolute http or https URL such as http://shop.example/cart')
        .meta({
          description: 'An HTTP request: through DNS, a Service, an Ingress or a Gateway. Redirects are reported, not followed',
          example: 'http://shop.example/cart',
        }),
      method: z
        .string()
        .regex(/^[A-Z]{1,20}$/, 'must be a method in capitals such as GET')
        .default('GET'),
      headers: z
        .record(
          z.string().regex(HEADER_NAME, 'must be the name of a header'),
          z.string().max(8192).regex(HEADER_VALUE, 'must have no line break and no NUL'),
        )
        .superRefine(checkHeaders)
        .default({})
        .meta({ description: "`Host` replaces the host of the URL; the connection still goes to the URL's" }),
    })
    .meta({ title: 'A URL' }),
};

export const choiceForms = {
  SEEDED: z.strictObject({ mode: z.literal('SEEDED').default('SEEDED'), seed: z.int().min(0).max(0xffffffff).default(0) }).meta({ title: 'One path' }),
  ALL: z.strictObject({ mode: z.literal('ALL') }).meta({ title: 'Every endpoint, at most 256' }),
  FORCED: z
    .strictObject({ mode: z.literal('FORCED'), backend: z.string().regex(new RegExp(`^${IPV4}:${PORT}$`), 'must be <ip>:<port>, e.g. 10.244.2.8:8080') })
    .meta({ title: 'The endpoint named' }),
};

const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];
const reasonCode = z.enum(REASON_CODES, {
  error: ({ input }) =>
    `must be the code of a reason, e.g. NO_LISTENER, not ${JSON.stringify(input)}${typeof input === 'string' ? didYouMean(similarNames(input, REASON_CODES)) : ''}`,
});

const expectation = z.strictObject({
  verdict: z.enum(VERDICTS).optional(),
  disposition: z.enum(DISPOSITIONS).optional(),
  reason: reasonCode.optional().meta({ description: 'A reason code' }),
  clientSees: z.strictObject({ outcome: z.enum(CLIENT_OUTCOMES).optional() }).optional(),
  seenByServer: z.strictObject({ source: z.string().optional().meta({ description: 'The address with its port, or alone: any port' }) }).optional(),
});

/** All fields except `from`, `to` and `choice`, which have several forms. */
export const flowFields = z.strictObject({
  from: z.unknown().optional(),
  to: z.unknown().optional(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP', 'ICMP']).default('TCP').meta({ description: 'ICMP: an echo request, which has no port' }),
  sourcePort: z.int().min(0).max(65535).optional().meta({
    description:
      'Default: derived from the request, in 32768–60999. A port that a program at this end listens on is refused (422), as Linux does with EADDRINUSE',
  }),
  ttl: z.int().min(1).max(255).default(64),
  payloadBytes: z.int().min(0).max(65_495).default(0).meta({
    description: 'TCP walks the SYN and its answer; with a payload also a leg "data" on the same connection: that much, or the first segment of it',
  }),
  dontFragment: z.boolean().default(true),
  choice: z.unknown().optional(),
  neighbours: z.enum(['COLD', 'WARM', 'LIVE']).default('COLD').meta({
    description:
      "COLD: every ARP cache and FDB empty; WARM: as after an earlier flow that succeeded with all links up; LIVE: the cluster's own tables, which the flow uses and changes, including the path MTUs that hosts have learned",
  }),
  conntrack: z.enum(['FRESH', 'LIVE']).default('FRESH').meta({
    description:
      "FRESH: no connection but this one; LIVE: the cluster's own tables of connections and session affinity, which the flow uses and changes. A TCP connection that is already open (same addresses, same ports) is not opened again: the trace walks a segment of it. Another `sourcePort` makes another connection",
  }),
  expect: expectation
    .optional()
    .meta({ description: 'For programs; at least one field. The answer then has "met" and the differences. Every path must be as expected' }),
  record: z.boolean().default(true).meta({ description: 'false: the trace is returned, but not stored' }),
  include: z
    .array(z.enum(['frames']))
    .default([])
    .meta({ description: '"frames" adds the frames to the answer' }),
});

/** The schema of the whole request, for the API reference. */
export const traceRequestInput = flowFields
  .extend({
    from: z.union([sourceForms.pod, sourceForms.deployment, sourceForms.node, sourceForms.internet, sourceForms.lan, sourceForms.ip]),
    to: z.union([destinationForms.service, destinationForms.pod, destinationForms.node, destinationForms.ip, destinationForms.host, destinationForms.url]),
    choice: z.union([choiceForms.SEEDED, choiceForms.ALL, choiceForms.FORCED]).default({ mode: 'SEEDED', seed: 0 }),
  })
  .meta({
    id: 'TraceRequest',
    description: 'A flow to trace. Every field but `from` and `to` has a default.',
    example: { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 } },
  });
