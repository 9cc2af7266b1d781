import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { escapeMermaid } from '../../../src/render/mermaid/escape.js';
import { renderTraceMermaid } from '../../../src/render/mermaid/trace-mermaid.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { allRecord, dnsRecord, refusedRecord } from '../../support/other-traces.js';
import { serviceRecord } from '../../support/service-trace.js';
import { anyStep } from '../../support/step-arbitrary.js';
import { connection, leg, path, record, type BuiltRecord } from '../../support/trace-builder.js';

const recorded = (built: BuiltRecord): TraceJson => JSON.parse(JSON.stringify(presentTrace(built))) as TraceJson;
const diagram = (built: BuiltRecord, index = 0): string => {
  const trace = recorded(built);
  return renderTraceMermaid(trace, trace.paths[index]!);
};

describe.each(Object.entries({ service: serviceRecord, refused: refusedRecord, dns: dnsRecord }))('%s', (name, built) => {
  test('reads as its golden file', () => expect(diagram(built)).toMatchFileSnapshot(`golden/${name}.mmd`));
});

test('another path is another diagram', () => {
  expect(diagram(allRecord, 1)).toContain('NEIGHBOUR_UNREACHABLE, POD_NOT_FOUND');
  expect(diagram(allRecord, 0)).not.toContain('POD_NOT_FOUND');
});

/** What the grammar has of it; a text is one line without what ends or opens a statement. @source mermaid `sequenceDiagram.jison` */
const TEXT = String.raw`(?:[^#;\n<>"{}%]|#\d+;|<br/>)*`;
const STATEMENT = new RegExp(String.raw`^(?:sequenceDiagram|  title ${TEXT}|  autonumber|  participant p\d+ as ${TEXT}| {2,4}Note over p\d+(?:,p\d+)?: ${TEXT}| {2,4}p\d+--?>>p\d+: ${TEXT}|  rect rgba\(\d+, \d+, \d+, 0\.\d+\)|  end)$`);

test('any steps make statements of the language, whatever their names', () => {
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
])('%j is written %j', (text, written) => expect(escapeMermaid(text)).toBe(written));
