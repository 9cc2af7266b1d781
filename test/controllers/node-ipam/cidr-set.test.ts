import { describe, expect, test } from 'vitest';
import { CidrSet } from '../../../src/controllers/node-ipam/cidr-set.js';
import { cidr, formatCidr } from '../../../src/domain/values/cidr.js';

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test.each([
  { cluster: '127.123.3.0/16', prefix: 24, index: 0, block: '127.123.0.0/24' },
  { cluster: '192.168.5.219/28', prefix: 32, index: 5, block: '192.168.5.213/32' },
  { cluster: '10.244.0.0/16', prefix: 24, index: 255, block: '10.244.255.0/24' },
])('block $index of $cluster is $block', ({ cluster, prefix, index, block }) => {
  expect(formatCidr(new CidrSet(cidr(cluster), prefix).blockAt(index))).toBe(block);
});

test.each([
  { block: '127.0.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 0 },
  { block: '127.123.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 123 },
  { block: '127.168.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 168 },
  { block: '127.224.0.0/16', cluster: '127.0.0.0/8', prefix: 16, index: 224 },
  { block: '192.168.12.0/24', cluster: '192.168.0.0/16', prefix: 24, index: 12 },
])('$block has index $index in $cluster', ({ block, cluster, prefix, index }) => {
  expect(new CidrSet(cidr(cluster), prefix).indexOf(cidr(block))).toBe(index);
});

test.each([
  { name: 'the whole range takes every block', cluster: '127.0.0.0/8', prefix: 16, occupied: '127.0.0.0/8', used: range(0, 255) },
  { name: 'more than the range takes every block', cluster: '127.0.0.0/8', prefix: 16, occupied: '127.0.0.0/2', used: range(0, 255) },
  { name: 'twice the size of a block takes two', cluster: '127.0.0.0/7', prefix: 16, occupied: '127.0.0.0/15', used: range(256, 257) },
  { name: 'eight times the size of a block takes eight', cluster: '127.0.0.0/7', prefix: 18, occupied: '127.0.0.0/15', used: range(1024, 1031) },
  { name: 'less than a block takes it all the same', cluster: '10.0.0.0/16', prefix: 24, occupied: '10.0.3.128/25', used: [3] },
])('$name', ({ cluster, prefix, occupied, used }) => {
  const set = new CidrSet(cidr(cluster), prefix);
  set.occupy(cidr(occupied));
  expect(set.used).toEqual(used);
  set.release(cidr(occupied));
  expect(set.used).toEqual([]);
});

describe('allocation', () => {
  const next = (set: CidrSet): string | null => {
    const block = set.allocateNext();
    return block && formatCidr(block);
  };

  test('gives the blocks in order, and none once all are taken', () => {
    const set = new CidrSet(cidr('10.0.0.0/30'), 32);
    expect(Array.from({ length: 5 }, () => next(set))).toEqual(['10.0.0.0/32', '10.0.0.1/32', '10.0.0.2/32', '10.0.0.3/32', null]);
  });

  test('gives a released block again only after the others', () => {
    const set = new CidrSet(cidr('10.0.0.0/31'), 32);
    expect(next(set)).toBe('10.0.0.0/32');
    set.release(cidr('10.0.0.0/32'));
    expect(next(set)).toBe('10.0.0.1/32');
    expect(next(set)).toBe('10.0.0.0/32');
  });

  test('passes over blocks that are taken elsewhere', () => {
    const set = new CidrSet(cidr('10.0.0.0/30'), 32);
    expect(set.allocateNext(({ base }) => base === cidr('10.0.0.0/32').base)).toEqual(cidr('10.0.0.1/32'));
  });
});

test.each([
  { name: 'a block outside the range', run: () => new CidrSet(cidr('10.0.0.0/16'), 24).occupy(cidr('10.1.0.0/24')) },
  { name: 'the index of one', run: () => new CidrSet(cidr('192.168.0.0/16'), 24).indexOf(cidr('127.168.224.0/24')) },
  { name: 'blocks larger than the range', run: () => new CidrSet(cidr('10.0.0.0/16'), 8) },
])('$name is refused', ({ run }) => {
  expect(run).toThrow(RangeError);
});
