import type * as z from 'zod';
import { fnv1a } from '../../domain/values/hash.js';
import type { AppError, Problem } from '../app-error.js';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';
import { choiceForms, destinationForms, flowFields, sourceForms } from './trace-request-schema.js';
import type { TraceDestination, TraceRequest, TraceSource } from './trace-request.js';
import { isFields } from '../../domain/values/fields.js';

/** The range that Linux picks client ports from. @source ip-sysctl `ip_local_port_range` */
const FIRST_EPHEMERAL_PORT = 32_768;
const LAST_EPHEMERAL_PORT = 60_999;

/** What is wrong so far, and whether it is the shape or only a value. */
interface Findings {
  readonly problems: Problem[];
  shape: boolean;
}

function check<Schema extends z.ZodType>(schema: Schema, input: unknown, prefix: readonly string[], findings: Findings): z.output<Schema> | undefined {
  const quick = schema.safeParse(input); // zod is seven times slower with an `error` of ours: only what failed is parsed again
  if (quick.success) return quick.data;
  const result = schema.safeParse(input, { error: describeIssue });
  if (result.success) return result.data;
  findings.problems.push(...problemsOf(result.error.issues, prefix, schema));
  findings.shape ||= result.error.issues.some(isShapeIssue);
  return undefined;
}

function refuse(findings: Findings, path: string, message: string, shape: boolean): undefined {
  findings.problems.push({ path, message });
  findings.shape ||= shape;
}

/**
 * Picks the form that `input` names. The forms are told apart by the field they are named after, so that what is
 * reported is about the form meant and not about all of them.
 *
 * @param secondary forms whose field other forms use too; they count only where no other is named
 */
function formOf<Name extends string>(input: unknown, field: string, forms: Record<Name, readonly string[]>, secondary: Name | null, findings: Findings): Name | undefined {
  const names = Object.keys(forms) as Name[];
  if (input === undefined) return refuse(findings, field, `required: an object with one of ${names.join(', ')}`, true);
  if (!isFields(input)) return refuse(findings, field, `must be an object with one of ${names.join(', ')}`, true);
  const named = names.filter((name) => name !== secondary && input[name] !== undefined);
  if (named.length === 1) return named[0];
  const choices = names.join(', ');
  if (named.length > 1) return refuse(findings, field, `names ${named.join(' and ')}: must be exactly one of ${choices}`, true);
  if (secondary !== null && input[secondary] !== undefined) return secondary;
  const known = new Set(Object.values<readonly string[]>(forms).flat());
  for (const key of Object.keys(input)) if (!known.has(key)) refuse(findings, `${field}.${key}`, UNKNOWN_ENDS[`${field}.${key}`] ?? 'unknown field here', true);
  return refuse(findings, field, `must name exactly one of ${choices}`, true);
}

/** What a source may be and a destination may not, and what to write in its place. */
const UNKNOWN_ENDS: Readonly<Record<string, string>> = {
  'to.deployment': 'unknown field here: name a pod of the Deployment, or a Service that selects them',
  'to.internet': 'unknown field here: "ip" takes any address, public ones too',
  'to.lan': 'unknown field here: "ip" takes any address, that of a LAN host too',
};
const CHOICE_MODES = ['SEEDED', 'ALL', 'FORCED'] as const;

const fieldsOf = <Name extends string>(forms: Record<Name, z.ZodObject>): Record<Name, readonly string[]> =>
  Object.fromEntries(Object.entries<z.ZodObject>(forms).map(([name, form]) => [name, Object.keys(form.shape)])) as unknown as Record<Name, readonly string[]>;
const SOURCE_FIELDS = fieldsOf(sourceForms);
const DESTINATION_FIELDS = fieldsOf(destinationForms);
type FlowFields = z.output<typeof flowFields>;

function parseSource(input: unknown, findings: Findings): TraceSource | undefined {
  const form = formOf(input, 'from', SOURCE_FIELDS, null, findings);
  return form === undefined ? undefined : (check(sourceForms[form], input, ['from'], findings) as TraceSource | undefined);
}

function parseDestination(input: unknown, findings: Findings): TraceDestination | undefined {
  const form = formOf(input, 'to', DESTINATION_FIELDS, 'node', findings);
  return form === undefined ? undefined : (check(destinationForms[form], input, ['to'], findings) as TraceDestination | undefined);
}

const SEED_ZERO: TraceRequest['choice'] = { mode: 'SEEDED', seed: 0 };

function parseChoice(input: unknown, findings: Findings): TraceRequest['choice'] | undefined {
  if (input === undefined) return SEED_ZERO;
  if (!isFields(input)) return refuse(findings, 'choice', `must be an object with a mode: ${CHOICE_MODES.join(', ')}`, true);
  const mode = CHOICE_MODES.find((each) => each === (input['mode'] ?? 'SEEDED'));
  if (mode === undefined) return refuse(findings, 'choice.mode', `must be one of ${CHOICE_MODES.join(', ')}, not ${JSON.stringify(input['mode'])}`, typeof input['mode'] !== 'string');
  return check(choiceForms[mode], input, ['choice'], findings);
}

/** ICMP has no ports, everything else needs one. */
function checkPorts(protocol: TraceRequest['protocol'], to: TraceDestination, sourcePort: number | undefined, findings: Findings): void {
  if ('url' in to) {
    if (protocol !== 'TCP') refuse(findings, 'protocol', `HTTP goes over TCP, not ${protocol}`, false);
    if (sourcePort === 0) refuse(findings, 'sourcePort', 'must be at least 1, not 0', false);
    return;
  }
  if (protocol !== 'ICMP') {
    if (to.port === undefined) refuse(findings, 'to.port', `required for ${protocol}: the port to send to`, true);
    if (sourcePort === 0) refuse(findings, 'sourcePort', 'must be at least 1, not 0', false);
    return;
  }
  if (to.port !== undefined) refuse(findings, 'to.port', 'ICMP has no ports: leave it out', false);
  if (sourcePort !== undefined && sourcePort !== 0) refuse(findings, 'sourcePort', 'ICMP has no ports: leave it out', false);
}

/** One state can not be left behind by several paths that all set out from the same one. */
function checkLive({ neighbours, conntrack }: Partial<FlowFields>, { mode }: TraceRequest['choice'], findings: Findings): void {
  if (mode !== 'ALL' || (neighbours !== 'LIVE' && conntrack !== 'LIVE')) return;
  refuse(findings, 'choice.mode', 'ALL walks many paths, and LIVE tables keep what one flow leaves: use SEEDED or FORCED', false);
}

/** What expects nothing would always be met. */
function checkExpectation(expected: object, findings: Findings): void {
  const isStated = (value: unknown): boolean => (typeof value === 'object' && value !== null ? Object.values(value).some(isStated) : value !== undefined);
  if (!isStated(expected)) refuse(findings, 'expect', 'must name at least one of verdict, disposition, reason, clientSees.outcome, seenByServer.source', true);
}

const withNamespace = (name: string): string => (name.includes('/') ? name : `default/${name}`);

/** `client` is `default/client`, as kubectl would have it. */
function inNamespace<Place extends TraceSource | TraceDestination>(place: Place): Place {
  for (const field of ['pod', 'service', 'deployment'] as const) {
    const name = (place as Readonly<Record<string, unknown>>)[field];
    if (typeof name === 'string' && !name.includes('/')) return { ...place, [field]: withNamespace(name) };
  }
  return place;
}

/** Fields come in the order of their schema, however the client wrote them. */
function hashPlace(place: TraceSource | TraceDestination, seed: number): number {
  let hash = seed;
  for (const field in place) {
    const value: unknown = place[field as keyof typeof place];
    hash = fnv1a(typeof value === 'object' ? JSON.stringify(value) : String(value), fnv1a(field, hash));
  }
  return hash;
}

/** The same flow always leaves from the same port, whatever its TTL, seed or payload. */
export function deriveSourcePort(from: TraceSource, to: TraceDestination, protocol: TraceRequest['protocol']): number {
  if (protocol === 'ICMP') return 0;
  const hash = hashPlace(to, hashPlace(from, fnv1a(protocol)));
  return FIRST_EPHEMERAL_PORT + (hash % (LAST_EPHEMERAL_PORT - FIRST_EPHEMERAL_PORT + 1));
}

/** The result of parsing a request. */
export interface ReadTraceRequest {
  /** Every default filled in; `null` where there are problems. */
  readonly request: TraceRequest | null;
  /** Problems of the request by itself, apart from the cluster. */
  readonly problems: readonly Problem[];
  /** One of the problems is a shape problem. */
  readonly shape: boolean;
  /** Those of its parts that are sound by themselves. */
  readonly from: TraceSource | undefined;
  readonly to: TraceDestination | undefined;
  readonly protocol: TraceRequest['protocol'] | undefined;
  readonly sourcePort: number | undefined;
}

/** Reads what a client asks. What comes out can be put in again and means the same. */
export function readTraceRequest(input: unknown): ReadTraceRequest {
  const findings: Findings = { problems: [], shape: false };
  if (!isFields(input)) {
    refuse(findings, '', 'must be an object with "from" and "to"', true);
    return { ...findings, request: null, from: undefined, to: undefined, protocol: undefined, sourcePort: undefined };
  }
  const flow = check(flowFields, input, [], findings);
  const sound = flow ?? soundFields(input);
  const from = parseSource(input['from'], findings);
  const to = parseDestination(input['to'], findings);
  const choice = parseChoice(input['choice'], findings);
  if (sound.protocol && to) checkPorts(sound.protocol, to, sound.sourcePort, findings);
  if (sound.expect) checkExpectation(sound.expect, findings);
  if (choice) checkLive(sound, choice, findings);
  const [source, destination] = [from && inNamespace(from), to && inNamespace(to)];
  const isSound = findings.problems.length === 0;
  return {
    ...findings,
    request: isSound && flow && source && destination && choice ? complete(flow, source, destination, choice) : null,
    from: source,
    to: destination,
    protocol: sound.protocol,
    sourcePort: sound.sourcePort,
  };
}

/** Where a field is wrong, the others by themselves: more may be wrong with what they say. */
const soundFields = (input: Record<string, unknown>): Partial<FlowFields> =>
  Object.fromEntries(Object.entries(flowFields.shape).flatMap(([name, schema]) => {
    const { success, data } = schema.safeParse(input[name]);
    return success ? [[name, data]] : [];
  }));

function complete(flow: FlowFields, from: TraceSource, to: TraceDestination, choice: TraceRequest['choice']): TraceRequest {
  const { protocol, ttl, payloadBytes, dontFragment, neighbours, conntrack, expect, record, include } = flow;
  const sourcePort = flow.sourcePort ?? deriveSourcePort(from, to, protocol);
  const request: TraceRequest = { from, to, protocol, sourcePort, ttl, payloadBytes, dontFragment, choice, neighbours, conntrack, record, include };
  return expect === undefined ? request : { ...request, expect: expect as NonNullable<TraceRequest['expect']> };
}

/**
 * The same, for a request that is to be sound.
 *
 * @throws AppError with every problem: `BAD_REQUEST` where the shape is wrong, `UNPROCESSABLE` where only values are
 */
export function parseTraceRequest(input: unknown): TraceRequest {
  const { request, problems, shape } = readTraceRequest(input);
  if (!request) throw traceRefusal(problems, shape);
  return request;
}

export const traceRefusal = (problems: readonly Problem[], shape: boolean): AppError => refusal('the trace request', problems, shape);
