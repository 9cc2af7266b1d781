/** Machines that every node network has in addition to nodes and LAN hosts. */
const FIXED_MACHINES: ReadonlyMap<string, string> = new Map([['gateway', 'the gateway'], ['cloud-lb', 'the cloud load balancer']]);

/**
 * Why a node or a LAN host cannot have this name: the switch's ports are named after the machines, so names must differ.
 *
 * @param lanHosts names of the LAN hosts, if the name is a node's
 * @returns `undefined` if it can
 */
export function machineNameProblem(name: string, lanHosts: readonly string[] = []): string | undefined {
  const holder = FIXED_MACHINES.get(name) ?? (lanHosts.includes(name) ? 'a LAN host' : undefined);
  return holder && `is the name of ${holder} on the node network: choose another one`;
}
