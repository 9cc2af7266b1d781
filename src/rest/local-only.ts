/**
 * Without authentication, every client that reaches the server may do everything. Pages of other sites in a browser on this
 * machine must not: they could reach loopback by a name that resolves to it (DNS rebinding), or by cross-origin requests.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { isLoopbackHost, type Config } from '../config.js';
import { answerSocket } from './http/answer-socket.js';
import { sendProblem } from './problem.js';

type Access = Pick<Config, 'host' | 'allowOpen' | 'allowedHosts'>;

/** The name or address in a Host header; `null` if the header is invalid. */
const nameOf = (host: string): string | null => /^(\[[\da-f:.]+\]|[^:/@[\]]+)(?::\d*)?$/i.exec(host)?.[1]?.toLowerCase() ?? null;

/** The URL of an Origin header; its `host` has no port if it is the scheme's default. */
function parseOrigin(origin: string): URL | null {
  return /^https?:\/\/[^/]+$/i.test(origin) && URL.canParse(origin) ? new URL(origin) : null;
}

const isSameAuthority = (origin: URL, host: string): boolean =>
  URL.canParse(`${origin.protocol}//${host}`) && new URL(`${origin.protocol}//${host}`).host === origin.host;

/** Why the request is refused; `null` if it is allowed. */
function refusalOf({ headers }: IncomingMessage, { host, allowOpen, allowedHosts }: Access): string | null {
  const isOurs = (name: string): boolean => isLoopbackHost(name) || name === host.toLowerCase() || allowedHosts.includes(name);
  const anyHost = allowOpen && allowedHosts.length === 0;
  const asked = headers.host;
  if (asked !== undefined && !anyHost) {
    const name = nameOf(asked);
    if (name === null || !isOurs(name)) {
      return `The Host ${asked} is not this server: use ${[...new Set(['localhost', ...(allowOpen ? [] : [host]), ...allowedHosts])].join(' or ')}.`;
    }
  }
  if (headers.origin === undefined) return null;
  const origin = parseOrigin(headers.origin);
  const accepted = origin !== null && (anyHost ? asked !== undefined && isSameAuthority(origin, asked) : isOurs(origin.hostname));
  return accepted ? null : `Requests from the origin ${headers.origin} are refused: without authentication only pages of this server may send them.`;
}

export const localOnly =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const refusal = refusalOf(req, access);
    if (refusal === null) next();
    else sendProblem(req, res, 'FORBIDDEN', refusal);
  };

/** The same for WebSockets, which pass no middleware. It must be registered before the listener that accepts them. */
export const localOnlyUpgrade =
  (access: Access) =>
  (req: IncomingMessage, socket: Duplex): void => {
    const refusal = refusalOf(req, access);
    if (refusal !== null) answerSocket(socket, 'FORBIDDEN', refusal, req.url ?? '/');
  };
