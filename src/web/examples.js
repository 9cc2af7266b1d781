/** @import { Question } from './question.js' */

/** The cluster that the first start creates. */
export const DEMO = 'demo';

const client = { pod: 'default/client' };
const internet = { internet: '198.51.100.10' };

/** The initial content of its form. @type {Question} */
export const FIRST_QUESTION = { from: client, to: { service: 'default/web', port: 80 } };

/** @type {[title: string, question: Question][]} */
export const EXAMPLES = [
  ['Container → container', { from: { pod: 'default/same-port', container: 'second' }, to: { ip: '127.0.0.1', port: 8080 } }],
  ['Pod → pod, one node', { from: client, to: { pod: 'default/web-1', port: 8080 } }],
  ['Pod → pod, two nodes', { from: client, to: { pod: 'default/web-2', port: 8080 } }],
  ['Pod → Service', FIRST_QUESTION],
  ['… all of its endpoints', { from: client, to: { service: 'default/half', port: 80 }, choice: { mode: 'ALL' } }],
  ['… by its name', { from: client, to: { host: 'web', port: 80 } }],
  ['… to itself (hairpin)', { from: { pod: 'default/self' }, to: { service: 'default/self', port: 80 } }],
  ['… without endpoints', { from: client, to: { service: 'default/no-endpoints', port: 80 } }],
  ['Pod → internet', { from: client, to: { ip: '198.51.100.10', port: 443 } }],
  ['Internet → LoadBalancer', { from: internet, to: { service: 'default/web', port: 80, via: 'loadBalancer' } }],
  ['Internet → Ingress', { from: internet, to: { url: 'http://shop.example/cart' } }],
  ['A policy says no', { from: client, to: { service: 'shop/orders', port: 5432 } }],
  ['A cut link', { from: client, to: { pod: 'default/cut-off', port: 8080 } }],
  ['TTL runs out', { from: client, to: { ip: '198.51.100.10' }, protocol: 'ICMP', ttl: 2 }],
];
