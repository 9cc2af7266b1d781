/** The bodies of what changes the live state. Descriptions here are what the API reference shows. */
import * as z from 'zod';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';

/** A year. */
const MOST_SECONDS = 31_536_000;

export const advanceInput = z
  .strictObject({ seconds: z.int().min(1).max(MOST_SECONDS).meta({ description: 'How far the clock is moved; a year at most', example: 30 }) })
  .meta({ id: 'StateAdvance' });

/** @throws AppError with every problem: `BAD_REQUEST` where the shape is wrong, `UNPROCESSABLE` where only values are */
export function parseAdvance(input: unknown): z.output<typeof advanceInput> {
  const result = advanceInput.safeParse(input, { error: describeIssue });
  if (result.success) return result.data;
  const { issues } = result.error;
  throw refusal('The body', problemsOf(issues, [], Object.keys(advanceInput.shape)), issues.some(isShapeIssue));
}
