/** A refusal: the request was understood as far as it could be, and here is everything that is wrong with it. */
const APP_ERROR_CODES = [
  'BAD_REQUEST', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'METHOD_NOT_ALLOWED', 'NOT_ACCEPTABLE', 'ALREADY_EXISTS',
  'CONFLICT', 'PRECONDITION_FAILED', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'UNPROCESSABLE', 'TOO_MANY_REQUESTS', 'UNAVAILABLE',
] as const;
export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

export interface Problem {
  /** As Kubernetes prints it: `spec.ports[0].nodePort`; `''` for the whole body. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
  /** 0-based number of the YAML document or list item, for manifests. */
  readonly document?: number;
  /** 1-based, for manifests and unreadable bodies. */
  readonly line?: number;
  readonly column?: number;
}

export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly errors: readonly Problem[];

  constructor(code: AppErrorCode, detail: string, errors: readonly Problem[] = []) {
    super(detail);
    this.name = 'AppError';
    this.code = code;
    this.errors = errors;
  }
}
