import { expect, test } from 'vitest';
import { formatPath } from '../../../src/domain/cluster/object-problem.js';

const longKey = `${'d'.repeat(253)}/${'n'.repeat(63)}`;

test.each([
  { parts: [], path: '' },
  { parts: ['spec', 'ports', 0, 'nodePort'], path: 'spec.ports[0].nodePort' },
  { parts: ['metadata', 'annotations', longKey], path: `metadata.annotations[${longKey}]` },
  { parts: ['data', 'k'.repeat(100_000), 0], path: `data[${'k'.repeat(320)}…][0]` },
  { parts: Array<string>(100_000).fill('a'), path: `a${'.a'.repeat(500)}…` },
])('a path of $parts.length parts is formatted, and shortened if it is longer than Kubernetes\' paths', ({ parts, path }) => {
  expect(formatPath(parts)).toBe(path);
});
