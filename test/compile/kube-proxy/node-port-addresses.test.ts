import { expect, test } from 'vitest';

import { NodePortAddresses } from '../../../src/compile/kube-proxy/node-port-addresses.js';
import { formatIpv4, ipv4 } from '../../../src/domain/values/ipv4.js';

const PRIMARY = ipv4('192.168.1.11');
const OWN = ['127.0.0.1', '192.168.1.11', '10.244.1.1'].map(ipv4);

test.each([
  { name: 'an empty list means all', configured: [], matchAll: true, containsLoopback: true, addresses: ['127.0.0.1', '192.168.1.11', '10.244.1.1'] },
  {
    name: '0.0.0.0/0 means all, whatever else is there', configured: ['192.168.1.0/24', '0.0.0.0/0'], matchAll: true, containsLoopback: true,
    addresses: ['127.0.0.1', '192.168.1.11', '10.244.1.1'],
  },
  { name: 'a block means the addresses in it', configured: ['192.168.1.0/24'], matchAll: false, containsLoopback: false, addresses: ['192.168.1.11'] },
  { name: 'loopback can be asked for', configured: ['192.168.1.0/24', '127.0.0.0/8'], matchAll: false, containsLoopback: true, addresses: ['127.0.0.1', '192.168.1.11'] },
  { name: 'a small part of loopback is loopback too', configured: ['127.0.2.0/28'], matchAll: false, containsLoopback: true, addresses: [] },
  { name: 'a block around loopback holds it', configured: ['64.0.0.0/2'], matchAll: false, containsLoopback: true, addresses: ['127.0.0.1'] },
  {
    name: 'blocks of IPv6 alone leave all of IPv4', configured: ['2001:db8::/64', '::1/128'], matchAll: true, containsLoopback: true,
    addresses: ['127.0.0.1', '192.168.1.11', '10.244.1.1'],
  },
  {
    name: 'a block of IPv6 narrows nothing beside one of IPv4', configured: ['::/0', '192.168.1.0/24'], matchAll: false, containsLoopback: false,
    addresses: ['192.168.1.11'],
  },
  { name: 'primary is the InternalIP', configured: ['primary'], matchAll: false, containsLoopback: false, addresses: ['192.168.1.11'] },
])('$name', ({ configured, matchAll, containsLoopback, addresses }) => {
  const nodePorts = new NodePortAddresses(configured);
  expect(nodePorts).toMatchObject({ matchAll, containsLoopback });
  expect(nodePorts.of(PRIMARY, OWN).map(formatIpv4)).toEqual(addresses);
});

test('an address of two interfaces is listed once', () => {
  expect(new NodePortAddresses(['192.168.1.0/24']).of(PRIMARY, [PRIMARY, PRIMARY])).toEqual([PRIMARY]);
});
