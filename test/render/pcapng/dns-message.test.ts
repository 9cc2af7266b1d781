import { expect, test } from 'vitest';
import { dnsAnswer, dnsQuestion } from '../../../src/render/pcapng/dns-message.js';

type Lookup = Parameters<typeof dnsQuestion>[0];
const lookup = (...queries: Lookup['queries']): Lookup => ({
  name: 'x',
  type: 'A',
  server: '10.96.0.10',
  rcode: 'NOERROR',
  answers: [],
  queries,
  resolver: { nameservers: [], search: [], options: [] },
  assumption: null,
});
/** IP and UDP headers, the message's own, the name, type and class. */
const lengthFor = (name: string): number => 28 + 12 + name.length + 1 + 4;
const hex = (bytes: Uint8Array | null): string => Buffer.from(bytes!).toString('hex');

test('for a name that does not exist, the message has the last query of its length and NXDOMAIN', () => {
  const asked = lookup(
    { name: 'web.a.', type: 'A', rcode: 'NXDOMAIN', answers: [] },
    { name: 'web.', type: 'A', rcode: 'NXDOMAIN', answers: [] },
    { name: 'web.', type: 'AAAA', rcode: 'NXDOMAIN', answers: [] },
  );
  const question = '03776562' + '00' + '001c0001';
  expect(hex(dnsQuestion(asked, lengthFor('web.')))).toBe(`000101000001000000000000${question}`);
  expect(hex(dnsAnswer(asked, lengthFor('web.')))).toBe(`000185830001000000000000${question}`);
});

test('the answer for an alias has the address', () => {
  const asked = lookup({ name: 'web.', type: 'A', rcode: 'NOERROR', answers: ['CNAME a.', '10.0.0.1'] });
  expect(hex(dnsAnswer(asked, lengthFor('web.')))).toBe('000185800001000100000000' + '0377656200' + '00010001' + 'c00c000100010000001e0004' + '0a000001');
});

test('a packet whose length is none of the queries\' gets no message', () => {
  expect(dnsQuestion(lookup({ name: 'web.', type: 'A', rcode: 'NOERROR', answers: [] }), 100)).toBeNull();
});
