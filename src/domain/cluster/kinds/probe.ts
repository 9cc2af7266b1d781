import { z } from 'zod';
import { filled, integer, intOrString, long, text, texts } from './fields.js';

const execAction = z.object({ command: texts });
const httpGetAction = z.object({
  path: text,
  port: intOrString,
  host: text,
  scheme: filled(z.enum(['HTTP', 'HTTPS'])),
  httpHeaders: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
const tcpSocketAction = z.object({ port: intOrString, host: text });

const handlers = { exec: execAction.optional(), httpGet: httpGetAction.optional(), tcpSocket: tcpSocketAction.optional() };

export const probeSchema = z.object({
  ...handlers, grpc: z.object({ port: z.int(), service: text }).optional(),
  initialDelaySeconds: integer, timeoutSeconds: integer, periodSeconds: integer, successThreshold: integer, failureThreshold: integer,
  terminationGracePeriodSeconds: long,
}).meta({ id: 'Probe', description: 'A health check of a container by the kubelet. Probes are never run, since no time passes.' });

const lifecycleHandler = z.object({ ...handlers, sleep: z.object({ seconds: z.int() }).optional() });

export const lifecycleSchema = z.object({ postStart: lifecycleHandler.optional(), preStop: lifecycleHandler.optional(), stopSignal: text });

export type Probe = z.infer<typeof probeSchema>;
export type Lifecycle = z.infer<typeof lifecycleSchema>;
/** The action of a probe or hook: exactly one of these. */
export type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<NonNullable<Lifecycle['preStop']>, 'sleep'>;
