/** Who has which addresses of the node network. */
import { lastHostOf, type Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';

/** Nodes are given addresses from the eleventh on; the ten before it are left to the gateway and its like. */
export const FIRST_NODE_OFFSET = 11;

/** The machine that a load balancer in ipMode Proxy is has the last address. */
export const cloudLoadBalancerAddress = (nodeCIDR: Cidr): Ipv4 => lastHostOf(nodeCIDR);
