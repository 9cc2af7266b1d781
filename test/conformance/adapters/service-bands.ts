/** service-bands.json: how the ranges of cluster IPs and node ports are divided into a band for stated values and one for automatic allocation. */
import {
  clusterIPBandOffset,
  clusterIPBands,
  nodePortBandOffset,
  nodePortBands,
  parseNodePortRange,
  type Bands,
} from '../../../src/controllers/services/allocation-bands.js';
import { cidr, sizeOf } from '../../../src/domain/values/cidr.js';
import { formatIpv4, toIpv4 } from '../../../src/domain/values/ipv4.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import { allocateInSteps, clusterIPNumbers, nodePortNumbers, type AllocationStep } from '../allocation-steps.js';

interface ClusterIPBandsCase extends ConformanceCase {
  readonly serviceCIDR: string;
  readonly steps?: readonly AllocationStep[];
  readonly expected: Readonly<Record<string, unknown>>;
}

interface NodePortBandsCase extends ConformanceCase {
  readonly nodePortRange?: string;
  readonly base?: number;
  readonly size?: number;
  readonly steps?: readonly AllocationStep[];
  readonly expected: Readonly<Record<string, unknown>>;
}

const IPV6_BITS = 128;

const address = (value: number): string => formatIpv4(toIpv4(value));
const staticCount = ({ first, dynamicFirst }: Bands): number => dynamicFirst - first;
const dynamicCount = ({ dynamicFirst, last }: Bands): number => last - dynamicFirst + 1;

/** Compares each expected value of the case with the product's. */
const compare = (expected: Readonly<Record<string, unknown>>, actual: Readonly<Record<string, unknown>>): readonly Finding[] =>
  Object.entries(expected).map(([name, value]) => ({ name, expected: value, actual: name in actual ? actual[name] : 'not known to the adapter' }));

export const clusterIPBandsAdapter = adapter<ClusterIPBandsCase>({
  families: ['clusterip-bands'],
  run({ serviceCIDR, steps = [], expected }) {
    // The product has no addresses of an IPv6 range, but the size of its lower band only depends on the range's size.
    if (serviceCIDR.includes(':')) return compare(expected, { bandOffset: clusterIPBandOffset(2 ** (IPV6_BITS - Number(serviceCIDR.split('/')[1]))) });
    const block = cidr(serviceCIDR);
    const bands = clusterIPBands(block);
    const hasStatic = staticCount(bands) > 0;
    return [...compare(expected, {
      rangeSize: bands.last - bands.first + 1, bandOffset: clusterIPBandOffset(sizeOf(block)), rangeEnd: address(bands.last),
      staticBandStart: hasStatic ? address(bands.first) : null, staticBandEnd: hasStatic ? address(bands.dynamicFirst - 1) : null,
      dynamicBandStart: address(bands.dynamicFirst), dynamicBandEnd: address(bands.last), staticCount: staticCount(bands), dynamicCount: dynamicCount(bands),
    }), ...allocateInSteps(clusterIPNumbers(serviceCIDR), steps)];
  },
});

export const nodePortBandsAdapter = adapter<NodePortBandsCase>({
  families: ['nodeport-bands'],
  run({ nodePortRange, base = 0, size = 0, steps = [], expected }) {
    const bands = nodePortRange === undefined ? nodePortBands(base, base + size - 1) : parseNodePortRange(nodePortRange);
    const totalPorts = bands.last - bands.first + 1;
    const hasStatic = staticCount(bands) > 0;
    return [
      ...compare(expected, {
        totalPorts, bandOffset: nodePortBandOffset(totalPorts), staticBandStart: hasStatic ? bands.first : null, staticBandEnd: hasStatic ? bands.dynamicFirst - 1 : null,
        dynamicBandStart: bands.dynamicFirst, dynamicBandEnd: bands.last, staticCount: staticCount(bands), dynamicCount: dynamicCount(bands),
      }),
      ...allocateInSteps(nodePortNumbers(nodePortRange ?? `${bands.first}-${bands.last}`), steps),
    ];
  },
});
