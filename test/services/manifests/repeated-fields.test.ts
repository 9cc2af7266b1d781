import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repeatedFields } from '../../../src/services/manifests/repeated-fields.js';

const repeatedIn = (text: string): readonly string[] => repeatedFields(text, JSON.parse(text));

test.each([
  { text: '{"name":"s1","name":"s2"}', repeated: ['duplicate field "name"'] },
  { text: '{"spec": {"ports": [{"port": 80}, {"port": 81, "port" : 82}]}}', repeated: ['duplicate field "spec.ports[1].port"'] },
  { text: '{"a":1,"a":2,"a":3,"b":{"c":1,"c":{}}}', repeated: ['duplicate field "a"', 'duplicate field "b.c"'] },
  { text: '{"a":1,"\\u0061":2}', repeated: ['duplicate field "a"'] },
  { text: '{"__proto__":1,"__proto__":2}', repeated: ['duplicate field "__proto__"'] },
  { text: '[{"a":{"a":1}},{"a":"\\"a\\":\\\\"}]', repeated: [] },
])('the duplicate fields of $text: $repeated', ({ text, repeated }) => {
  expect(repeatedIn(text)).toEqual(repeated);
});

test('generated JSON has no duplicate fields', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => {
    expect(repeatedIn(text)).toEqual([]);
  }));
});
