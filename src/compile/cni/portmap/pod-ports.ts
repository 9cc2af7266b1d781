/** The chain that leads from ports of a node to one of its pods. */
import { hash as digestOf } from 'node:crypto';
import type { ContainerPortView, PodView } from '../../../domain/cluster/view.js';
import type { Rule } from '../../../domain/datapath/netfilter/rules.js';
import { cidr, cidrOf } from '../../../domain/values/cidr.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';
import { comment, destinationPort, jump } from '../../netfilter/matches.js';
import { StaticChain } from '../../netfilter/static-chain.js';
import { hostCidr } from '../../netns-parts.js';

export const SET_MARK = 'CNI-HOSTPORT-SETMARK';

/** Name of the network in the configuration of the plug-ins. */
const NETWORK = 'cbr0';
/** Longest name of a chain. @source containernetworking/plugins `pkg/utils` `maxChainLength` */
const NAME_LENGTH = 28;
/** Most ports in one multiport match. */
const MULTIPORT = 15;

const LOCALHOST = cidr('127.0.0.1/32');

type MappedPort = ContainerPortView & { readonly hostPort: number };

export type AttachedPod = PodView & { readonly ip: Ipv4 };

export const mappedPortsOf = ({ containers }: PodView): readonly MappedPort[] =>
  containers.flatMap(({ ports }) => ports.filter((port): port is MappedPort => port.hostPort !== null));

/** In place of the sandbox id that a container runtime would generate. */
const sandboxId = ({ namespace, name }: PodView): string => digestOf('sha256', `${namespace}/${name}`, 'hex');

const LOWER = { SCTP: 'sctp', TCP: 'tcp', UDP: 'udp' } as const;

/** Host ports by protocol, in order of name, in groups that fit into one match. */
function* portGroups(ports: readonly MappedPort[]): Iterable<{ readonly protocol: MappedPort['protocol']; readonly numbers: readonly number[] }> {
  for (const protocol of Object.keys(LOWER) as readonly (keyof typeof LOWER)[]) {
    const numbers = ports.filter((port) => port.protocol === protocol).map(({ hostPort }) => hostPort);
    for (let start = 0; start < numbers.length; start += MULTIPORT) yield { protocol, numbers: numbers.slice(start, start + MULTIPORT) };
  }
}

export interface PodPorts {
  /** The rules that lead to the chain. */
  readonly entries: readonly Rule[];
  readonly chain: StaticChain;
}

/**
 * What the plug-in writes for one pod: connections from the pod's own network and from localhost are marked, since their
 * answers would not come back this way, and all get the pod's address.
 *
 * @param prefix length of the prefix that the pod's interface has
 * @source containernetworking/plugins `plugins/meta/portmap/portmap_iptables.go` `fillDnatRules`
 */
export function podPorts(pod: AttachedPod, prefix: number): PodPorts {
  const id = sandboxId(pod);
  const name = `CNI-DN-${digestOf('sha512', `${NETWORK}${id}`, 'hex')}`.slice(0, NAME_LENGTH);
  const ports = mappedPortsOf(pod);
  const note = comment(`dnat name: "${NETWORK}" id: "${id}"`);
  const own = cidrOf(pod.ip, prefix);
  return {
    entries: Array.from(portGroups(ports), ({ protocol, numbers }) => ({
      protocol,
      matches: [note, { kind: 'destinationPorts', ports: numbers }],
      target: jump(name),
    })),
    chain: new StaticChain(name, ports.flatMap(({ protocol, hostPort, hostIP, containerPort }): Rule[] => {
      const base = { protocol, matches: [destinationPort(hostPort)], ...(hostIP !== undefined && { destination: { value: hostCidr(hostIP), negate: false } }) };
      return [
        { ...base, source: { value: own, negate: false }, target: jump(SET_MARK) },
        { ...base, source: { value: LOCALHOST, negate: false }, target: jump(SET_MARK) },
        { ...base, target: { kind: 'DNAT', address: pod.ip, port: containerPort } },
      ];
    })),
  };
}
