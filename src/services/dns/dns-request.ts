import * as z from 'zod';
import { queryNameProblem } from '../../domain/dns/dns-name.js';
import { RECORD_TYPES } from '../../domain/dns/dns-record.js';
import type { Problem } from '../app-error.js';
import type { DnsRequest } from '../use-cases/dns.js';
import { describeIssue, problemsOf } from '../zod-problems.js';

const queryName = z.string().superRefine((name, context) => {
  const problem = queryNameProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `${JSON.stringify(name)} is no name that can be asked for: it ${problem}` });
});

/** The question, as REST's query and GraphQL's arguments write it. */
export const dnsRequestSchema = z.object({
  name: queryName.meta({
    description:
      "Name to look up. Without `pod` it is asked for as it is; with `pod` a name without a trailing dot goes through the pod's search path",
    example: 'web.default.svc.cluster.local',
  }),
  type: z.enum(RECORD_TYPES).optional().meta({ description: 'Default A; with `pod` A and AAAA in parallel, as glibc asks' }),
  pod: z
    .string()
    .regex(/^(?:[a-z0-9-]+\/)?[a-z0-9.-]+$/, 'must be <namespace>/<name>, e.g. default/client')
    .optional()
    .meta({
      description: '`<namespace>/<name>` of the pod whose resolver is used; the namespace `default` may be left out',
      example: 'default/client',
    }),
});

/** The result of parsing a question. */
interface ReadDnsRequest {
  /** `null` if there are problems. */
  readonly request: DnsRequest | null;
  readonly problems: readonly Problem[];
  /** The value, if it is valid by itself. */
  readonly pod: string | undefined;
}

export function readDnsRequest(input: object): ReadDnsRequest {
  const { success, data, error } = dnsRequestSchema.safeParse(input, { error: describeIssue });
  if (success) return { request: data, problems: [], pod: data.pod };
  return { request: null, problems: problemsOf(error.issues), pod: z.object({ pod: dnsRequestSchema.shape.pod.catch(undefined) }).parse(input).pod };
}
