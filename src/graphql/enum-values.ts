import { CLIENT_OUTCOMES, type ClientOutcome } from '../domain/trace/disposition.js';

/** GraphQL's names must not contain hyphens, so `echo-reply` is `echo_reply`. */
export const clientOutcomeValues: Readonly<Record<string, ClientOutcome>> =
  Object.fromEntries(CLIENT_OUTCOMES.map((outcome) => [outcome.replaceAll('-', '_'), outcome]));
