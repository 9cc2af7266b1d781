/** The bodies of requests that change the live state. The descriptions here appear in the API reference. */
import * as z from 'zod';
import { parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { AppError, Problem } from '../app-error.js';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';

/** A year. */
const MOST_SECONDS = 31_536_000;

/** Limit of the clock: GraphQL's integers have 32 bits. */
const LAST_SECOND = 2_147_483_647;

export const advanceInput = z
  .strictObject({ seconds: z.int().min(1).max(MOST_SECONDS).meta({ description: 'Seconds by which the clock is moved, at most a year', example: 30 }) })
  .meta({ id: 'StateAdvance' });

export const announceInput = z
  .strictObject({
    node: z.string().min(1).meta({ description: 'Node whose eth0 sends the announcement', example: 'node-2' }),
    ip: z
      .string()
      .refine((text) => parseIpv4(text) !== undefined, 'must be an IPv4 address such as 192.168.1.240')
      .meta({ description: "Address to announce; it need not be the node's own", example: '192.168.1.240' }),
  })
  .meta({ id: 'StateAnnounce' });

/** @throws AppError with every problem: `BAD_REQUEST` where the shape is wrong, `UNPROCESSABLE` where only values are */
export function parseAdvance(input: unknown): z.output<typeof advanceInput> {
  const { success, data, error } = advanceInput.safeParse(input, { error: describeIssue });
  if (success) return data;
  throw stateRefusal(problemsOf(error.issues, [], advanceInput), error.issues.some(isShapeIssue));
}

/** @throws AppError `UNPROCESSABLE` if the clock would exceed its limit */
export function checkClock(clockSeconds: number, seconds: number): void {
  if (clockSeconds + seconds <= LAST_SECOND) return;
  const message = `must be at most ${LAST_SECOND - clockSeconds}, not ${seconds}: the clock is at ${clockSeconds} and ends at ${LAST_SECOND}; a reset begins it anew`;
  throw stateRefusal([{ path: 'seconds', message }], false);
}

/** The result of parsing an announcement. */
interface ReadAnnouncement {
  /** `null` if there are problems. */
  readonly announcement: { readonly node: string; readonly ip: Ipv4 } | null;
  readonly problems: readonly Problem[];
  /** One of the problems is a shape problem. */
  readonly shape: boolean;
  /** The value, if it is valid by itself. */
  readonly node: string | undefined;
}

export function readAnnouncement(input: unknown): ReadAnnouncement {
  const { success, data, error } = announceInput.safeParse(input, { error: describeIssue });
  if (success) return { announcement: { node: data.node, ip: parseIpv4(data.ip)! }, problems: [], shape: false, node: data.node };
  const sound = z.object({ node: announceInput.shape.node.optional().catch(undefined) }).safeParse(input).data;
  return { announcement: null, problems: problemsOf(error.issues, [], announceInput), shape: error.issues.some(isShapeIssue), node: sound?.node };
}

export const stateRefusal = (problems: readonly Problem[], shape: boolean): AppError => refusal('the body', problems, shape);
