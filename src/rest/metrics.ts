import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { TraceService } from '../services/use-cases/traces.js';

export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly traces: Counter<'verdict'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'packetwalk_http_request_duration_seconds',
      help: 'Time from request to answer, by the route as it is documented',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10],
      registers: [registry],
    }),
    traces: new Counter({ name: 'packetwalk_traces_total', help: 'Flows traced', labelNames: ['verdict'], registers: [registry] }),
  };
}

/** Counts the traces of both APIs. */
export const countTraces = (service: TraceService, { traces }: Metrics): TraceService => ({
  run: async (...question) => {
    const record = await service.run(...question);
    traces.inc({ verdict: record.trace.verdict });
    return record;
  },
  list: (...args) => service.list(...args),
  count: (...args) => service.count(...args),
  get: (...args) => service.get(...args),
  getMany: (...args) => service.getMany(...args),
  find: (...args) => service.find(...args),
  frames: (...args) => service.frames(...args),
  framesMany: (...args) => service.framesMany(...args),
});
