import type { AppError } from '../app-error.js';
import { refusal } from '../zod-problems.js';

/** The refusal of a path that a trace of `count` paths does not have. */
export const noSuchPath = (path: number, count: number): AppError =>
  refusal('the query', [{ path: 'path', message: `must be from 0 to ${count - 1}, not ${path}` }], false);
