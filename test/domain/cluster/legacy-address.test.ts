import { expect, test } from 'vitest';
import { parseLegacyCidr, parseLegacyIpv4, withoutPadding } from '../../../src/domain/cluster/legacy-address.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';

test.each([
  { text: '10.96.09.010', read: '10.96.9.10' },
  { text: '192.168.099.022', read: '192.168.99.22' },
  { text: '000.00.0.01', read: '0.0.0.1' },
  { text: '203.0.113.000/025', read: '203.0.113.0/25' },
  { text: '10.20.30.40', read: '10.20.30.40' },
  { text: '2001:db8::01', read: '2001:db8::01' },
  { text: 'web.010.example', read: 'web.010.example' },
])('$text reads as $read', ({ text, read }) => expect(withoutPadding(text)).toBe(read));

test('leading zeros are decimal, and values that are too large are still refused', () => {
  expect(parseLegacyIpv4('172.30.0.041')).toBe(ipv4('172.30.0.41'));
  expect(parseLegacyCidr('10.0.0.0/08')).toEqual(cidr('10.0.0.0/8'));
  expect(parseLegacyIpv4('172.30.0.0256')).toBeUndefined();
  expect(parseLegacyCidr('10.0.0.0/033')).toBeUndefined();
});
