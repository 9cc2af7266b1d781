import * as z from 'zod';
import { describeIssue, isShapeIssue, problemsOf, refusal } from '../zod-problems.js';

/** As `kubectl drain` takes them. */
export const drainRequestSchema = z
  .strictObject({
    ignoreDaemonSets: z.boolean().optional().meta({ description: 'Leave the pods of DaemonSets where they are; without it, such a pod is a 422' }),
    force: z
      .boolean()
      .optional()
      .meta({ description: 'Also evict pods that no controller recreates, and those of a deleted DaemonSet; without it, such a pod is a 422' }),
    deleteEmptyDirData: z.boolean().optional().meta({ description: 'Also evict pods with an emptyDir volume; without it, such a pod is a 422' }),
    gracePeriodSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .meta({ description: '0 (the default) deletes the pods at once; more makes them terminate until they are deleted a second time' }),
  })
  .meta({ id: 'DrainOptions', example: { ignoreDaemonSets: true, force: true, deleteEmptyDirData: true } });

type DrainRequest = z.output<typeof drainRequestSchema>;

/** @throws AppError with every problem */
export function parseDrainRequest(input: unknown): DrainRequest {
  const result = drainRequestSchema.safeParse(input, { error: describeIssue });
  if (result.success) return result.data;
  const { issues } = result.error;
  throw refusal('the drain request', problemsOf(issues, [], drainRequestSchema), issues.some(isShapeIssue));
}
