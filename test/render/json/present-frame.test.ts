import { expect, test } from 'vitest';
import type { Frame } from '../../../src/domain/packet/packet.js';
import { presentFrame } from '../../../src/render/json/present-frame.js';
import { frame, icmpError, ip, isAt, mac, tcp, whoHas } from '../../support/trace-builder.js';

const [a, b] = [mac.pod('10.244.1.2'), mac.pod('10.244.1.3')];
const shown = (each: Frame): object => presentFrame({ packet: 7, netns: 'pod:default/a', interface: 'eth0', direction: 'tx', frame: each, flooded: false }, 4);
const head = { seq: 4, packet: 7, netns: 'pod:default/a', interface: 'eth0', direction: 'tx' };
const eth = { src: '0a:58:0a:f4:01:02', dst: '0a:58:0a:f4:01:03', type: 'IPv4' };

test.each<{ name: string; captured: Frame; json: object }>([
  {
    name: 'an ARP question', captured: whoHas(ip('10.244.1.3'), ip('10.244.1.2'), a),
    json: {
      eth: { src: eth.src, dst: 'ff:ff:ff:ff:ff:ff', type: 'ARP' },
      arp: { op: 'request', sha: eth.src, spa: '10.244.1.2', tha: '00:00:00:00:00:00', tpa: '10.244.1.3' },
    },
  },
  {
    name: 'an ARP answer', captured: isAt(ip('10.244.1.2'), a, ip('10.244.1.3'), b),
    json: { eth: { ...eth, type: 'ARP' }, arp: { op: 'reply', sha: eth.src, spa: '10.244.1.2', tha: eth.dst, tpa: '10.244.1.3' } },
  },
  {
    name: 'a TCP SYN-ACK', captured: frame(a, b, tcp('10.244.1.2:80', '10.244.1.3:40000', { flags: 'SYN-ACK' })),
    json: { eth, ip: { src: '10.244.1.2', dst: '10.244.1.3', ttl: 64, protocol: 'TCP' }, l4: { sport: 80, dport: 40000, flags: ['SYN', 'ACK'] } },
  },
  {
    name: 'a UDP datagram, which has no flags', captured: frame(a, b, tcp('10.244.1.2:40000', '10.244.1.3:53', { protocol: 'UDP', flags: null })),
    json: { eth, ip: { src: '10.244.1.2', dst: '10.244.1.3', ttl: 64, protocol: 'UDP' }, l4: { sport: 40000, dport: 53 } },
  },
  {
    name: 'a ping', captured: frame(a, b, tcp('10.244.1.2', '10.244.1.3', { protocol: 'ICMP', flags: null, icmp: { type: 8, code: 0, id: 9, mtu: 0, quoted: null } })),
    json: { eth, ip: { src: '10.244.1.2', dst: '10.244.1.3', ttl: 64, protocol: 'ICMP' }, icmp: { type: 8, code: 0 } },
  },
  {
    name: 'an ICMP error with what it quotes', captured: frame(a, b, icmpError('10.244.1.2', '10.244.1.3', 3, tcp('10.244.1.3:40000', '10.244.1.2:81'))),
    json: {
      eth, ip: { src: '10.244.1.2', dst: '10.244.1.3', ttl: 64, protocol: 'ICMP' }, icmp: { type: 3, code: 3 },
      inner: { ip: { src: '10.244.1.3', dst: '10.244.1.2', protocol: 'TCP' }, l4: { sport: 40000, dport: 81 } },
    },
  },
])('$name', ({ captured, json }) => expect(shown(captured)).toStrictEqual({ ...head, ...json }));
