/** Which addresses of the node network are given to nodes and to the load balancer. */
import { lastHostOf, type Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';

/** Nodes get addresses from the eleventh on; the first ten are for the gateway and other machines. */
export const FIRST_NODE_OFFSET = 11;

/** The address of the load balancer's machine in ipMode Proxy: the last one. */
export const cloudLoadBalancerAddress = (nodeCIDR: Cidr): Ipv4 => lastHostOf(nodeCIDR);
