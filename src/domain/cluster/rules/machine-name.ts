/** The machines that every node network has beside the cluster's own. */
const FIXED_MACHINES: ReadonlyMap<string, string> = new Map([['gateway', 'the gateway'], ['cloud-lb', 'the cloud load balancer']]);

/**
 * Why a node or a LAN host may not have this name: the ports of the switch are named after the machines behind them.
 *
 * @param lanHosts names of the LAN hosts, where a node is asked about
 * @returns `undefined` when it may
 */
export function machineNameProblem(name: string, lanHosts: readonly string[] = []): string | undefined {
  const holder = FIXED_MACHINES.get(name) ?? (lanHosts.includes(name) ? 'a LAN host' : undefined);
  return holder && `is the name of ${holder} on the node network: choose another one`;
}
