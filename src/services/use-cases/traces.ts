import type { Trace } from '../../domain/trace/trace.js';
import type { AppError } from '../app-error.js';
import type { TraceRequest } from '../traces/trace-request.js';
import type { Viewer } from './viewer.js';

/** A trace as it is given to a client. */
export interface TraceRecord {
  /** `null` if the trace is not stored. */
  readonly id: string | null;
  readonly cluster: string;
  readonly createdAt: string;
  readonly trace: Trace<TraceRequest>;
  /** What differs from `expect`, empty if nothing does; `null` if the request has no `expect`. */
  readonly differences: readonly { readonly field: string; readonly expected: string; readonly actual: string }[] | null;
}

export interface TraceListItem {
  readonly id: string;
  /** Its place in the list. */
  readonly sequence: number;
  readonly createdAt: string;
  readonly revision: number;
  readonly request: TraceRequest;
  readonly verdict: string;
}

/** What a format that shows one path needs of the trace. */
export interface ShownPath {
  /** From 0; a trace that lacks it is refused. */
  readonly path: number;
  /** Whether its frames are captured even if the request does not include them. */
  readonly frames: boolean;
}

/** One path of a stored trace, whose frames are asked for. */
export interface FramesOfPath {
  readonly id: string;
  readonly path: number;
  /** Whether the flooded copies off the path are included. */
  readonly flooded: boolean;
}

export interface TraceService {
  /**
   * Walks the flow, in one go once the cluster is open, and stores the trace if the request says so.
   *
   * @param input a `TraceRequest`, with or without its defaults
   * @param shown the path that will be shown, for a format that shows one
   * @throws AppError BAD_REQUEST or UNPROCESSABLE with every problem
   */
  run(viewer: Viewer, cluster: string, input: unknown, shown?: ShownPath): Promise<TraceRecord>;
  /** Newest first. */
  list(
    viewer: Viewer,
    cluster: string,
    options: { readonly limit?: number | undefined; readonly continue?: string | undefined },
  ): Promise<{ readonly items: readonly TraceListItem[]; readonly continue: string | null }>;
  count(viewer: Viewer, cluster: string): Promise<number>;
  /** The JSON as it was presented when the trace was stored, without frames. */
  get(viewer: Viewer, cluster: string, id: string): Promise<object>;
  /** For loaders: many traces in one read, in the order of `ids`, `null` where one is missing. */
  getMany(viewer: Viewer, cluster: string, ids: readonly string[]): Promise<readonly (object | null)[]>;
  /** By id alone, in any cluster of the viewer; for GraphQL. */
  find(viewer: Viewer, id: string): Promise<object | null>;
  frames(viewer: Viewer, cluster: string, id: string, path: number, flooded: boolean): Promise<readonly object[]>;
  /** For loaders: many captures in one read, in the order of `asked`; `null` where the trace is missing, a refusal where it lacks the path. */
  framesMany(viewer: Viewer, cluster: string, asked: readonly FramesOfPath[]): Promise<readonly (readonly object[] | AppError | null)[]>;
}
