import type { RequestHandler } from 'express';
import { sendProblem } from '../problem.js';

/**
 * Refuses invalid Host and Expect headers with a problem document. Node would refuse them without one, so a server of
 * `createHttpServer` leaves these checks to this middleware.
 *
 * @source RFC 9112 §3.2 (Host), RFC 9110 §10.1.1 (Expect); neither applies to HTTP/1.0
 */
export const framing: RequestHandler = (req, res, next) => {
  const { host, expect } = req.headers;
  if (req.httpVersion !== '1.1') next();
  else if (host === undefined) sendProblem(req, res, 'BAD_REQUEST', 'The request has no Host header, which HTTP/1.1 asks for.');
  else if (expect !== undefined && !/\b100-continue\b/i.test(expect)) {
    sendProblem(req, res, 'EXPECTATION_FAILED', `The expectation ${expect} can not be met: there is 100-continue.`);
  } else next();
};
