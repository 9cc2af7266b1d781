import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { escapeMermaid } from '../../../src/render/mermaid/escape.js';
import { renderTraceMermaid } from '../../../src/render/mermaid/trace-mermaid.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { allRecord, dnsRecord, refusedRecord } from '../../support/other-traces.js';
import { serviceRecord } from '../../support/service-trace.js';
import { anyStep } from '../../support/step-arbitrary.js';
import { at, connection, frame, leg, mac, path, record, tcp, type BuiltRecord } from '../../support/trace-builder.js';

const recorded = (built: BuiltRecord): TraceJson => JSON.parse(JSON.stringify(presentTrace(built))) as TraceJson;
const diagram = (built: BuiltRecord, index = 0): string => {
  const trace = recorded(built);
  return renderTraceMermaid(trace, trace.paths[index]!);
};

describe.each(Object.entries({ service: serviceRecord, refused: refusedRecord, dns: dnsRecord }))('%s', (name, built) => {
  test('equals its golden file', () => expect(diagram(built)).toMatchFileSnapshot(`golden/${name}.mmd`));
});

test('a warning is a note in the diagram', () => {
  expect(diagram(refusedRecord)).toContain('Note over p0,p1: Service default/web selects no pod: its selector is app=web.\n');
});

test('if reason and disposition are the same, the code is printed once', () => {
  const expired = record([
    path([], { disposition: 'TTL_EXPIRED', reason: { code: 'TTL_EXPIRED', message: 'Its TTL ran out.', step: '', fix: 'Send with a larger one.' } }),
  ]);
  expect(diagram(expired)).toContain(': TTL_EXPIRED<br/>Its TTL ran out.<br/>Send with a larger one.\n');
});

test('the diagram shows the requested path', () => {
  expect(diagram(allRecord, 1)).toContain('NEIGHBOUR_UNREACHABLE, POD_NOT_FOUND');
  expect(diagram(allRecord, 0)).not.toContain('POD_NOT_FOUND');
});

test('shows data and its reset', () => {
  const data = tcp('10.244.1.5:40000', '10.244.2.8:8080', { id: 3, flags: 'PSH-ACK', payloadBytes: 100 });
  const reset = tcp('10.244.2.8:8080', '10.244.1.5:40000', { id: 4, flags: 'RST' });
  const [client, server] = ['pod:default/client', 'pod:default/web-1'];
  const passes = (from: string, to: string, packet: typeof data) => [
    ...at(from, 'eth0', packet, { kind: 'TRANSMIT', frame: frame(mac.pod('10.244.1.5'), mac.pod('10.244.2.8'), packet), peer: { netns: to, name: 'eth0' } }),
    ...at(to, 'eth0', packet, { kind: 'RECEIVE', frame: frame(mac.pod('10.244.1.5'), mac.pod('10.244.2.8'), packet), peer: { netns: from, name: 'eth0' } }),
  ];
  const sent = [
    ...passes(client, server, data), ...at(server, null, reset, { kind: 'ORIGINATE', container: null, what: 'reset' }), ...passes(server, client, reset),
    ...at(client, 'eth0', reset, { kind: 'DELIVER', socket: null, to: 'client' }),
  ];
  const lines = diagram(record([path([connection(leg('ACCEPTED'), leg('ACCEPTED'), { data: leg('REFUSED', sent) })])])).split('\n').map((line) => line.trim());
  expect(lines.slice(5, -2)).toEqual([
    'Note over p0,p1: Data on the open connection',
    'p0->>p1: TCP PSH-ACK, 100 bytes<br/>10.244.1.5:40000 → 10.244.2.8:8080',
    'p1-->>p0: TCP RST<br/>10.244.2.8:8080 → 10.244.1.5:40000',
    'Note over p0: gets the answer: it has arrived',
  ]);
});

test('if nothing was sent, shows what the client sees', () => {
  expect(diagram(record([path([], { clientSees: { outcome: 'host-unreachable', from: null, afterSeconds: 0 } })]))).toContain(
    '  participant p0 as the client\n  Note over p0: client sees: host-unreachable\n',
  );
});

/** What the grammar has of it; a text is one line without what ends or opens a statement. @source mermaid `sequenceDiagram.jison` */
const TEXT = String.raw`(?:[^#;\n<>"{}%]|#\d+;|<br/>)*`;
const STATEMENT = new RegExp(
  String.raw`^(?:sequenceDiagram|  title ${TEXT}|  autonumber|  participant p\d+ as ${TEXT}| {2,4}Note over p\d+(?:,p\d+)?: ${TEXT}| {2,4}p\d+--?>>p\d+: ${TEXT}|  rect rgba\(\d+, \d+, \d+, 0\.\d+\)|  end)$`,
);

test('any steps and names give valid Mermaid statements', () => {
  fc.assert(fc.property(fc.array(anyStep, { maxLength: 8 }), fc.array(anyStep, { maxLength: 8 }), (there, back) => {
    const text = diagram(record([path([connection(leg('ACCEPTED', there), leg('DROPPED', back)), connection(leg('LOOP', back), null)])]));
    return text.trimEnd().split('\n').every((line) => STATEMENT.test(line) && (line === '  end' || !/\bend\b/i.test(line)));
  }));
});

test.each([
  ['a;b #35; "c"', 'a#59;b #35;35#59; #34;c#34;'],
  ['end of Ends', '#101;nd of Ends'],
  ['<b>&amp;</b>\nnext', '#60;b#62;#38;amp#59;#60;/b#62; next'],
  ['wrap: it', 'wrap#58; it'],
  ['10.96.0.12:80 → 10.244.2.8:8080', '10.96.0.12:80 → 10.244.2.8:8080'],
])('%j is escaped as %j', (text, written) => expect(escapeMermaid(text)).toBe(written));
