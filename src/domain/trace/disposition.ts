export const DISPOSITIONS = [
  'ACCEPTED', 'REFUSED', 'REJECTED', 'DROPPED', 'NO_ROUTE', 'NEIGHBOUR_UNREACHABLE', 'TTL_EXPIRED', 'MTU_EXCEEDED',
  'LINK_DOWN', 'LOOP', 'TIMED_OUT', 'UNSUPPORTED',
] as const;
/** How one leg, connection or path ended. `ACCEPTED` is the only success. */
export type Disposition = (typeof DISPOSITIONS)[number];

export const VERDICTS = ['REACHABLE', 'UNREACHABLE', 'PARTIAL', 'UNDETERMINED'] as const;
/** The verdict of a whole trace. `UNDETERMINED`: something on the way is stored but not modelled. */
export type Verdict = (typeof VERDICTS)[number];

export const CLIENT_OUTCOMES = [
  'connected', 'answered', 'echo-reply', 'refused', 'host-unreachable', 'net-unreachable', 'message-too-long', 'invalid-argument', 'reset', 'timeout',
] as const;
/** What the client's system call reports. */
export type ClientOutcome = (typeof CLIENT_OUTCOMES)[number];
