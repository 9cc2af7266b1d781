import { expect, test } from 'vitest';
import { isIpv6 } from '../../../src/domain/cluster/ip-syntax.js';
import {
  dns1035LabelProblem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  pathSegmentProblem,
  portNameProblems,
  qualifiedNameProblem,
} from '../../../src/domain/cluster/name-syntax.js';

const SYNTAXES = {
  label: dnsLabelProblem,
  subdomain: dnsSubdomainProblem,
  'service name': dns1035LabelProblem,
  'label value': labelValueProblem,
  'label key': qualifiedNameProblem,
  'port name': (name: string) => portNameProblems(name)[0],
  'path segment': pathSegmentProblem,
};

test.each<{ syntax: keyof typeof SYNTAXES; good: readonly string[]; bad: readonly string[] }>([
  { syntax: 'label', good: ['a', 'a-1', '1a', 'a'.repeat(63)], bad: ['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a'.repeat(64)] },
  { syntax: 'subdomain', good: ['a.b', 'node1', 'a-1.b2'], bad: ['a..b', '.a', 'a.', 'a.-b', 'A.b', 'a'.repeat(254)] },
  { syntax: 'service name', good: ['web', 'w1-a'], bad: ['1web', 'web.a', 'Web', 'web-'] },
  { syntax: 'label value', good: ['', 'a', 'A_b.c-1'], bad: ['-a', 'a-', 'a b', 'a/b', 'a'.repeat(64)] },
  { syntax: 'label key', good: ['app', 'app.kubernetes.io/name', 'A_b'], bad: ['', '/a', 'a/', 'a/b/c', 'A.b/c', '-a', `${'a'.repeat(64)}`] },
  { syntax: 'port name', good: ['http', 'a', '80a', 'a-b'], bad: ['', '80', 'a--b', '-a', 'a-', 'HTTP', 'a'.repeat(16)] },
  { syntax: 'path segment', good: ['system:node', 'A b'], bad: ['.', '..', 'a/b', 'a%b'] },
])('$syntax: $good are valid, $bad are not', ({ syntax, good, bad }) => {
  expect(good.filter((name) => SYNTAXES[syntax](name) !== undefined)).toEqual([]);
  expect(bad.filter((name) => SYNTAXES[syntax](name) === undefined)).toEqual([]);
});

test.each([
  { text: '::', is: true }, { text: '::1', is: true }, { text: 'fd00::9', is: true }, { text: '1:2:3:4:5:6:7:8', is: true }, { text: '::ffff:10.0.0.1', is: true }, { text: '1:2:3:4:5:6:10.0.0.1', is: true },
  { text: '1:2:3:4:5:6:7', is: false }, { text: '1::2::3', is: false }, { text: 'g::', is: false }, { text: '12345::', is: false }, { text: '10.0.0.1', is: false }, { text: '', is: false }, { text: ':1', is: false }, { text: '1:2:3:4:5:6:7:8:9', is: false }, { text: '1:2:3:4:5:6:7::8', is: false },
])('$text is an IPv6 address: $is', ({ text, is }) => {
  expect(isIpv6(text)).toBe(is);
});
