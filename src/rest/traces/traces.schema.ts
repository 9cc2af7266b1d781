import * as z from 'zod';
import { CLIENT_OUTCOMES, DISPOSITIONS, VERDICTS } from '../../domain/trace/disposition.js';
import { REASONS } from '../../domain/trace/reasons.js';
import { NO_TOKEN } from '../../services/objects/continue-token.js';
import { traceRequestInput } from '../../services/traces/trace-request-schema.js';
import { isTraceToken } from '../../services/traces/trace-token.js';
import { flag, wholeNumber } from '../query.js';
import { conntrackEntry, fdbEntry, neighbour } from './entries.schema.js';
import { frame } from './packet.schema.js';
import { step } from './step.schema.js';
import { TRACE_FORMAT_NAMES } from './trace-formats.js';
import { TRACE_EXAMPLE } from './trace-example.js';

export const traceListQuery = z.object({
  limit: wholeNumber(1, 1000).optional().meta({ description: 'Default 100', override: { type: 'integer', minimum: 1, maximum: 1000 } }),
  continue: z.string().refine((token) => isTraceToken(token), NO_TOKEN.message).optional().meta({ description: 'The `continue` value of the previous page' }),
});
const pathIndex = (description: string) =>
  wholeNumber(0, 255)
    .default(0)
    .meta({ description, override: { type: 'integer', minimum: 0, maximum: 255, default: 0 } });
const withFlooded = (description: string) => flag.default(false).meta({ description, override: { type: 'boolean', enum: undefined, default: false } });
export const framesQuery = z.object({
  path: pathIndex('Which path of the trace'), flooded: withFlooded('Adds the copies that a bridge or switch floods to ports off the path'),
});
export const traceQuery = z.object({
  format: z.enum(TRACE_FORMAT_NAMES).optional().meta({ description: 'Overrides `Accept`' }),
  path: pathIndex('Which path svg, mermaid and pcapng show; json and text have all'),
  flooded: withFlooded('pcapng: adds the copies that a bridge or switch floods to ports off the path'),
});

const disposition = z.enum(DISPOSITIONS).meta({
  id: 'Disposition',
  description: [
    'ACCEPTED: a listening socket got it; of a return leg: it reached the client',
    'REFUSED: no listener (TCP RST, ICMP port unreachable)',
    'REJECTED: a rule answered with an error',
    'DROPPED: a rule dropped it in silence',
    'NO_ROUTE', 'NEIGHBOUR_UNREACHABLE: ARP failed', 'TTL_EXPIRED', 'MTU_EXCEEDED', 'LINK_DOWN', 'LOOP',
    "TIMED_OUT: lost without anyone's verdict; the reason says where and why",
    'UNSUPPORTED',
  ].join('\n\n'),
});
const verdict = z
  .enum(VERDICTS)
  .meta({
    id: 'Verdict',
    description: 'PARTIAL: with choice ALL, the paths differ. UNDETERMINED: something on the way is stored but not modelled; a warning names it',
  });

const leg = z.strictObject({ disposition, steps: z.array(step) }).meta({ id: 'Leg' });
const netns = z.string();

const connection = z
  .strictObject({
    role: z.enum(['DNS', 'CLIENT', 'PROXY']),
    disposition,
    forward: leg,
    return: leg.nullable().meta({ description: 'null if nothing comes back' }),
    data: leg
      .optional()
      .meta({
        description: 'The leg of data on the open connection, for `payloadBytes`: its first segment, sent again where it was too long for a link',
      }),
    translations: z.array(
      z.strictObject({
        type: z.enum(['DNAT', 'SNAT']),
        netns,
        hook: z.string(),
        before: z.string(),
        after: z.string(),
        step: z.string(),
      }),
    ),
    conntrack: z.array(conntrackEntry.extend({ netns })).meta({ description: 'The entries that the connection left in conntrack tables' }),
    neighboursLearned: z.array(neighbour.extend({ netns })),
    fdbLearned: z.array(fdbEntry.extend({ netns })),
  })
  .meta({ id: 'Connection' });

const reason = z
  .strictObject({
    code: z.string().meta({
      description: Object.entries(REASONS)
        .map(([code, { title, fix }]) => `\`${code}\`: ${title} ${fix}`)
        .join('\n\n'),
      example: 'SERVICE_NO_ENDPOINTS',
    }),
    message: z.string().meta({ description: 'What is wrong in this case' }),
    step: z.string().meta({ description: 'The step that decided it', example: 'connections/0/forward/14' }),
    fix: z.string().meta({ description: 'What to change, most likely cause first' }),
  })
  .meta({ id: 'Reason' });

const http = z
  .strictObject({
    status: z.int().nullable().meta({ description: 'null: no answer came. 200 stands for whatever a program other than a proxy answers', example: 200 }),
    ingress: z.string().nullable().meta({ description: '`namespace/name`' }),
    rule: z.string().nullable().meta({ description: 'The rule that matched', example: 'shop.example/cart (Prefix)' }),
    backendService: z.string().nullable().meta({ description: '`namespace/name`' }),
    backendPort: z.int().nullable().meta({ description: "The Service's port" }),
    gateway: z.string().nullable(),
    route: z.string().nullable().meta({ description: 'The HTTPRoute' }),
    method: z.string(), scheme: z.enum(['http', 'https']), host: z.string(), path: z.string(),
    location: z.string().nullable().meta({ description: 'Location of a redirect, which is not followed' }),
    tls: z.strictObject({ serverName: z.string(), certificate: z.string() }).nullable(),
    backendRequest: z
      .strictObject({ host: z.string(), path: z.string(), headers: z.record(z.string(), z.string()) })
      .nullable()
      .meta({ description: 'The request that the proxy sends on, with the headers that identify the client' }),
    mirrors: z.array(z.string()).meta({ description: 'Services that get a copy of the request (mirroring)' }),
  })
  .meta({ id: 'HttpResult' });

const path = z
  .strictObject({
    weight: z.string().meta({ description: 'Exact, among all paths', example: '1/2' }),
    backend: z.strictObject({ ip: z.string(), port: z.int(), pod: z.string().nullable(), node: z.string().nullable() }).nullable(),
    disposition,
    reason: reason.nullable(),
    clientSees: z.strictObject({ outcome: z.enum(CLIENT_OUTCOMES), from: z.string().nullable(), afterSeconds: z.number() }),
    seenByServer: z.strictObject({ source: z.string(), destination: z.string() }).nullable(),
    seenByClient: z.strictObject({ peer: z.string() }).nullable(),
    http: http.optional().meta({ description: 'Only for a trace to a URL' }),
    connections: z.array(connection),
    frames: z.array(frame).optional(),
  })
  .meta({ id: 'Path' });

const request = traceRequestInput
  .extend({ sourcePort: z.int().min(0).max(65535).meta({ description: '0 for ICMP' }) })
  .meta({ id: 'TracedRequest', description: 'The request with every default filled in; it can be sent again' });

export const trace = z
  .strictObject({
    id: z.string().nullable().meta({ description: 'null: not stored' }),
    cluster: z.string(),
    revision: z.int(),
    stateRevision: z.int().optional().meta({ description: 'For a LIVE trace: the revision of the live state before it. The answer depends on it too' }),
    clockSeconds: z.int().optional().meta({ description: 'For a LIVE trace: the clock of the live state' }),
    createdAt: z.string().meta({ format: 'date-time' }),
    request,
    verdict,
    warnings: z.array(z.string()),
    met: z.boolean().optional().meta({ description: 'Were the expectations met? Only if there were any' }),
    differences: z.array(z.strictObject({ field: z.string(), expected: z.string(), actual: z.string() })).optional(),
    totalPaths: z.int(),
    truncated: z.boolean(),
    paths: z.array(path),
  })
  .meta({ id: 'Trace', example: TRACE_EXAMPLE });

export const traceList = z.strictObject({
  items: z.array(z.strictObject({ id: z.string(), createdAt: z.string(), revision: z.int(), request, verdict })),
  continue: z.string().nullable(),
});

export const frameList = z.strictObject({ items: z.array(frame) });
export const traceText = z.string().meta({ description: 'The verdict first, then a line for each step, within 100 columns' });
export const traceSvg = z.string().meta({ description: 'One path as a picture: a lane for each place, the way numbered there and back' });
export const traceMermaid = z.string().meta({ description: 'One path as a sequence diagram, for Mermaid and the pages that draw it' });
export const tracePcapng = z.string().meta({ description: 'The frames of one path, for Wireshark and tshark', override: { type: 'string', format: 'binary' } });
