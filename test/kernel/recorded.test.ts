/** Compares the model with the runs of this project's own labs on a real kernel, recorded by `npm run test:kernel -- --record`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARTS } from './live/observation.js';
import { sideBySide } from './live/print.js';
import { Product } from './live/product.js';
import { compareRecorded, readRecorded } from './live/recording.js';

const recorded = readRecorded();
let product: Product;
beforeAll(async () => {
  product = await Product.open();
});
afterAll(() => product.close());

describe.each(recorded)('$name', (each) => {
  beforeAll(() => product.create(each.name, each.cluster));

  test.each(each.flows.map((flow) => [flow.flow.title, flow] as const))('%s', async (_title, flow) => {
    const comparison = await compareRecorded(product, each, flow);
    expect(comparison.differs, sideBySide(comparison)).toEqual([]);
  });
});

test('the record has observations for every part, protocol and kind of client', () => {
  const flows = recorded.flatMap((each) => each.flows);
  for (const part of PARTS) expect(flows.filter(({ kernel }) => kernel[part].length > 0).length, part).toBeGreaterThan(50);
  expect(new Set(flows.map(({ flow }) => flow.protocol))).toEqual(new Set(['tcp', 'udp', 'icmp']));
  expect(new Set(flows.map(({ flow }) => flow.from.split(':')[0]))).toEqual(new Set(['pod', 'node', 'lan', 'internet']));
  expect(new Set(flows.map(({ kernel }) => kernel.client))).toEqual(
    new Set([
      'connected',
      'answered',
      'echo-reply',
      'refused',
      'timeout',
      'host-unreachable',
      'net-unreachable',
      'message-too-long',
      'invalid-argument',
      'reset',
    ]),
  );
});
