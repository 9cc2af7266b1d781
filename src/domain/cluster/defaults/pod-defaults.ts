/**
 * @source k8s.io/kubernetes `pkg/apis/core/v1`, `SetDefaults_PodSpec`, `SetDefaults_Container`. Defaults of probes, volumes
 *   and environment variables are left out.
 */
import type { Container } from '../kinds/container.js';
import type { Pod, PodSpec, PodTemplate } from '../kinds/pod.js';

type ContainerPort = NonNullable<Container['ports']>[number];

/** The default pull policy of an image: Always for the tag `latest`, or if it has neither tag nor digest. */
function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@')) return 'IfNotPresent';
  const colon = image.lastIndexOf(':');
  const tagged = colon > image.lastIndexOf('/');
  return tagged && image.slice(colon + 1) !== 'latest' ? 'IfNotPresent' : 'Always';
}

// Each default is one literal that spreads one object: assigning to a copy, or a second spread, is a hundred times slower
// in V8, and a large import does it for every pod.

function defaultPort(port: ContainerPort, hostNetwork: boolean): ContainerPort {
  return hostNetwork && !port.hostPort ? { protocol: 'TCP', ...port, hostPort: port.containerPort } : { protocol: 'TCP', ...port };
}

function defaultContainer(container: Container, hostNetwork: boolean): Container {
  const filled: Container = { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', ...container };
  if (filled.image !== undefined) filled.imagePullPolicy ??= pullPolicyOf(filled.image);
  if (filled.ports) filled.ports = filled.ports.map((port) => defaultPort(port, hostNetwork));
  return filled;
}

function defaultPodSpec(spec: PodSpec): PodSpec {
  const hostNetwork = spec.hostNetwork === true;
  const filled: PodSpec = {
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...spec,
  };
  filled.containers = filled.containers.map((container) => defaultContainer(container, hostNetwork));
  if (filled.initContainers) filled.initContainers = filled.initContainers.map((container) => defaultContainer(container, hostNetwork));
  return filled;
}

export const defaultPod = (pod: Pod): Pod => ({ ...pod, spec: defaultPodSpec(pod.spec) });

export const defaultPodTemplate = (template: PodTemplate): PodTemplate => ({ ...template, spec: defaultPodSpec(template.spec) });
