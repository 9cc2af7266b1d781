/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `validateContainers`, `validateInitContainers`, `validateEphemeralContainers` */
import { duplicateValue, forbidden, invalidValue, notFoundValue, requiredValue, unsupportedValue } from '../api-messages.js';
import { ipProblem } from '../ip-syntax.js';
import type { Container, EphemeralContainer } from '../kinds/container.js';
import type { PodSpec } from '../kinds/pod.js';
import { dnsLabelProblem, portNameProblems } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkSyntax } from './check-syntax.js';
import type { DeepPartial } from './deep-partial.js';
import { checkEnv, checkEnvFrom } from './env-rules.js';
import { checkHandlers, HANDLER_FIELDS } from './handler-rules.js';
import { checkMounts, type Volumes } from './mount-rules.js';
import { checkResources } from './resource-rules.js';
import { checkSecurityContext } from './security-context-rules.js';
import { Seen } from './seen.js';

type ContainerPart = DeepPartial<Container>;

/** What the checks of a pod's containers share. */
interface Surroundings {
  readonly hostNetwork: boolean;
  readonly volumes: Volumes;
  /** Names of all containers of the pod so far. */
  readonly names: Seen;
  readonly graceSeconds: number;
}

function checkPorts(container: ContainerPart, hostNetwork: boolean, path: string, hostPorts: Seen, report: Report): void {
  const names = new Seen();
  for (const [index, { name, containerPort, hostPort, hostIP, protocol = 'TCP' }] of (container.ports ?? []).entries()) {
    const at = `${path}.ports[${index}]`;
    if (name !== undefined && name !== '') {
      const problems = portNameProblems(name);
      for (const problem of problems) report(`${at}.name`, invalidValue(name, problem));
      if (problems.length === 0 && names.add(name)) report(`${at}.name`, duplicateValue(name));
    }
    checkSyntax(hostIP, ipProblem, `${at}.hostIP`, report);
    // With hostNetwork every container port is a host port, even without `hostPort`.
    const onHost = hostNetwork ? hostPort || containerPort : hostPort;
    if (onHost === undefined || onHost === 0) continue;
    if (hostNetwork && containerPort !== undefined && onHost !== containerPort) {
      report(`${at}.hostPort`, invalidValue(hostPort, 'must match `containerPort` when `hostNetwork` is true'));
    }
    const key = `${protocol}/${hostIP ?? ''}/${onHost}`;
    if (hostPorts.add(key)) report(`${at}.hostPort`, duplicateValue(key));
  }
}

/** The rules for containers of every kind. */
function checkContainer(container: ContainerPart, { hostNetwork, volumes, names }: Surroundings, hostPorts: Seen, path: string, report: Report): void {
  const { name, ports, env, envFrom, resources, securityContext } = container;
  if (name !== undefined) {
    const problem = dnsLabelProblem(name);
    if (name === '') report(`${path}.name`, requiredValue());
    else if (problem !== undefined) report(`${path}.name`, invalidValue(name, problem));
    else if (names.add(name)) report(`${path}.name`, duplicateValue(name));
  }
  if (ports) checkPorts(container, hostNetwork, path, hostPorts, report);
  if (env) checkEnv(env, `${path}.env`, report);
  if (envFrom) checkEnvFrom(envFrom, `${path}.envFrom`, report);
  checkMounts(container, volumes, path, report);
  if (resources) checkResources(resources, `${path}.resources`, report);
  if (securityContext) checkSecurityContext(securityContext, `${path}.securityContext`, report);
}

function checkRegular(containers: readonly ContainerPart[], around: Surroundings, path: string, report: Report): void {
  if (containers.length === 0) return report(path, requiredValue());
  const hostPorts = new Seen();
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    checkContainer(container, around, hostPorts, at, report);
    checkHandlers(container, around.graceSeconds, at, report);
    if (container.restartPolicy !== undefined) report(`${at}.restartPolicy`, forbidden('may not be set for non-init containers'));
  }
}

/** Init containers run one after the other before the rest; those with restartPolicy Always keep running, as sidecars. */
function checkInit(containers: readonly ContainerPart[], around: Surroundings, path: string, report: Report): void {
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    checkContainer(container, around, new Seen(), at, report);
    const { restartPolicy } = container;
    if (restartPolicy !== undefined && restartPolicy !== 'Always') report(`${at}.restartPolicy`, unsupportedValue(restartPolicy, ['Always']));
    if (restartPolicy === 'Always') checkHandlers(container, around.graceSeconds, at, report);
    else {
      for (const field of HANDLER_FIELDS) {
        if (container[field] !== undefined) report(`${at}.${field}`, forbidden('may not be set for init containers without restartPolicy=Always'));
      }
    }
  }
}

const NOT_OF_EPHEMERAL = ['ports', 'resources', 'resizePolicy', 'restartPolicy', ...HANDLER_FIELDS] as const;
const isEmpty = (value: unknown): boolean => value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

function checkEphemeral(
  containers: readonly DeepPartial<EphemeralContainer>[],
  others: ReadonlySet<string | undefined>,
  around: Surroundings,
  path: string,
  report: Report,
): void {
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    checkContainer(container, around, new Seen(), at, report);
    const { targetContainerName: target = '' } = container;
    if (target !== '' && !others.has(target)) report(`${at}.targetContainerName`, notFoundValue(target));
    for (const field of NOT_OF_EPHEMERAL) if (!isEmpty(container[field])) report(`${at}.${field}`, forbidden('cannot be set for an Ephemeral Container'));
  }
}

/** Default of `terminationGracePeriodSeconds`. */
const DEFAULT_GRACE = 30;

export function checkContainers(spec: DeepPartial<PodSpec>, volumes: Volumes, path: string, report: Report): void {
  const { containers, initContainers, ephemeralContainers, hostNetwork = false, terminationGracePeriodSeconds: graceSeconds = DEFAULT_GRACE } = spec;
  const around: Surroundings = { hostNetwork, volumes, graceSeconds, names: new Seen() };
  if (containers) checkRegular(containers, around, `${path}.containers`, report);
  if (initContainers) checkInit(initContainers, around, `${path}.initContainers`, report);
  if (!ephemeralContainers) return;
  const others = new Set([...(containers ?? []), ...(initContainers ?? [])].map(({ name }) => name));
  checkEphemeral(ephemeralContainers, others, around, `${path}.ephemeralContainers`, report);
}
