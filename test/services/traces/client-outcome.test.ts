import { expect, test } from 'vitest';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { COLD, NO_TABLES, type Tables } from '../../../src/domain/walk/tables.js';
import { walkFlow, type Flow } from '../../../src/domain/walk/walk-flow.js';
import { NO_CHOICES } from '../../../src/domain/walk/walk.js';
import { clientOutcome } from '../../../src/services/traces/client-outcome.js';
import { smallNetwork, type SmallInterface, type SmallNetns } from '../../support/small-network.js';

const server: SmallNetns = { interfaces: { eth0: { address: '10.0.0.9/24', peer: 'client/eth0' } }, listen: ['80/tcp'] };
const network = (rules?: SmallNetns['rules'], link?: SmallInterface) =>
  smallNetwork({ client: { interfaces: { eth0: { address: '10.0.0.2/24', peer: 'server/eth0', ...link } } }, server: { ...server, ...(rules && { rules }) } });
const flow = (more: Partial<Flow>): Flow => ({
  origin: { kind: 'socket', netns: 'client', container: null, source: null },
  destination: ipv4('10.0.0.9'),
  protocol: 'TCP',
  sourcePort: 40000,
  destinationPort: 80,
  ttl: 64,
  payloadBytes: 9,
  dontFragment: true,
  ...more,
});
/** Tables in which the client already has an open connection to that address. */
const openTo = (address: string): Tables =>
  new Map([['client', { ...NO_TABLES, sockets: [{ local: ipv4('10.0.0.2'), localPort: 40000, remote: ipv4(address), remotePort: 80 }] }]]);
const LONG: Partial<Flow> = { payloadBytes: 2_000 };
const drop: SmallNetns['rules'] = [{ table: 'filter', chain: 'INPUT', rules: [{ matches: [], target: { kind: 'DROP' } }] }];
const reject: SmallNetns['rules'] = [{ table: 'filter', chain: 'INPUT', rules: [{ matches: [], target: { kind: 'REJECT', with: 'icmp-port-unreachable' } }] }];

test.each<{ name: string; sees: string; more?: Partial<Flow>; before?: Tables; rules?: SmallNetns['rules']; link?: SmallInterface }>([
  { name: 'a server that answers', sees: 'connected' },
  { name: 'a rule that drops', rules: drop, sees: 'timeout after 127 s' },
  { name: 'the same, of a datagram', rules: drop, more: { protocol: 'UDP' }, sees: 'timeout after 5 s' },
  { name: 'the same, of an association', rules: drop, more: { protocol: 'SCTP' }, sees: 'timeout after 333 s' },
  { name: 'the same, on an open connection, which is not given up as soon', rules: drop, before: openTo('10.0.0.9'), sees: 'timeout after 924 s' },
  { name: 'nobody at the address', more: { destination: ipv4('10.0.0.77') }, sees: 'host-unreachable after 3 s' },
  { name: 'the same, of a datagram, whose sender is not told', more: { destination: ipv4('10.0.0.77'), protocol: 'UDP' }, sees: 'timeout after 5 s' },
  { name: 'the same, of an association, which goes on trying', more: { destination: ipv4('10.0.0.77'), protocol: 'SCTP' }, sees: 'timeout after 333 s' },
  { name: 'the same, on an open connection, which goes on trying', more: { destination: ipv4('10.0.0.77') }, before: openTo('10.0.0.77'), sees: 'timeout after 924 s' },
  { name: 'a cable of its own that is cut', link: { up: false }, sees: 'host-unreachable after 3 s' },
  { name: 'a rule that rejects', rules: reject, sees: 'refused' },
  { name: 'the same, of an association, which takes no error for the answer', rules: reject, more: { protocol: 'SCTP' }, sees: 'timeout after 333 s' },
  { name: 'a link that is too narrow for its datagram', more: { ...LONG, protocol: 'UDP' }, sees: 'message-too-long' },
  { name: 'the same, of what it says once it is connected, which TCP cuts', more: LONG, sees: 'connected' },
  { name: 'a server that knows nothing of the open connection', before: openTo('10.0.0.9'), sees: 'reset' },
  { name: 'a closed port', more: { destinationPort: 81 }, sees: 'refused' },
])('a client that meets $name sees: $sees', ({ more = {}, before = COLD, rules, link, sees }) => {
  const { outcome, afterSeconds } = clientOutcome(walkFlow(network(rules, link), before, flow(more), NO_CHOICES, { capture: false }), more.protocol ?? 'TCP');
  expect(`${outcome}${afterSeconds === 0 ? '' : ` after ${afterSeconds} s`}`).toBe(sees);
});

test.each<{ name: string; sees: string; more: Partial<Flow>; before?: Tables; rules?: SmallNetns['rules'] }>([
  { name: 'a datagram', more: { protocol: 'UDP' }, sees: 'message-too-long from 10.0.0.1' },
  { name: 'what it says once it is connected', more: {}, sees: 'connected from 10.1.0.9:80' },
  { name: 'what it says on an open connection', more: {}, before: openTo('10.1.0.9'), sees: 'reset from 10.1.0.9:80' },
  {
    name: 'the same, where nobody tells it', more: {}, before: openTo('10.1.0.9'),
    rules: [{ table: 'filter', chain: 'OUTPUT', rules: [{ matches: [], target: { kind: 'DROP' } }] }], sees: 'timeout from -',
  },
])('a client that sends $name over a link with a smaller MTU sees: $sees', ({ more, before = COLD, rules = [], sees }) => {
  const onTheWay = smallNetwork({
    client: { interfaces: { eth0: { address: '10.0.0.2/24', peer: 'router/eth0' } }, routes: ['default via 10.0.0.1 dev eth0'] },
    router: {
      interfaces: { eth0: { address: '10.0.0.1/24', peer: 'client/eth0' }, eth1: { address: '10.1.0.1/24', peer: 'server/eth0', mtu: 1_000 } },
      sysctls: { ipForward: true },
      rules,
    },
    server: { interfaces: { eth0: { address: '10.1.0.9/24', peer: 'router/eth1' } }, routes: ['default via 10.1.0.1 dev eth0'], listen: ['80/tcp', '80/udp'] },
  });
  const { outcome, from } = clientOutcome(
    walkFlow(onTheWay, before, flow({ destination: ipv4('10.1.0.9'), payloadBytes: 1_200, ...more }), NO_CHOICES, { capture: false }),
    more.protocol ?? 'TCP',
  );
  expect(`${outcome} from ${from ?? '-'}`).toBe(sees);
});
