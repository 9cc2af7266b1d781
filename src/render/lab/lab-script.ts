/**
 * A cluster as a shell script that builds it for real: the same namespaces, interfaces, addresses, MACs, routes, kernel
 * settings, rules and listeners as the model's, on one Linux machine. Pure: the same machines, the same bytes.
 */
import type { Machine } from '../../domain/datapath/machine.js';
import { saveText } from '../iptables/save-text.js';
import { labPrefix, namespaceName } from './lab-names.js';
import { acceptsEverything, ANY_PORT, listeners } from './lab-listeners.js';
import { hairpinCommands, insideCommands, linkCommands, settings } from './lab-network.js';
import { labFunctions } from './lab-functions.js';
import { hereDocument, shellComment, shellWord } from './shell-text.js';

interface LabCluster {
  readonly name: string;
  readonly revision: number;
  readonly machines: readonly Machine[];
}

/** @returns a POSIX shell script; see the usage at its head */
export function labScript({ name, revision, machines }: LabCluster): string {
  const prefix = labPrefix(name);
  const later = new Map(machines.map((machine) => [machine.id, machine]));
  const blocks = machines.map((machine) => {
    later.delete(machine.id);
    return { machine, links: linkCommands(machine, later, prefix) };
  });
  return `${[
    headText(name, revision, machines, prefix),
    labFunctions(hasServices(machines)),
    section('Every machine is a network namespace; kernel settings come first, because interfaces are born with them.'),
    functionText('build_namespaces', machines.map((machine) => namespaceText(machine))),
    section('Cables: each a veth pair.'),
    functionText(
      'build_links',
      blocks
        .filter(({ links }) => links.length > 0)
        .map(({ machine, links }) => hereDocument(`ip -n ${inPrefix(machine)} -batch -`, links.join('\n'))),
    ),
    section('Addresses, routes and rules, machine by machine.'),
    functionText('build_machines', machines.map((machine) => machineText(machine))),
    section('Programs that listen on the declared ports.'),
    functionText('list_listeners', [hereDocument('cat', listeners(machines, prefix).join('\n'))]),
    section('By what name a machine may be called, the namespace it is, and the model\'s name for it.'),
    functionText('list_machines', [hereDocument('cat', machines.map(({ id }) => `${prefix}${namespaceName(id)}\t${id}`).join('\n'))]),
    'main "$@"',
  ].join('\n\n')}\n`;
}

const hasServices = (machines: readonly Machine[]): boolean => machines.some(({ sysctls }) => sysctls.bridgeNfCallIptables);

const section = (text: string): string => `# --- ${shellComment(text)}`;
const functionText = (name: string, body: readonly string[]): string => `${name}() {\n${body.length === 0 ? ':' : body.join('\n\n')}\n}`;
const inPrefix = ({ id }: Machine): string => `"$PREFIX"${shellWord(namespaceName(id))}`;

function headText(name: string, revision: number, machines: readonly Machine[], prefix: string): string {
  const count = (kind: string): number => machines.filter(({ id }) => id.startsWith(`${kind}:`)).length;
  return `#!/bin/sh
# The cluster ${shellComment(name)} (revision ${revision}), built for real out of network namespaces on this machine:
# ${count('node')} nodes, ${count('pod')} pods, with the addresses, MACs, routes, kernel settings and rules of the model.
#
#   up                     builds it
#   down                   takes it away
#   shell <pod|node>       a shell inside, e.g. shell default/web-1
#   trace <flow>           sends a real packet and prints every frame on every interface. A flow is
#                          <from> <tcp|udp|icmp> <address> [<port>], e.g. default/client tcp 10.96.0.1 443
#
# Needs root, iproute2, iptables, and python3 or socat. Touches nothing but network namespaces whose names begin with
# ${prefix} and takes all of them away if building stops half-way.
set -eu
PREFIX=${shellWord(prefix)}`;
}

function namespaceText(machine: Machine): string {
  const words = settings(machine).map(([key, value]) => `${key} ${value}`);
  return `  ip netns add ${inPrefix(machine)}\n${hereDocument(`  tune ${inPrefix(machine)}`, words.join('\n'))}`;
}

function machineText(machine: Machine): string {
  const hairpins = hairpinCommands(machine);
  const rules = saveText(machine.netfilter) || (acceptsEverything(machine) ? EVERY_PORT_RULES : '');
  return [
    `# ${shellComment(machine.id)}`,
    hereDocument(`ip -n ${inPrefix(machine)} -batch -`, insideCommands(machine).join('\n')),
    ...(hairpins.length === 0 ? [] : [hereDocument(`bridge -n ${inPrefix(machine)} -batch -`, hairpins.join('\n'))]),
    ...(rules === '' ? [] : [hereDocument(`ip netns exec ${inPrefix(machine)} iptables-restore`, rules)]),
  ].join('\n');
}

/** Makes a host accept every port: a rule redirects to one listener, since no program listens on 65,535 ports. */
const EVERY_PORT_RULES = `*nat
-A PREROUTING -p tcp -j REDIRECT --to-ports ${ANY_PORT}
-A PREROUTING -p udp -j REDIRECT --to-ports ${ANY_PORT}
COMMIT
`;
