import type * as z from 'zod';
import { fnv1a } from '../../domain/values/hash.js';
import type { AppError, Problem } from '../app-error.js';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';
import { choiceForms, destinationForms, flowFields, sourceForms } from './trace-request-schema.js';
import type { TraceDestination, TraceRequest, TraceSource } from './trace-request.js';
import { isFields } from '../../domain/values/fields.js';

/** The range from which Linux picks client ports. @source ip-sysctl `ip_local_port_range` */
const FIRST_EPHEMERAL_PORT = 32_768;
const LAST_EPHEMERAL_PORT = 60_999;

/** The problems found so far, and whether one of them is a shape problem. */
interface Findings {
  readonly problems: Problem[];
  shape: boolean;
}

function check<Schema extends z.ZodType>(schema: Schema, input: unknown, prefix: readonly string[], findings: Findings): z.output<Schema> | undefined {
  const quick = schema.safeParse(input); // zod is seven times slower with a custom `error`, so only invalid input is parsed again
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
 * Picks the form of `input` by the field that each form is named after, so that problems are reported for this form only.
 *
 * @param secondary a form whose field other forms have too; it is picked only if no other form's field is there
 */
function formOf<Name extends string>(
  input: unknown,
  field: string,
  forms: Record<Name, readonly string[]>,
  secondary: Name | null,
  findings: Findings,
): Name | undefined {
  const names = Object.keys(forms) as Name[];
  if (input === undefined) return refuse(findings, field, `required: an object with one of ${names.join(', ')}`, true);
  if (!isFields(input)) return refuse(findings, field, `must be an object with one of ${names.join(', ')}`, true);
  const named = names.filter((name) => name !== secondary && input[name] !== undefined);
  if (named.length === 1) return named[0];
  const choices = names.join(', ');
  if (named.length > 1) return refuse(findings, field, `names ${named.join(' and ')}: must be exactly one of ${choices}`, true);
  if (secondary !== null && input[secondary] !== undefined) return secondary;
  const known = new Set(Object.values<readonly string[]>(forms).flat());
  for (const key of Object.keys(input)) {
    if (!known.has(key)) refuse(findings, `${field}.${key}`, UNKNOWN_ENDS[`${field}.${key}`] ?? 'unknown field here', true);
  }
  return refuse(findings, field, `must name exactly one of ${choices}`, true);
}

/** Messages for fields that a source may have but a destination may not, with what to write instead. */
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
  if (mode === undefined) {
    return refuse(
      findings,
      'choice.mode',
      `must be one of ${CHOICE_MODES.join(', ')}, not ${JSON.stringify(input['mode'])}`,
      typeof input['mode'] !== 'string',
    );
  }
  return check(choiceForms[mode], input, ['choice'], findings);
}

/** ICMP must have no ports; all other protocols need one. */
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

/** Refuses mode ALL with LIVE tables, since the tables can keep the changes of one flow only. */
function checkLive({ neighbours, conntrack }: Partial<FlowFields>, { mode }: TraceRequest['choice'], findings: Findings): void {
  if (mode !== 'ALL' || (neighbours !== 'LIVE' && conntrack !== 'LIVE')) return;
  refuse(findings, 'choice.mode', 'ALL walks many paths, and LIVE tables keep what one flow leaves: use SEEDED or FORCED', false);
}

/** Refuses an empty expectation, which would always be met. */
function checkExpectation(expected: object, findings: Findings): void {
  const isStated = (value: unknown): boolean => (typeof value === 'object' && value !== null ? Object.values(value).some(isStated) : value !== undefined);
  if (!isStated(expected)) refuse(findings, 'expect', 'must name at least one of verdict, disposition, reason, clientSees.outcome, seenByServer.source', true);
}

const withNamespace = (name: string): string => (name.includes('/') ? name : `default/${name}`);

/** Adds the namespace `default` to a name without one, as kubectl does. */
function inNamespace<Place extends TraceSource | TraceDestination>(place: Place): Place {
  for (const field of ['pod', 'service', 'deployment'] as const) {
    const name = (place as Readonly<Record<string, unknown>>)[field];
    if (typeof name === 'string' && !name.includes('/')) return { ...place, [field]: withNamespace(name) };
  }
  return place;
}

/** A hash of the fields. The schema has put them into a fixed order. */
function hashPlace(place: TraceSource | TraceDestination, seed: number): number {
  let hash = seed;
  for (const field in place) {
    const value: unknown = place[field as keyof typeof place];
    hash = fnv1a(typeof value === 'object' ? JSON.stringify(value) : String(value), fnv1a(field, hash));
  }
  return hash;
}

/** A source port derived from the two ends and the protocol, so that TTL, seed and payload do not change it. */
export function deriveSourcePort(from: TraceSource, to: TraceDestination, protocol: TraceRequest['protocol']): number {
  if (protocol === 'ICMP') return 0;
  const hash = hashPlace(to, hashPlace(from, fnv1a(protocol)));
  return FIRST_EPHEMERAL_PORT + (hash % (LAST_EPHEMERAL_PORT - FIRST_EPHEMERAL_PORT + 1));
}

/** The result of parsing a request. */
export interface ReadTraceRequest {
  /** With all defaults filled in; `null` if there are problems. */
  readonly request: TraceRequest | null;
  /** Problems of the request by itself, apart from the cluster. */
  readonly problems: readonly Problem[];
  /** One of the problems is a shape problem. */
  readonly shape: boolean;
  /** `undefined` if it is invalid, like the fields below. */
  readonly from: TraceSource | undefined;
  readonly to: TraceDestination | undefined;
  readonly protocol: TraceRequest['protocol'] | undefined;
  readonly sourcePort: number | undefined;
}

/** Parses a request. The result is a valid request with the same meaning. */
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

/** The valid fields of an invalid request, which are still checked further. */
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
 * Like `readTraceRequest`, but throws if there are problems.
 *
 * @throws AppError with all problems: `BAD_REQUEST` if one is a shape problem, else `UNPROCESSABLE`
 */
export function parseTraceRequest(input: unknown): TraceRequest {
  const { request, problems, shape } = readTraceRequest(input);
  if (!request) throw traceRefusal(problems, shape);
  return request;
}

export const traceRefusal = (problems: readonly Problem[], shape: boolean): AppError => refusal('the trace request', problems, shape);
