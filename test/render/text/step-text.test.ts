/** The lines of steps that do not occur in the golden examples. */
import { describe, expect, test } from 'vitest';
import type { StepJson } from '../../../src/render/json/step-json.js';
import { changeLines } from '../../../src/render/text/change-text.js';
import { ruled, wrap } from '../../../src/render/text/layout.js';
import { stepLines } from '../../../src/render/text/step-text.js';

const packet = { ip: { src: '10.0.0.2', dst: '10.0.0.9', ttl: 64 }, l4: { sport: 20000, dport: 80 } };
const step = (more: object): StepJson =>
  ({ seq: 0, kind: 'SNAT', at: { netns: 'node:node-1' }, packet, changes: [], evidence: {}, summary: 'On node-1 it happens', ...more }) as unknown as StepJson;
const change = (field: string, from: string, to: string): object => ({ field, from, to });

test.each([
  { name: 'a port alone', changes: [change('l4.sport', '40000', '20000')], lines: ['src 10.0.0.2:40000 → 10.0.0.2:20000'] },
  { name: 'an address alone', changes: [change('ip.dst', '10.96.0.1', '10.0.0.9')], lines: ['dst 10.96.0.1:80 → 10.0.0.9:80'] },
  { name: 'both', changes: [change('ip.src', '10.0.0.7', '10.0.0.2'), change('l4.sport', '40000', '20000')], lines: ['src 10.0.0.7:40000 → 10.0.0.2:20000'] },
  { name: 'neither', changes: [change('ip.ttl', '64', '63')], lines: ['ttl 64 → 63'] },
])('a change of an address or port is one line: $name', ({ changes, lines }) => expect(changeLines(step({ changes }))).toEqual(lines));

test.each([
  { kind: 'TRANSMIT', field: 'eth.src', why: 'a new frame around the same packet' },
  { kind: 'BRIDGE_FORWARD', field: 'eth.src', why: 'the bridge puts the sender\'s address back' },
  { kind: 'BRIDGE_FLOOD', field: 'eth.dst', why: 'the bridge puts the new destination\'s address in' },
])('the explanation of a changed MAC address: $kind', ({ kind, field, why }) => {
  expect(changeLines(step({ kind, changes: [change(field, 'old', 'new')], evidence: { eth: { src: 'aa', dst: 'bb' } } }))).toEqual([`frame aa > bb (${why})`]);
});

describe('the candidates of a choice', () => {
  const lines = (count: number, chosen: number): string[] =>
    stepLines(
      step({
        kind: 'SERVICE_CHOICE',
        evidence: {
          notTaken: [],
          candidates: Array.from({ length: count }, (_, index) => ({
            ip: `10.0.1.${index}`,
            port: 80,
            pod: null,
            node: null,
            weight: `1/${count}`,
            chosen: index === chosen,
            rule: null,
          })),
        },
      }),
      new Set(),
    )
      .slice(1)
      .map((line) => line.replace(/^[ │]*\S+ /, ''));
  test('are all shown if there are 16', () => expect(lines(16, 3)).toHaveLength(16));
  test('beyond 16 are cut, but include the chosen one', () => expect(lines(20, 18).slice(15)).toEqual(['  10.0.1.15:80', '▶ 10.0.1.18:80', 'and 3 more']));
});

test('NODATA and NXDOMAIN are printed differently', () => {
  const query = (rcode: string, answers: readonly string[] = []): object => ({ name: 'web.', type: 'A', rcode, answers });
  const dns = step({
    kind: 'DNS_LOOKUP',
    evidence: { resolver: { nameservers: [], search: [], options: [] }, queries: [query('NOERROR'), query('NXDOMAIN'), query('NOERROR', ['10.0.0.9'])] },
  });
  expect(stepLines(dns, new Set()).slice(1).map((line) => line.split('│ ')[1])).toEqual(['web.  A     NOERROR, no data', 'web.  A     NXDOMAIN', 'web.  A     10.0.0.9']);
});

test('an entry is quoted once per place', () => {
  const quoted = new Set<string>();
  const rule = step({ evidence: { rule: { text: '-A POSTROUTING -j MASQUERADE' } } });
  expect([stepLines(rule, quoted).length, stepLines(rule, quoted).length]).toEqual([2, 1]);
});

test('lines have at most 100 columns', () => {
  expect([wrap(`${'a'.repeat(49)} ${'b'.repeat(48)}`, '> ', '  ').length, wrap(`${'a'.repeat(49)} ${'b'.repeat(49)}`, '> ', '  ').length]).toEqual([1, 2]);
});

test.each([95, 96, 97])('a title of %d letters has no space at the end of its line', (letters) => {
  const [line = ''] = ruled('x'.repeat(letters), '─');
  expect([line.length <= 100, line]).toEqual([true, line.trimEnd()]);
});
