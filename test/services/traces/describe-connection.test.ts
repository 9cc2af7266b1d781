import { expect, test } from 'vitest';
import { summarize } from '../../../src/render/json/summarize.js';
import { describeConnection } from '../../../src/services/traces/describe-connection.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { COLD, type Tables } from '../../../src/domain/walk/tables.js';
import { walkFlow, type Flow, type WalkedFlow } from '../../../src/domain/walk/walk-flow.js';
import { smallNetwork } from '../../support/small-network.js';

test('a translation shows the id of an echo only if it was changed', () => {
  const network = smallNetwork({
    inside: { interfaces: { eth0: { address: '10.1.0.2/24', peer: 'host/eth1' } }, routes: ['default via 10.1.0.1 dev eth0'] },
    host: {
      interfaces: { eth0: { address: '192.168.0.1/24', peer: 'outside/eth0' }, eth1: { address: '10.1.0.1/24', peer: 'inside/eth0' } },
      sysctls: { ipForward: true },
      rules: [
        {
          table: 'nat',
          chain: 'POSTROUTING',
          rules: [{ matches: [{ kind: 'addressType', side: 'source', type: 'LOCAL', negate: true }], target: { kind: 'MASQUERADE', randomFully: false } }],
        },
      ],
    },
    outside: { interfaces: { eth0: { address: '192.168.0.9/24', peer: 'host/eth0' } } },
  });
  const ping = (netns: string, before: Tables): { readonly flow: Flow; readonly walked: WalkedFlow } => {
    const flow: Flow = {
      origin: { kind: 'socket', netns, container: null, source: null },
      destination: ipv4('192.168.0.9'),
      protocol: 'ICMP',
      sourcePort: 7,
      destinationPort: 0,
      ttl: 64,
      payloadBytes: 0,
      dontFragment: true,
    };
    return { flow, walked: walkFlow(network, before, flow, { branch: () => 0, portOffset: () => 20 }, { capture: false }) };
  };
  const described = (asked: ReturnType<typeof ping>): ReturnType<typeof describeConnection> =>
    describeConnection({ role: 'CLIENT', ...asked, lookup: null, proxied: null });
  const one = ping('inside', COLD);
  expect(described(one).translations).toMatchObject([{ type: 'SNAT', before: '10.1.0.2', after: '192.168.0.1' }]);
  const { forward, translations: [translation, ...more] } = described(ping('host', one.walked.after()));
  expect([translation, more]).toMatchObject([{ type: 'SNAT', before: '192.168.0.1:7', after: '192.168.0.1:20' }, []]);
  expect(summarize(forward.steps[translation!.step]!)).toBe(
    "host keeps the connection in its tracking table, with the id 20: an answer to 7 could be another connection's",
  );
});
