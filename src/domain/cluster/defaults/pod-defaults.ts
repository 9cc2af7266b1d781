/** @source k8s.io/kubernetes `pkg/apis/core/v1`, `SetDefaults_PodSpec`, `SetDefaults_Container`. Probes, volumes and the environment keep theirs unsaid. */
import type { Container } from '../kinds/container.js';
import type { Pod, PodSpec, PodTemplate } from '../kinds/pod.js';

type ContainerPort = NonNullable<Container['ports']>[number];

/** The pull policy of an image without one: whatever is tagged as latest is pulled anew. */
function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@')) return 'IfNotPresent';
  const colon = image.lastIndexOf(':');
  const tagged = colon > image.lastIndexOf('/');
  return tagged && image.slice(colon + 1) !== 'latest' ? 'IfNotPresent' : 'Always';
}

// One literal that spreads one object: a store into a copy, or a second spread, costs V8 a hundred times as much, and a
// big import fills every pod.

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
