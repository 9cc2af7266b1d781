/** Probes and hooks of containers. @source k8s.io/kubernetes `pkg/apis/core/validation`, `validateProbe`, `validateHandler`, `validateLifecycle` */
import { ABOVE_ZERO, AT_LEAST_ZERO, forbidden, invalidValue, PORT_RANGE, requiredValue } from '../api-messages.js';
import type { Container } from '../kinds/container.js';
import type { Handler, Lifecycle, Probe } from '../kinds/probe.js';
import { headerNameProblem, portNameProblems } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';

/** A number or the name of a container port. */
function checkPortReference(port: number | string | undefined, path: string, report: Report): void {
  if (port === undefined) return;
  const problems = typeof port === 'string' ? portNameProblems(port) : port < 1 || port > 65535 ? [PORT_RANGE] : [];
  for (const problem of problems) report(path, invalidValue(port, problem));
}

const KINDS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

/** @param graceSeconds the pod's grace period: the longest that a hook may sleep */
function checkHandler(handler: DeepPartial<Handler>, graceSeconds: number, path: string, report: Report): void {
  const [first, ...others] = KINDS.filter((kind) => handler[kind] !== undefined);
  if (first === undefined) return report(path, requiredValue('must specify a handler type'));
  for (const kind of others) report(`${path}.${kind}`, forbidden('may not specify more than 1 handler type'));
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec && (exec.command ?? []).length === 0) report(`${path}.exec.command`, requiredValue());
  if (httpGet) {
    checkPortReference(httpGet.port, `${path}.httpGet.port`, report);
    for (const { name } of httpGet.httpHeaders ?? []) {
      const problem = name === undefined ? undefined : headerNameProblem(name);
      if (problem !== undefined) report(`${path}.httpGet.httpHeaders`, invalidValue(name, problem));
    }
  }
  if (tcpSocket) checkPortReference(tcpSocket.port, `${path}.tcpSocket.port`, report);
  if (grpc) checkPortReference(grpc.port, `${path}.grpc.port`, report);
  const seconds = sleep?.seconds;
  if (seconds !== undefined && (seconds < 0 || seconds > graceSeconds)) {
    report(`${path}.sleep`, invalidValue(seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`));
  }
}

const SECONDS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

function checkProbe(
  probe: DeepPartial<Probe>,
  kind: 'livenessProbe' | 'readinessProbe' | 'startupProbe',
  graceSeconds: number,
  path: string,
  report: Report,
): void {
  checkHandler(probe, graceSeconds, path, report);
  for (const field of SECONDS) {
    const value = probe[field];
    if (value !== undefined && value < 0) report(`${path}.${field}`, invalidValue(value, AT_LEAST_ZERO));
  }
  const { successThreshold = 1, terminationGracePeriodSeconds: grace } = probe;
  if (grace !== undefined && grace <= 0) report(`${path}.terminationGracePeriodSeconds`, invalidValue(grace, ABOVE_ZERO));
  if (kind === 'readinessProbe' && grace !== undefined) {
    report(`${path}.terminationGracePeriodSeconds`, invalidValue(grace, 'must not be set for readinessProbes'));
  }
  // 0 is treated as unset, and the default is 1.
  if (kind !== 'readinessProbe' && successThreshold !== 0 && successThreshold !== 1) {
    report(`${path}.successThreshold`, invalidValue(successThreshold, 'must be 1'));
  }
}

function checkLifecycle({ postStart, preStop }: DeepPartial<Lifecycle>, graceSeconds: number, path: string, report: Report): void {
  if (postStart) checkHandler(postStart, graceSeconds, `${path}.postStart`, report);
  if (preStop) checkHandler(preStop, graceSeconds, `${path}.preStop`, report);
}

/** Checks probes and lifecycle hooks. Only sidecars among the init containers may have them. */
export function checkHandlers(
  { livenessProbe, readinessProbe, startupProbe, lifecycle }: DeepPartial<Container>,
  graceSeconds: number,
  path: string,
  report: Report,
): void {
  if (lifecycle) checkLifecycle(lifecycle, graceSeconds, `${path}.lifecycle`, report);
  if (livenessProbe) checkProbe(livenessProbe, 'livenessProbe', graceSeconds, `${path}.livenessProbe`, report);
  if (readinessProbe) checkProbe(readinessProbe, 'readinessProbe', graceSeconds, `${path}.readinessProbe`, report);
  if (startupProbe) checkProbe(startupProbe, 'startupProbe', graceSeconds, `${path}.startupProbe`, report);
}

/** Fields that only running containers may have. */
export const HANDLER_FIELDS = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;
