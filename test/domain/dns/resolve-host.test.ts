import { expect, test } from 'vitest';
import { NO_RECORDS, type Rcode } from '../../../src/domain/dns/dns-record.js';
import { candidates, resolveHost } from '../../../src/domain/dns/resolve-host.js';
import type { ResolverConfig } from '../../../src/domain/dns/resolver-config.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';

const config = (more: Partial<ResolverConfig>): ResolverConfig => ({
  asks: 'NAMESERVERS',
  nameservers: ['10.96.0.10'],
  search: ['a.test', 'b.test'],
  options: ['ndots:2'],
  hosts: new Map(),
  ...more,
});

test.each<{ name: string; host: string; more?: Partial<ResolverConfig>; expected: readonly string[] }>([
  { name: 'few dots: the search path first', host: 'x.y', expected: ['x.y.a.test.', 'x.y.b.test.', 'x.y.'] },
  { name: 'enough dots: the name first', host: 'x.y.z', expected: ['x.y.z.', 'x.y.z.a.test.', 'x.y.z.b.test.'] },
  { name: 'a last dot: the name alone', host: 'x.', expected: ['x.'] },
  { name: 'without a search path', host: 'x', more: { search: [] }, expected: ['x.'] },
  { name: 'the root in the search path is the name itself', host: 'x', more: { search: ['.', 'a.test'] }, expected: ['x.', 'x.a.test.'] },
  { name: 'no-tld-query: a label alone is not asked for', host: 'x', more: { options: ['ndots:2', 'no-tld-query'] }, expected: ['x.a.test.', 'x.b.test.'] },
  { name: 'ndots that is no number is one', host: 'x.y', more: { options: ['ndots:many'] }, expected: ['x.y.', 'x.y.a.test.', 'x.y.b.test.'] },
  {
    name: 'ndots is at most fifteen', host: 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p', more: { options: ['ndots:99'], search: ['t'] },
    expected: ['a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.', 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.t.'],
  },
  {
    name: 'the search ends at a name that is too long', host: `${'a.'.repeat(124)}a`,
    more: { options: ['ndots:200'], search: ['t', 'too.long', 't'] }, expected: ['a.'.repeat(125), `${'a.'.repeat(125)}t.`],
  },
])('candidates: $name', ({ host, more = {}, expected }) => {
  expect(candidates(config(more), host)).toEqual(expected);
});

test.each<{ name: string; host: string; rcodes: readonly Rcode[]; outcome: string; deciding: string }>([
  { name: 'a name without data on the way is what is reported', host: 'x', rcodes: ['NXDOMAIN', 'NOERROR', 'NXDOMAIN'], outcome: 'NODATA', deciding: 'x.b.test.' },
  { name: 'all unknown', host: 'x', rcodes: ['NXDOMAIN', 'NXDOMAIN', 'NXDOMAIN'], outcome: 'NXDOMAIN', deciding: 'x.' },
  {
    name: 'the name itself first: only its own answer is reported', host: 'x.y.z', rcodes: ['NXDOMAIN', 'NOERROR', 'NXDOMAIN'], outcome: 'NXDOMAIN',
    deciding: 'x.y.z.b.test.',
  },
])('outcome: $name', ({ host, rcodes, outcome, deciding }) => {
  let asked = 0;
  const resolution = resolveHost(config({}), host, ['A'], () => ({ ...NO_RECORDS, rcode: rcodes[asked++]! }));
  expect([resolution.outcome, resolution.deciding!.name, asked]).toEqual([outcome, deciding, 3]);
});

test('the hosts file answers only queries for addresses', () => {
  const own = config({ hosts: new Map([['x', ipv4('10.1.2.3')]]) });
  const froms = (['A', 'SRV'] as const).map((type) => resolveHost(own, 'x', [type], () => ({ ...NO_RECORDS, rcode: 'NXDOMAIN' })).from);
  expect(froms).toEqual(['HOSTS', 'DNS']);
});
