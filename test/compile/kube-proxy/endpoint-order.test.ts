import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inProxyOrder } from '../../../src/compile/kube-proxy/endpoint-order.js';
import type { EndpointView } from '../../../src/domain/cluster/view.js';
import { formatIpv4, ipv4, toIpv4 } from '../../../src/domain/values/ipv4.js';

const endpoint = (text: string): EndpointView => ({ ip: ipv4(text.split(':')[0]!), port: Number(text.split(':')[1]) }) as EndpointView;
const textOf = ({ ip, port }: EndpointView): string => `${formatIpv4(ip)}:${String(port)}`;

/** @source Kubernetes `pkg/proxy/endpointslicecache.go` `byEndpoint` */
test.each([
  { name: 'text, not numbers', given: ['10.0.0.9:80', '10.0.0.10:80', '10.0.0.11:80'], expected: ['10.0.0.10:80', '10.0.0.11:80', '10.0.0.9:80'] },
  { name: 'a colon comes after digits', given: ['10.0.0.1:80', '10.0.0.10:80', '10.0.0.100:80'], expected: ['10.0.0.100:80', '10.0.0.10:80', '10.0.0.1:80'] },
  { name: 'a dot comes before them', given: ['10.0.10.1:80', '10.0.1.1:80', '10.0.2.1:80'], expected: ['10.0.1.1:80', '10.0.10.1:80', '10.0.2.1:80'] },
  { name: 'ports are text too', given: ['10.0.0.1:9090', '10.0.0.1:80', '10.0.0.1:8080'], expected: ['10.0.0.1:80', '10.0.0.1:8080', '10.0.0.1:9090'] },
])('$name', ({ given, expected }) => {
  expect(inProxyOrder(given.map(endpoint)).map(textOf)).toEqual(expected);
});

test('endpoints are sorted by the text `address:port`', () => {
  const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0));
  const few = fc.oneof(address, fc.nat(300));
  fc.assert(fc.property(fc.array(fc.record({ ip: few.map(toIpv4), port: fc.integer({ min: 1, max: 65_535 }) }), { maxLength: 30 }), (given) => {
    expect(inProxyOrder(given as unknown as EndpointView[]).map(textOf)).toEqual((given as unknown as EndpointView[]).map(textOf).toSorted());
  }));
});
