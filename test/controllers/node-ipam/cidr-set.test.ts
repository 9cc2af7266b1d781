import { describe, expect, test } from 'vitest';
import { allocateNext, blockAt, blockIndexOf, createCidrSet, occupy, release } from '../../../src/controllers/node-ipam/cidr-set.js';
import { cidr, formatCidr } from '../../../src/domain/values/cidr.js';

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test.each([
  { cluster: '127.123.3.0/16', prefix: 24, index: 0, block: '127.123.0.0/24' },
  { cluster: '192.168.5.219/28', prefix: 32, index: 5, block: '192.168.5.213/32' },
  { cluster: '10.244.0.0/16', prefix: 24, index: 255, block: '10.244.255.0/24' },
])('block $index of $cluster is $block', ({ cluster, prefix, index, block }) => {
  expect(formatCidr(blockAt(createCidrSet(cidr(cluster), prefix), index))).toBe(block);
});

test.each([
  { block: '127.0.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 0 },
  { block: '127.123.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 123 },
  { block: '127.168.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 168 },
  { block: '127.224.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 224 },
  { block: '192.168.12.0/24', cluster: '192.168.0.0/16', prefix: 24, index: 12 },
  { block: '127.168.224.0/24', cluster: '192.168.0.0/16', prefix: 24, index: null },
])('$block has index $index in $cluster', ({ block, cluster, prefix, index }) => {
  expect(blockIndexOf(createCidrSet(cidr(cluster), prefix), cidr(block))).toBe(index);
});

test.each([
  { name: 'the whole range takes every block', cluster: '127.0.0.0/8', prefix: 16, occupied: '127.0.0.0/8', used: range(0, 255) },
  { name: 'more than the range takes every block', cluster: '127.0.0.0/8', prefix: 16, occupied: '127.0.0.0/2', used: range(0, 255) },
  { name: 'twice the size of a block takes two', cluster: '127.0.0.0/7', prefix: 16, occupied: '127.0.0.0/15', used: range(256, 257) },
  { name: 'eight times the size of a block takes eight', cluster: '127.0.0.0/7', prefix: 18, occupied: '127.0.0.0/15', used: range(1024, 1031) },
  { name: 'less than a block takes it all the same', cluster: '10.0.0.0/16', prefix: 24, occupied: '10.0.3.128/25', used: [3] },
])('$name', ({ cluster, prefix, occupied, used }) => {
  const set = occupy(createCidrSet(cidr(cluster), prefix), cidr(occupied));
  expect([...set.used].sort((a, b) => a - b)).toEqual(used);
  expect(release(set, cidr(occupied)).used.size).toBe(0);
});

describe('allocation', () => {
  test('gives one block after the other, and none when all are taken', () => {
    let set = createCidrSet(cidr('10.0.0.0/30'), 32);
    const given: (string | null)[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { set: next, block } = allocateNext(set);
      given.push(block && formatCidr(block));
      set = next;
    }
    expect(given).toEqual(['10.0.0.0/32', '10.0.0.1/32', '10.0.0.2/32', '10.0.0.3/32', null]);
  });

  test('comes back to a released block only when it has been round', () => {
    const first = allocateNext(createCidrSet(cidr('10.0.0.0/31'), 32));
    const second = allocateNext(release(first.set, cidr('10.0.0.0/32')));
    expect(second.block && formatCidr(second.block)).toBe('10.0.0.1/32');
    const third = allocateNext(second.set);
    expect(third.block && formatCidr(third.block)).toBe('10.0.0.0/32');
  });

  test('changes no set that it is given', () => {
    const set = createCidrSet(cidr('10.0.0.0/30'), 32);
    allocateNext(set);
    occupy(set, cidr('10.0.0.0/31'));
    expect(set).toEqual(createCidrSet(cidr('10.0.0.0/30'), 32));
  });
});

test.each([
  { name: 'a block outside the range', run: () => occupy(createCidrSet(cidr('10.0.0.0/16'), 24), cidr('10.1.0.0/24')) },
  { name: 'blocks larger than the range', run: () => createCidrSet(cidr('10.0.0.0/16'), 8) },
])('$name is refused', ({ run }) => {
  expect(run).toThrow(RangeError);
});
