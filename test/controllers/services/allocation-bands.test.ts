import { expect, test } from 'vitest';
import { clusterIPBandOffset, clusterIPBands, nodePortBandOffset, parseNodePortRange } from '../../../src/controllers/services/allocation-bands.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { formatIpv4, toIpv4 } from '../../../src/domain/values/ipv4.js';

test.each([
  { serviceCIDR: '10.96.0.0/24', first: '10.96.0.1', lowerEnd: '10.96.0.16', last: '10.96.0.254' },
  { serviceCIDR: '10.96.0.0/20', first: '10.96.0.1', lowerEnd: '10.96.1.0', last: '10.96.15.254' },
  { serviceCIDR: '10.96.0.0/16', first: '10.96.0.1', lowerEnd: '10.96.1.0', last: '10.96.255.254' },
  { serviceCIDR: '192.168.1.1/8', first: '192.0.0.1', lowerEnd: '192.0.1.0', last: '192.255.255.254' },
])('the lower band of $serviceCIDR is from $first to $lowerEnd, and the range ends at $last', ({ serviceCIDR, first, lowerEnd, last }) => {
  const bands = clusterIPBands(cidr(serviceCIDR));
  expect([bands.first, bands.dynamicFirst - 1, bands.last].map((address) => formatIpv4(toIpv4(address)))).toEqual([first, lowerEnd, last]);
});

test.each([
  { serviceCIDR: '192.168.1.0/30', count: 2 },
  { serviceCIDR: '192.168.1.0/31', count: 0 },
  { serviceCIDR: '192.168.1.0/32', count: 0 },
])('$serviceCIDR has $count addresses for Services', ({ serviceCIDR, count }) => {
  const { first, last } = clusterIPBands(cidr(serviceCIDR));
  expect(last - first + 1).toBe(count);
});

test.each([
  { size: 4, offset: 0 }, { size: 16, offset: 0 }, { size: 64, offset: 16 }, { size: 256, offset: 16 }, { size: 1024, offset: 64 }, { size: 2 ** 24, offset: 256 },
])('a service CIDR of $size addresses has a lower band of $offset', ({ size, offset }) => {
  expect(clusterIPBandOffset(size)).toBe(offset);
});

test.each([
  { range: '30000-30015', dynamicFirst: 30000, last: 30015 },
  { range: '30000-34095', dynamicFirst: 30128, last: 34095 },
  { range: '30000-38191', dynamicFirst: 30128, last: 38191 },
  { range: '30000-32767', dynamicFirst: 30086, last: 32767 },
])('node ports of $range are allocated from $dynamicFirst on', ({ range, dynamicFirst, last }) => {
  expect(parseNodePortRange(range)).toEqual({ first: 30000, dynamicFirst, last });
});

test.each([
  { size: 10, offset: 0 },
  { size: 2048, offset: 64 },
  { size: 2768, offset: 86 },
  { size: 4096, offset: 128 },
])('a range of $size ports has a lower band of $offset', ({ size, offset }) => {
  expect(nodePortBandOffset(size)).toBe(offset);
});
