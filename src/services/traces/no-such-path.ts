import { AppError } from '../app-error.js';

/** The refusal of a path that a trace of `count` paths does not have. */
export const noSuchPath = (path: number, count: number): AppError =>
  new AppError('UNPROCESSABLE', 'The trace has no such path.', [{ path: 'path', message: `must be from 0 to ${count - 1}, not ${path}` }]);
