/** What further packets make of an entry: rows of the kernel's table. */
import { expect, test } from 'vitest';
import { fullSeconds } from '../../../src/domain/datapath/conntrack-timeouts.js';
import type { TcpState } from '../../../src/domain/datapath/conntrack.js';
import type { Protocol, TcpFlags } from '../../../src/domain/packet/packet.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { followTcp, followUdp } from '../../../src/domain/walk/connection-state.js';
import { TrackedConnection, type Direction } from '../../../src/domain/walk/tracked-connection.js';

const connection = (protocol: Protocol, given: Partial<TrackedConnection>): TrackedConnection =>
  Object.assign(new TrackedConnection({ protocol, source: ipv4('10.1.0.2'), sourcePort: 40000, destination: ipv4('172.20.0.9'), destinationPort: 80 }), {
    confirmed: true,
    secondsLeft: 7,
    ...given,
  });

test.each<[TcpState, boolean, boolean, Direction, TcpFlags, string]>([
  // was, answered, assured; comes → is, seconds
  ['SYN_SENT', false, false, 0, 'SYN', 'SYN_SENT 7'],
  ['SYN_SENT', false, false, 1, 'SYN-ACK', 'SYN_RECV 60'],
  ['SYN_SENT', false, false, 1, 'RST-ACK', 'CLOSE 10'],
  ['SYN_RECV', true, false, 0, 'SYN', 'SYN_RECV 7'],
  ['SYN_RECV', true, false, 1, 'ACK', 'SYN_RECV 60'],
  ['SYN_RECV', true, false, 0, 'ACK', 'ESTABLISHED 432000 assured'],
  ['ESTABLISHED', true, true, 0, 'SYN', 'ESTABLISHED 7 assured'],
  ['ESTABLISHED', true, true, 1, 'SYN-ACK', 'SYN_RECV 60 assured'],
  ['ESTABLISHED', true, true, 0, 'PSH-ACK', 'ESTABLISHED 432000 assured'],
  ['ESTABLISHED', true, true, 1, 'RST', 'CLOSE 10 assured'],
  ['CLOSE', true, true, 0, 'SYN', 'CLOSE 7 assured'],
  ['CLOSE', true, true, 1, 'SYN-ACK', 'SYN_RECV 60 assured'],
  // picked up in mid-stream
  ['ESTABLISHED', false, false, 0, 'PSH-ACK', 'ESTABLISHED 300'],
  ['ESTABLISHED', false, false, 1, 'ACK', 'ESTABLISHED 300'],
  ['ESTABLISHED', true, false, 0, 'PSH-ACK', 'ESTABLISHED 432000 assured'],
])('TCP: %s (answered: %s, assured: %s) and from side %s %s: %s', (tcp, replied, assured, direction, flags, after) => {
  const one = connection('TCP', { tcp, replied, assured });
  followTcp(one, direction, flags);
  if (direction === 1) one.replied = true; // as connection tracking does after this
  expect(`${one.tcp} ${one.secondsLeft ?? fullSeconds(one.entry())}${one.assured ? ' assured' : ''}`).toBe(after);
});

test.each([
  { replied: false, age: 9, seconds: 30 }, { replied: true, age: 2, seconds: 30 }, { replied: true, age: 3, seconds: 120 },
])('UDP: a connection is a stream with 120 s if it was answered and is older than 2 s: answered $replied, $age s', ({ replied, age, seconds }) => {
  const one = connection('UDP', { replied, age });
  followUdp(one);
  expect([one.secondsLeft, fullSeconds(one.entry())]).toEqual([null, seconds]);
});
