/** Name of a network interface, unique within its namespace: `eth0`, `cbr0`. */
export type InterfaceName = string;
