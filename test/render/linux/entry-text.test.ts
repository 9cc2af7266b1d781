import { describe, expect, test } from 'vitest';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { formatMac, hashMac } from '../../../src/domain/values/mac.js';
import { ipText, macText } from '../../../src/render/linux/address-text.js';
import { conntrackText } from '../../../src/render/linux/conntrack-text.js';
import { fdbText } from '../../../src/render/linux/fdb-text.js';
import { neighbourText } from '../../../src/render/linux/neighbour-text.js';
import { routeText } from '../../../src/render/linux/route-text.js';
import { entry, ip, mac, route, tcp } from '../../support/trace-builder.js';

describe('ip route', () => {
  test.each([
    ['default via 10.244.1.1 dev eth0', route('0.0.0.0/0', 'eth0', { via: ip('10.244.1.1') })],
    ['10.244.2.0/24 via 192.168.1.12 dev eth0', route('10.244.2.0/24', 'eth0', { via: ip('192.168.1.12') })],
    ['10.244.1.0/24 dev cbr0 proto kernel scope link src 10.244.1.1', route('10.244.1.0/24', 'cbr0', { source: ip('10.244.1.1'), protocol: 'kernel' })],
    ['192.0.2.10 via 192.168.1.11 dev eth0 proto static metric 100', route('192.0.2.10/32', 'eth0', { via: ip('192.168.1.11'), protocol: 'static', metric: 100 })],
    [
      'local 10.244.1.1 dev lo proto kernel scope host src 10.244.1.1',
      route('10.244.1.1/32', 'lo', { source: ip('10.244.1.1'), protocol: 'kernel', scope: 'host', table: 'local' }),
    ],
  ])('%s', (text, each) => expect(routeText(each)).toBe(text));
});

describe('ip neigh', () => {
  test.each([
    ['10.244.1.1 dev eth0 lladdr 0a:58:0a:f4:01:01 REACHABLE', { address: ip('10.244.1.1'), device: 'eth0', mac: mac.pod('10.244.1.1'), state: 'reachable' }],
    ['10.244.1.9 dev cbr0 FAILED', { address: ip('10.244.1.9'), device: 'cbr0', mac: null, state: 'failed' }],
  ] as const)('%s', (text, each) => expect(neighbourText(each)).toBe(text));
});

test('FDB entries are printed as by bridge fdb', () => {
  expect(fdbText(mac.pod('10.244.1.5'), 'veth1', 'cbr0')).toBe('0a:58:0a:f4:01:05 dev veth1 master cbr0');
  expect(fdbText(mac.pod('10.244.1.1'), 'cbr0', 'cbr0')).toBe('0a:58:0a:f4:01:01 dev cbr0 master cbr0 permanent');
});

describe('conntrack -L', () => {
  const [asked, answered] = [tcp('10.244.1.5:40000', '10.96.0.12:80'), tcp('10.244.2.8:8080', '10.244.1.5:40000')];
  const udp = (from: string, to: string) => tcp(from, to, { protocol: 'UDP', flags: null });
  const echo = (from: string, to: string) => ({ ...tcp(`${from}:9`, `${to}:9`), protocol: 'ICMP' as const });
  test.each([
    [
      'tcp      6 120 SYN_SENT src=10.244.1.5 dst=10.96.0.12 sport=40000 dport=80 [UNREPLIED] src=10.244.2.8 dst=10.244.1.5 sport=8080 dport=40000 mark=0 use=1',
      entry(asked, answered),
    ],
    [
      'tcp      6 432000 ESTABLISHED src=10.244.1.5 dst=10.96.0.12 sport=40000 dport=80 src=10.244.2.8 dst=10.244.1.5 sport=8080 dport=40000 [ASSURED] mark=0 use=1',
      entry(asked, answered, { replied: true }),
    ],
    [
      'udp      17 30 src=10.244.1.5 dst=10.96.0.10 sport=5000 dport=53 src=10.244.1.2 dst=10.244.1.5 sport=53 dport=5000 mark=0 use=1',
      entry(udp('10.244.1.5:5000', '10.96.0.10:53'), udp('10.244.1.2:53', '10.244.1.5:5000'), { replied: true }),
    ],
    [
      'icmp     1 30 src=10.244.1.5 dst=8.8.8.8 type=8 code=0 id=9 [UNREPLIED] src=8.8.8.8 dst=10.244.1.5 type=0 code=0 id=9 mark=0 use=1',
      entry(echo('10.244.1.5', '8.8.8.8'), echo('8.8.8.8', '10.244.1.5')),
    ],
  ])('%s', (text, each) => expect(conntrackText(each)).toBe(text));
});

test('the cache of address texts never returns the text of another address', () => {
  for (let round = 0; round < 2; round += 1) {
    for (let each = 0; each < 5000; each += 1) {
      const address = ipv4(`10.${each % 256}.${(each * 7) % 256}.${each >> 5}`);
      expect(ipText(address)).toBe(`10.${each % 256}.${(each * 7) % 256}.${each >> 5}`);
      expect(macText(hashMac(address))).toBe(formatMac(hashMac(address)));
    }
  }
});
