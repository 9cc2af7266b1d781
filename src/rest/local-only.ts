/**
 * Without authentication, whoever reaches the server may do everything. A page in a browser of this machine must not: it
 * reaches loopback by a name of its own that resolves there (DNS rebinding), or sends requests across origins.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { isLoopbackHost, type Config } from '../config.js';
import { answerSocket } from './http/answer-socket.js';
import { sendProblem } from './problem.js';

type Access = Pick<Config, 'host' | 'allowOpen' | 'allowedHosts'>;

/** The name or address in a Host header, `null` where it isn't one. */
const nameOf = (host: string): string | null => /^(\[[\da-f:.]+\]|[^:/@[\]]+)(?::\d*)?$/i.exec(host)?.[1]?.toLowerCase() ?? null;

/** What an Origin header names; its `host` has no port where that is the scheme's own. */
function parseOrigin(origin: string): URL | null {
  return /^https?:\/\/[^/]+$/i.test(origin) && URL.canParse(origin) ? new URL(origin) : null;
}

const isSameAuthority = (origin: URL, host: string): boolean =>
  URL.canParse(`${origin.protocol}//${host}`) && new URL(`${origin.protocol}//${host}`).host === origin.host;

/** @returns why the request is refused, or `null` */
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

/** The same for WebSockets, which pass no middleware: listen with it before whoever accepts them. */
export const localOnlyUpgrade =
  (access: Access) =>
  (req: IncomingMessage, socket: Duplex): void => {
    const refusal = refusalOf(req, access);
    if (refusal !== null) answerSocket(socket, 'FORBIDDEN', refusal, req.url ?? '/');
  };
