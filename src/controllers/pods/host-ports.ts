/** Host ports of pods. @source kubernetes/kubernetes pkg/scheduler/framework/plugins/nodeports, `HostPortInfo` */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { parseIpv4, UNSPECIFIED, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Container, PodObject, TransportProtocol } from '../object-shapes.js';

interface HostPort {
  readonly protocol: TransportProtocol;
  readonly port: number;
  /** `UNSPECIFIED` stands for all addresses of the node. */
  readonly address: Ipv4;
}

export const NO_FREE_PORTS = "node(s) didn't have free ports for the requested pod ports";

const NONE: readonly HostPort[] = [];

const portsOf = ({ ports = [] }: Container): readonly HostPort[] =>
  ports.flatMap(({ protocol = 'TCP', hostPort, hostIP }) =>
    hostPort ? [{ protocol, port: hostPort, address: parseIpv4(hostIP ?? '') ?? UNSPECIFIED }] : NONE,
  );

/** The host ports that the pod asks for. */
export function hostPortsOf({ spec }: Pick<PodObject, 'spec'>): readonly HostPort[] {
  const sidecars = ((spec['initContainers'] as readonly Container[] | undefined) ?? []).filter((container) => container['restartPolicy'] === 'Always');
  const wanted = [...sidecars, ...spec.containers].flatMap(portsOf);
  return wanted.length === 0 ? NONE : wanted;
}

const conflicts = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.address === b.address || a.address === UNSPECIFIED || b.address === UNSPECIFIED);

/** Another pod on `node` that has one of the ports, and that port. */
export function hostPortHolder(
  state: ClusterState,
  node: string,
  { metadata }: PodObject,
  wanted: readonly HostPort[],
): { readonly pod: string; readonly port: string } | undefined {
  if (wanted.length === 0) return undefined;
  for (const pod of state.podsWithHostPorts(node)) {
    if (pod.namespace === metadata.namespace && pod.name === metadata.name) continue;
    for (const { ports } of pod.containers) {
      for (const { protocol, hostPort, hostIP = UNSPECIFIED } of ports) {
        if (hostPort === null || !wanted.some((port) => conflicts(port, { protocol, port: hostPort, address: hostIP }))) continue;
        return { pod: `${pod.namespace}/${pod.name}`, port: `${hostPort}/${protocol}` };
      }
    }
  }
  return undefined;
}
