import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { escapeXml, wrapText } from '../../../src/render/svg/text.js';
import { renderTraceSvg } from '../../../src/render/svg/trace-svg.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import type { HttpResult } from '../../../src/domain/trace/trace.js';
import { pictureFaults, readPicture } from '../../support/picture-file.js';
import { allRecord, dnsRecord, refusedRecord } from '../../support/other-traces.js';
import { serviceRecord } from '../../support/service-trace.js';
import { anyStep } from '../../support/step-arbitrary.js';
import { at, connection, leg, path, record, tcp, type BuiltRecord } from '../../support/trace-builder.js';

const recorded = (built: BuiltRecord): TraceJson => JSON.parse(JSON.stringify(presentTrace(built))) as TraceJson;
const NO_HTTP: HttpResult = {
  status: 200,
  ingress: null,
  rule: null,
  backendService: null,
  backendPort: null,
  gateway: null,
  route: null,
  method: 'GET',
  scheme: 'http',
  host: 'a',
  path: '/',
  location: null,
  tls: null,
  backendRequest: null,
  mirrors: [],
};
const picture = (built: BuiltRecord, index = 0): string => {
  const trace = recorded(built);
  return renderTraceSvg(trace, trace.paths[index]!);
};

describe.each(Object.entries({ service: serviceRecord, refused: refusedRecord }))('%s', (name, built) => {
  test('equals its golden file', () => expect(picture(built)).toMatchFileSnapshot(`golden/${name}.svg`));
});

test.each(Object.entries({ service: serviceRecord, refused: refusedRecord, all: allRecord, dns: dnsRecord }))(
  '%s: no text is cut off and nothing overlaps',
  (_, built) => {
    expect(readPicture(picture(built)).texts.length).toBeGreaterThan(5);
    expect(pictureFaults(picture(built))).toEqual([]);
  },
);

test('any steps and names can be drawn', () => {
  fc.assert(fc.property(fc.array(anyStep, { maxLength: 8 }), fc.array(anyStep, { maxLength: 8 }), (there, back) => {
    expect(pictureFaults(picture(record([path([connection(leg('ACCEPTED', there), leg('DROPPED', back)), connection(leg('LOOP', back), null)])])))).toEqual([]);
  }), { numRuns: 50 });
});

test('a long picture repeats the names at its end, and its numbers fit their circles', () => {
  const lap = at('node:node-1', 'lo', tcp('127.0.0.1:40000', '127.0.0.1:80'), { kind: 'LOOPBACK' });
  const laps = (count: number) => record([path([connection(leg('LOOP', ...Array.from({ length: count }, () => lap)), null)])]);
  const textsOf = (count: number) => readPicture(picture(laps(count))).texts;
  const namesIn = (count: number): number => textsOf(count).filter(({ text }) => text === 'node-1').length;
  expect([namesIn(2), namesIn(100)]).toEqual([1, 2]);
  const heightOf = (count: number, number: string): number => {
    const { top, bottom } = textsOf(count).find(({ text }) => text === number)!;
    return Math.round(bottom - top);
  };
  expect([heightOf(100, '99'), heightOf(100, '100')]).toEqual([11, 9]);
});

test('contains no scripts and no links', () => {
  expect(picture(serviceRecord)).not.toMatch(/<script|href|url\(|@import|\son[a-z]+=/i);
});

test('has a title and a description as text', () => {
  expect(/<title[^>]*>(.*)<\/title>/.exec(picture(refusedRecord))![1]).toBe('UNREACHABLE: pod default/client → service default/web port 80, TCP');
  expect(/<desc[^>]*>([^<]*)<\/desc>/.exec(picture(serviceRecord))![1]!.split(' — ')).toContain(
    'there: TCP SYN 10.244.1.5:40000 → 10.96.0.12:80, from pod default/client to node-1',
  );
});

test('says so if the request got no HTTP answer', () => {
  const http = { ...NO_HTTP, status: null };
  expect(readPicture(picture(record([path([], { http })]))).texts.map(({ text }) => text).join(' ')).toContain('connected, HTTP no answer');
});

test('a packet that is sent after its name was looked up is not sent again', () => {
  const [lookup, client] = dnsRecord.trace.paths[0]!.connections;
  const lookedUp = record([path([connection(leg('ACCEPTED', lookup!.forward.steps, client!.forward.steps), null)])]);
  expect(picture(lookedUp)).not.toContain('sent again');
});

test('shows the requested path', () => {
  expect(picture(allRecord, 1)).toContain('10.244.1.99');
  expect(picture(allRecord, 0)).not.toContain('10.244.1.99');
});

test.each([
  ['a line of words', 8, ['a line', 'of words']],
  ['kube-system/coredns-6569c944b', 16, ['kube-system/', 'coredns-', '6569c944b']],
  ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ['', 4, ['']],
])('%j is wrapped at %i columns', (text, columns, lines) => expect(wrapText(text, columns)).toEqual(lines));

test('characters that XML does not allow are removed', () => expect(escapeXml('a\u0000<b> & "c"\uffff')).toBe('a &lt;b&gt; &amp; &quot;c&quot; '));
