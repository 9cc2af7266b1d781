/** The comments on frames: decisions that cannot be seen in the frames themselves. */
import { expect, test } from 'vitest';
import type { Step } from '../../../src/domain/trace/step.js';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { FrameComments } from '../../../src/render/pcapng/frame-comments.js';
import { at, connection, frame, ip, leg, mac, path, record, route, rule, tcp } from '../../support/trace-builder.js';

const NODE = 'node:node-1';
const packet = tcp('10.244.1.5:40000', '10.244.2.8:8080');
const shown = frame(mac.pod('10.244.1.5'), mac.pod('10.244.2.8'), packet);
const peer = { netns: 'pod:default/client', name: 'eth0' };
const received = at(NODE, 'veth1', packet, { kind: 'RECEIVE', frame: shown, peer });
const sent = at(NODE, 'eth0', packet, { kind: 'TRANSMIT', frame: shown, peer });

/** The comments on the incoming and on the outgoing frame. */
function told(...steps: readonly (readonly Step[])[]): readonly (readonly string[] | null)[] {
  const [shownPath] = presentTrace(record([path([connection(leg('ACCEPTED', ...steps), null)])])).paths;
  const comments = new FrameComments(shownPath!);
  return (
    [
      ['veth1', 'rx'],
      ['eth0', 'tx'],
    ] as const
  ).map(
    ([device, direction]) =>
      comments.next({ seq: 0, packet: 1, netns: NODE, interface: device, direction, eth: { src: '', dst: '', type: 'IPv4' } })?.split('\n') ?? null,
  );
}

const rewritten = { ...packet, destination: ip('10.244.2.9') };
test.each<{ name: string; step: readonly Step[]; isTold: boolean }>([
  {
    name: 'a route',
    step: at(NODE, null, packet, { kind: 'ROUTE_LOOKUP', purpose: 'output', destination: ip('10.244.2.8'), route: route('10.244.2.0/24', 'eth0'), pickedSource: null, failure: null }),
    isTold: false,
  },
  {
    name: 'a rule of NAT that did not apply',
    step: at(NODE, null, packet, { kind: 'SNAT', hook: 'POSTROUTING', table: 'nat', chain: 'IP-MASQ', rule: rule({ kind: 'RETURN' }), applied: false, skipped: 'DESTINATION_IN_NON_MASQUERADE_CIDR', entry: null }),
    isTold: false,
  },
  {
    name: 'that there is no route',
    step: at(NODE, null, packet, { kind: 'ROUTE_LOOKUP', purpose: 'output', destination: ip('10.244.2.8'), route: null, pickedSource: null, failure: 'NO_ROUTE' }),
    isTold: true,
  },
  { name: 'a new connection', step: at(NODE, null, packet, { kind: 'CONNTRACK', hook: 'PREROUTING', action: 'NEW', entry: null }), isTold: false },
  { name: 'a packet of no connection', step: at(NODE, null, packet, { kind: 'CONNTRACK', hook: 'PREROUTING', action: 'INVALID', entry: null }), isTold: true },
  {
    name: 'a rewriting by the connection',
    step: at(NODE, null, rewritten, { kind: 'CONNTRACK', hook: 'PREROUTING', action: 'ORIGINAL', entry: null, before: packet }), isTold: true,
  },
  {
    name: 'a program that listens',
    step: at(NODE, null, packet, { kind: 'SOCKET_LOOKUP', protocol: 'TCP', address: ip('10.244.2.8'), port: 8080, socket: { protocol: 'TCP', address: ip('0.0.0.0'), port: 8080, owner: 'web' }, purpose: 'listener' }),
    isTold: false,
  },
  {
    name: 'that none listens',
    step: at(NODE, null, packet, { kind: 'SOCKET_LOOKUP', protocol: 'TCP', address: ip('10.244.2.8'), port: 8080, socket: null, purpose: 'listener' }),
    isTold: true,
  },
  {
    name: 'the client\'s own socket',
    step: at(NODE, null, packet, { kind: 'SOCKET_LOOKUP', protocol: 'TCP', address: ip('10.244.2.8'), port: 8080, socket: null, purpose: 'client' }),
    isTold: false,
  },
])('$name is a comment: $isTold', ({ step, isTold }) => {
  expect(told(received, step, sent)).toEqual([isTold ? [expect.any(String)] : null, null]);
});

test('what happened before a packet was sent is a comment on its first frame', () => {
  const [beside] = told(
    at(NODE, 'veth1', packet, { kind: 'ORIGINATE', container: null, what: 'request' }),
    received,
    at(NODE, null, packet, { kind: 'DROP', cause: { code: 'RULE_DROP', subject: '' } }),
  );
  expect(beside).toHaveLength(2);
});

test('steps of the data leg are comments too', () => {
  const [shownPath] = presentTrace(
    record([
      path([
        connection(leg('ACCEPTED'), leg('ACCEPTED'), {
          data: leg('DROPPED', received, at(NODE, null, packet, { kind: 'DROP', cause: { code: 'RULE_DROP', subject: '' } })),
        }),
      ]),
    ]),
  ).paths;
  expect(
    new FrameComments(shownPath!).next({ seq: 0, packet: 1, netns: NODE, interface: 'veth1', direction: 'rx', eth: { src: '', dst: '', type: 'IPv4' } }),
  ).not.toBeNull();
});
