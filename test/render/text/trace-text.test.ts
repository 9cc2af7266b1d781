import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { COLUMNS, ruled, wrap } from '../../../src/render/text/layout.js';
import { requestText } from '../../../src/render/text/request-text.js';
import { renderTraceText } from '../../../src/render/text/trace-text.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { allRecord, dnsRecord, refusedRecord } from '../../support/other-traces.js';
import { serviceRecord } from '../../support/service-trace.js';
import { anyStep } from '../../support/step-arbitrary.js';
import { connection, leg, path, record, type BuiltRecord } from '../../support/trace-builder.js';

/** The trace as it is read from the database. */
const recorded = (built: BuiltRecord): TraceJson => JSON.parse(JSON.stringify(presentTrace(built))) as TraceJson;
const linesOf = (built: BuiltRecord): string[] => renderTraceText(recorded(built)).split('\n');

const examples = { service: serviceRecord, refused: refusedRecord, all: allRecord, dns: dnsRecord };

describe.each(Object.entries(examples))('%s', (name, built) => {
  test('equals its golden file', () => expect(renderTraceText(recorded(built))).toMatchFileSnapshot(`golden/${name}.txt`));

  test('fits into 100 columns, without trailing spaces', () => {
    for (const line of linesOf(built)) {
      expect(line.length).toBeLessThanOrEqual(COLUMNS);
      expect(line).toBe(line.trimEnd());
    }
  });
});

test('begins with the verdict, the reason and the fix', () => {
  const lines = linesOf(refusedRecord).filter((line) => !line.startsWith('  warning'));
  expect(lines[0]).toBe('UNREACHABLE  pod default/client → service default/web port 80, TCP');
  expect(lines[1]).toMatch(/^ {2}reason +Service default\/web has no ready endpoint for port 80/);
  expect(lines.find((line) => line.startsWith('  likely fix'))).toContain('Give the Service a selector');
});

test.each([
  { asked: '/app/cart', backend: { host: 'shop.example', path: '/cart' }, line: '  rewritten      the backend is asked for shop.example/cart' },
  { asked: '/cart', backend: { host: 'inner.example', path: '/cart' }, line: '  rewritten      the backend is asked for inner.example/cart' },
  { asked: '/cart', backend: { host: 'shop.example:80', path: '/cart' }, line: undefined },
])('what a proxy has made of $asked is shown: $line', ({ asked, backend, line }) => {
  const shown = recorded(serviceRecord);
  const http = {
    status: 200,
    ingress: 'default/shop',
    rule: 'shop.example/',
    backendService: 'default/web',
    backendPort: 80,
    gateway: null,
    route: null,
    method: 'GET',
    scheme: 'http' as const,
    host: 'shop.example',
    path: asked,
    location: null,
    tls: null,
    backendRequest: { ...backend, headers: {} },
    mirrors: [],
  };
  const lines = renderTraceText({ ...shown, paths: shown.paths.map((each) => ({ ...each, http })) }).split('\n');
  expect(lines.find((each) => each.startsWith('  rewritten'))).toBe(line);
});

test('prints the way there before the way back', () => {
  const lines = linesOf(serviceRecord);
  expect(lines.findIndex((line) => line.startsWith('── there'))).toBeLessThan(lines.findIndex((line) => line.startsWith('── and back')));
});

test('prints each step in a line, in a block for its place', () => {
  const lines = linesOf(serviceRecord);
  const { forward, return: back } = serviceRecord.trace.paths[0]!.connections[0]!;
  const numbers = lines.flatMap((line) => /^ {1,2}(\d+) {2}[a-z]/.exec(line)?.[1] ?? []).map(Number);
  expect(numbers).toEqual([...forward.steps.keys(), ...back!.steps.keys()]);
  expect(lines.filter((line) => line.startsWith('● '))).toContain('● the switch');
});

test('any steps and names fit into 100 columns', () => {
  fc.assert(fc.property(fc.array(anyStep, { maxLength: 8 }), (steps) => {
    const text = renderTraceText(presentTrace(record([path([connection(leg('ACCEPTED', steps), null)])])));
    for (const line of text.split('\n')) if (line.length > COLUMNS) return false;
    return true;
  }));
});

test.each([
  ['pod default/client → service default/web port 80, TCP', { pod: 'default/client' }, { service: 'default/web', port: 80, via: 'clusterIP' }],
  [
    'pod default/client (container app) from 10.244.1.5 → pod default/web port http, TCP',
    { pod: 'default/client', container: 'app', source: '10.244.1.5' }, { pod: 'default/web', port: 'http' },
  ],
  [
    'internet host 198.51.100.10 → service default/web port 80 by its nodePort at node-1, TCP', { internet: '198.51.100.10' },
    { service: 'default/web', port: 80, via: 'nodePort', node: 'node-1' },
  ],
  ['LAN host printer → node-1 port 30080, TCP', { lan: 'printer' }, { node: 'node-1', port: 30080 }],
  ['10.244.1.9 arriving at node-1 → 8.8.8.8, TCP', { ip: '10.244.1.9', at: 'node-1' }, { ip: '8.8.8.8' }],
  ['deployment default/web → web.default port 80, TCP', { deployment: 'default/web' }, { host: 'web.default', port: 80 }],
  ['pod default/a → pod default/b (container side) port 80, TCP', { pod: 'default/a' }, { pod: 'default/b', container: 'side', port: 80 }],
  ['pod default/a → POST http://shop.example/, TCP', { pod: 'default/a' }, { url: 'http://shop.example/', method: 'POST', headers: {} }],
])('the request as text: %s', (text, from, to) => expect(requestText({ from, to, protocol: 'TCP', ttl: 64, payloadBytes: 0, include: [] })).toBe(text));

test('the request as text names an unusual TTL and payload', () => {
  expect(requestText({ from: { node: 'node-1' }, to: { ip: '8.8.8.8' }, protocol: 'ICMP', ttl: 2, payloadBytes: 1472, include: [] })).toBe(
    'node-1 → 8.8.8.8, ICMP, TTL 2, 1472 bytes',
  );
});

test.each([
  { name: 'breaks at spaces', text: `${'word '.repeat(30)}end`, lines: 2 },
  { name: 'cuts a word that is longer than a line', text: 'x'.repeat(250), lines: 3 },
  { name: 'leaves a short line as it is', text: 'short', lines: 1 },
])('wrap $name', ({ text, lines }) => {
  const wrapped = wrap(text, '> ', '  ');
  expect(wrapped).toHaveLength(lines);
  expect(wrapped.map((line) => line.slice(2)).join(text.includes(' ') ? ' ' : '')).toBe(text);
});

test('a title is filled up to the full width', () => expect(ruled('there', '─')[0]).toHaveLength(COLUMNS));

test.each([
  { what: 'a list of labels is cut between two of them', word: `${'a'.repeat(60)}=b,${'c'.repeat(50)}=d`, lines: [`${'a'.repeat(60)}=b,`, `${'c'.repeat(50)}=d`] },
  { what: 'a long name anywhere', word: 'n'.repeat(COLUMNS + 5), lines: ['n'.repeat(COLUMNS), 'n'.repeat(5)] },
])('$what', ({ word, lines }) => expect(wrap(word, '', '')).toEqual(lines));
