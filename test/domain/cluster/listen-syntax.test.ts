import { expect, test } from 'vitest';
import { parseListen, parseListenPort } from '../../../src/domain/cluster/listen-syntax.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';

test.each([
  { text: '127.0.0.1:9000/tcp', addresses: [{ address: ipv4('127.0.0.1'), port: 9000, protocol: 'TCP' }] },
  {
    text: ' 127.0.0.1:9000/TCP ,0.0.0.0:53/udp',
    addresses: [{ address: ipv4('127.0.0.1'), port: 9000, protocol: 'TCP' }, { address: ipv4('0.0.0.0'), port: 53, protocol: 'UDP' }],
  },
  { text: '80/sctp', addresses: [{ address: ipv4('0.0.0.0'), port: 80, protocol: 'SCTP' }] }, { text: '*:80/tcp', addresses: [{ address: ipv4('0.0.0.0'), port: 80, protocol: 'TCP' }] }, { text: '', addresses: [] },
])('"$text" is parsed', ({ text, addresses }) => {
  expect(parseListen(text)).toEqual({ addresses, problems: [] });
});

test.each(['80', '0/tcp', '65536/tcp', '80/icmp', '1.2.3:80/tcp', 'x:80/tcp', '1.2.3.4:/tcp'])('"%s" is invalid', (text) => {
  expect(parseListen(text)).toEqual({ addresses: [], problems: [expect.stringContaining(`${JSON.stringify(text)} must be address:port/protocol`)] });
});

test('`80/tcp` is parsed as a port and protocol', () => {
  expect(parseListenPort('80/tcp')).toEqual({ port: 80, protocol: 'TCP' });
  expect(parseListenPort('tcp/80')).toBeUndefined();
});
