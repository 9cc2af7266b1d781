/** The bodies of what changes the live state. Descriptions here are what the API reference shows. */
import * as z from 'zod';
import { parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';

/** A year. */
const MOST_SECONDS = 31_536_000;

export const advanceInput = z
  .strictObject({ seconds: z.int().min(1).max(MOST_SECONDS).meta({ description: 'How far the clock is moved; a year at most', example: 30 }) })
  .meta({ id: 'StateAdvance' });

export const announceInput = z
  .strictObject({
    node: z.string().min(1).meta({ description: 'Out of whose eth0 it is said', example: 'node-2' }),
    ip: z.string().refine((text) => parseIpv4(text) !== undefined, 'must be an IPv4 address such as 192.168.1.240').meta({ description: "An address, which need not be the node's own", example: '192.168.1.240' }),
  })
  .meta({ id: 'StateAnnounce' });

/** @throws AppError with every problem: `BAD_REQUEST` where the shape is wrong, `UNPROCESSABLE` where only values are */
export const parseAdvance = (input: unknown): z.output<typeof advanceInput> => parse(advanceInput, input);

/** @throws AppError as `parseAdvance` */
export function parseAnnounce(input: unknown): { readonly node: string; readonly ip: Ipv4 } {
  const { node, ip } = parse(announceInput, input);
  return { node, ip: parseIpv4(ip)! };
}

function parse<Schema extends z.ZodObject>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input, { error: describeIssue });
  if (result.success) return result.data;
  const { issues } = result.error;
  throw refusal('the body', problemsOf(issues, [], Object.keys(schema.shape)), issues.some(isShapeIssue));
}
