/** What is in a pod's /etc/resolv.conf and its /etc/hosts. */
import { expect, test } from 'vitest';
import { podResolver } from '../../../src/domain/dns/resolver-config.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';
import { ControlPlane } from '../../support/control-plane.js';

const plane = await ControlPlane.create(1);
async function resolverOf(spec: object, name = 'client') {
  await plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeName: 'node-1', ...spec, containers: [{ name: 'app' }] } });
  return podResolver(plane.draft, plane.draft.pod('default', name)!);
}
const entriesOf = ({ hosts }: ReturnType<typeof podResolver>): readonly string[] => [...hosts].map(([name, address]) => `${formatIpv4(address)} ${name}`);

test('a pod gets at most 3 name servers and 32 search domains', async () => {
  const searches = Array.from({ length: 30 }, (_, index) => `s${index}.example`);
  const { nameservers, search } = await resolverOf({ dnsConfig: { nameservers: ['9.9.9.1', '9.9.9.2', '9.9.9.3'], searches } }, 'many');
  expect(nameservers).toEqual(['10.96.0.10', '9.9.9.1', '9.9.9.2']);
  expect([search.length, search.at(-1)]).toEqual([32, 's28.example']);
});

/** A domain of that many characters. */
const domain = (length: number): string => `${'a.'.repeat(Math.floor((length - 1) / 2))}${length % 2 === 0 ? 'aa' : 'a'}`;

test.each([
  { last: 30, characters: 2048, kept: 12 },
  { last: 31, characters: 2017, kept: 11 },
])('search domains have at most 2048 characters in all: of 9, the last with $last, $kept are kept', async ({ last, characters, kept }) => {
  const { search } = await resolverOf({ dnsConfig: { searches: [251, 249, 247, 245, 243, 241, 239, 237, last].map(domain) } }, `long-${last}`);
  expect([search.join(' ').length, search.length]).toEqual([characters, kept]);
});

test('a pod\'s hosts file has its hostname, alone and under its subdomain', async () => {
  const resolver = await resolverOf({ hostname: 'db-0', subdomain: 'db' }, 'db');
  const own = formatIpv4(plane.draft.pod('default', 'db')!.ip!);
  expect(entriesOf(resolver)).toEqual(['127.0.0.1 localhost', `${own} db-0.db.default.svc.cluster.local`, `${own} db-0`]);
});

test('a hostname is cut to the length of a label', async () => {
  const name = `${'n'.repeat(62)}.${'n'.repeat(8)}`;
  expect(entriesOf(await resolverOf({}, name))[1]).toMatch(/^10\.244\.0\.\d+ n{62}$/);
});

test('a hostNetwork pod\'s hosts file has only its aliases, which do not replace localhost', async () => {
  expect(entriesOf(await resolverOf({ hostNetwork: true, hostAliases: [{ ip: '10.1.2.3', hostnames: ['localhost', 'cache'] }] }, 'agent'))).toEqual([
    '127.0.0.1 localhost',
    '10.1.2.3 cache',
  ]);
});
