import { expect, test } from 'vitest';
import { PLAIN_WIRING, decodeNodeWiring, encodeNodeWiring } from '../../../src/domain/cluster/node-wiring.js';

test.each([
  { name: 'a plain node', wiring: PLAIN_WIRING, annotations: {} },
  {
    name: 'everything',
    wiring: {
      addresses: ['192.168.1.99', '192.168.1.98'],
      routes: [{ to: '0.0.0.0/0', via: '192.168.1.1', src: '192.168.1.99' }, { to: '10.0.0.0/8', via: '192.168.1.2' }],
      forwardPolicy: 'DROP' as const, announces: ['192.168.1.240'],
    },
    annotations: {
      'packetwalk.dev/addresses': '192.168.1.99,192.168.1.98',
      'packetwalk.dev/routes': '[{"to":"0.0.0.0/0","via":"192.168.1.1","src":"192.168.1.99"},{"to":"10.0.0.0/8","via":"192.168.1.2"}]',
      'packetwalk.dev/forward-policy': 'DROP', 'packetwalk.dev/announces': '192.168.1.240',
    },
  },
])('the wiring of $name is encoded and decoded', ({ wiring, annotations }) => {
  expect(encodeNodeWiring(wiring)).toEqual(annotations);
  expect(decodeNodeWiring(annotations)).toEqual({ wiring, problems: [] });
});

test('addresses may also be a JSON array', () => {
  expect(decodeNodeWiring({ 'packetwalk.dev/addresses': '["192.168.1.99"]' }).wiring.addresses).toEqual(['192.168.1.99']);
});

test.each([
  { annotation: 'packetwalk.dev/addresses', value: '192.168.1' }, { annotation: 'packetwalk.dev/addresses', value: '[1]' }, { annotation: 'packetwalk.dev/addresses', value: '[' },
  { annotation: 'packetwalk.dev/routes', value: '{}' }, { annotation: 'packetwalk.dev/routes', value: '[{"to":"x","via":"192.168.1.1"}]' }, { annotation: 'packetwalk.dev/routes', value: '[{"to":"0.0.0.0/0"}]' }, { annotation: 'packetwalk.dev/routes', value: '[null]' },
  { annotation: 'packetwalk.dev/forward-policy', value: 'drop' }, { annotation: 'packetwalk.dev/announces', value: 'x' },
])('$annotation: $value is a problem, and is then ignored', ({ annotation, value }) => {
  expect(decodeNodeWiring({ [annotation]: value })).toMatchObject({ wiring: PLAIN_WIRING, problems: [{ annotation, value }] });
});
