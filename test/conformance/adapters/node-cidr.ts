/** node-cidr.json: the blocks of a range that are allocated to nodes. */
import { CidrSet } from '../../../src/controllers/node-ipam/cidr-set.js';
import { cidr, formatCidr } from '../../../src/domain/values/cidr.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';

type Step =
  | { readonly op: 'allocateNext'; readonly expected?: string; readonly expectedError?: string }
  | { readonly op: 'occupy' | 'release'; readonly cidr: string; readonly expectedError?: string };

interface NodeCidrCase extends ConformanceCase {
  readonly clusterCIDR: string;
  readonly nodeMask: number;
  readonly steps?: readonly Step[];
  readonly index?: number;
  readonly expectedCIDR?: string;
  readonly subnetCIDR?: string;
  readonly expectedIndex?: number;
  readonly expectedUsedIndexRange?: readonly [number, number];
  readonly expectedError?: string;
}

/** The result of a step; if an error is expected, the text of the error. */
function outcome<Result>(expectedError: string | undefined, act: () => Result): Result | string {
  if (expectedError === undefined) return act();
  try {
    return act();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.includes(expectedError) ? expectedError : message;
  }
}

function walkSteps(set: CidrSet, steps: readonly Step[]): readonly Finding[] {
  return steps.map((step, index) => {
    const name = `step ${index + 1}: ${step.op}${step.op === 'allocateNext' ? '' : ` ${step.cidr}`}`;
    const actual = outcome(step.expectedError, () => {
      if (step.op !== 'allocateNext') return set[step.op](cidr(step.cidr)) ?? null;
      const block = set.allocateNext();
      // The product returns no error text for a full range.
      return block ? formatCidr(block) : step.expectedError ?? null;
    });
    return { name, expected: step.expectedError ?? (step.op === 'allocateNext' ? step.expected : null), actual };
  });
}

const everyIndex = ([first, last]: readonly [number, number]): readonly number[] => Array.from({ length: last - first + 1 }, (_, offset) => first + offset);

export const nodeCidr = adapter<NodeCidrCase>({
  families: ['node-cidr'],
  run({ clusterCIDR, nodeMask, steps = [], index, expectedCIDR, subnetCIDR, expectedIndex, expectedUsedIndexRange, expectedError }) {
    if (expectedError !== undefined && subnetCIDR === undefined) {
      return [{ name: 'the set', expected: expectedError, actual: outcome(expectedError, () => new CidrSet(cidr(clusterCIDR), nodeMask)) }];
    }
    const set = new CidrSet(cidr(clusterCIDR), nodeMask);
    const findings: Finding[] = [...walkSteps(set, steps)];
    if (index !== undefined) findings.push({ name: `block ${index}`, expected: expectedCIDR, actual: formatCidr(set.blockAt(index)) });
    if (subnetCIDR !== undefined) {
      findings.push({
        name: `index of ${subnetCIDR}`,
        expected: expectedError ?? expectedIndex,
        actual: outcome(expectedError, () => set.indexOf(cidr(subnetCIDR))),
      });
    }
    if (expectedUsedIndexRange) findings.push({ name: 'used', expected: everyIndex(expectedUsedIndexRange), actual: set.used.toSorted((a, b) => a - b) });
    return findings;
  },
});
