import type { InterfaceName } from '../../domain/datapath/interface-name.js';

/** The switch's port for a machine: `gateway`, `cloud-lb`, a LAN host or a node. */
export const switchPort = (machine: string): InterfaceName => `p-${machine}`;

/** @returns `undefined` for an interface that is not a port. */
export const machineOfPort = (port: InterfaceName): string | undefined => (port.startsWith('p-') ? port.slice(2) : undefined);
