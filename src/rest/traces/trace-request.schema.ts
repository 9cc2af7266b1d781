/** What a client asks. The use-case owns the schema, because GraphQL reads the same requests by it. */
export { traceRequestInput } from '../../services/traces/trace-request-schema.js';
export { parseTraceRequest } from '../../services/traces/parse-trace-request.js';
