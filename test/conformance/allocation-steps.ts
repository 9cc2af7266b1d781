/** Runs steps that allocate and release node ports or cluster IPs, with the allocators that admit Services. */
import { Findings } from '../../src/controllers/admission/findings.js';
import { Allocations } from '../../src/controllers/allocation/allocations.js';
import { clusterIPBands, parseNodePortRange, type Bands } from '../../src/controllers/services/allocation-bands.js';
import { allocateClusterIP, checkClusterIP } from '../../src/controllers/services/cluster-ip-allocator.js';
import { NodePortAllocator } from '../../src/controllers/services/node-port-allocator.js';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import { cidr } from '../../src/domain/values/cidr.js';
import { formatIpv4, ipv4, toIpv4 } from '../../src/domain/values/ipv4.js';
import type { Finding } from './adapter.js';

export interface AllocationStep {
  readonly op: 'allocateDynamic' | 'allocateStatic' | 'release';
  readonly times?: number;
  readonly port?: number;
  /** For a static allocation or a release: numbers, or text with ranges. Any other text stands for all that are allocated at this step. */
  readonly ports?: readonly number[] | string;
  /** The same for addresses. */
  readonly ip?: string;
  readonly ips?: readonly string[] | string;
  readonly expectedUsed?: number;
  readonly expectedFree?: number;
  readonly expectedSucceeded?: number;
  readonly expectedFailed?: number;
  readonly expectedError?: string;
}

type Holder = { readonly namespace: string; readonly name: string } | undefined;

/** An allocator of numbers, each for one Service. */
interface Numbers {
  readonly bands: Bands;
  /** @param stated `null` for any number. @returns the Service's number; refusals are added to `findings` */
  allocate(stated: number | null, service: string, findings: Findings): number | undefined;
  release(number: number): void;
}
type HolderOf = (number: number) => Holder;

export function nodePortNumbers(nodePortRange: string): (holderOf: HolderOf) => Numbers {
  return (holderOf) => {
    const allocations = new Allocations();
    const state = {
      settings: { nodePortRange },
      serviceByNodePort: (_protocol: string, port: number) => ({ service: holderOf(port) }),
      serviceByHealthCheckNodePort: () => undefined,
    } as unknown as ClusterState;
    return {
      bands: parseNodePortRange(nodePortRange),
      allocate(stated, name, findings) {
        const allocator = new NodePortAllocator(state, allocations, { namespace: 'default', name }, findings);
        if (stated !== null) allocator.claim(stated, 'nodePort');
        return stated ?? allocator.next('nodePort');
      },
      release: (port) => allocations.nodePorts.release(port),
    };
  };
}

export function clusterIPNumbers(serviceCIDR: string): (holderOf: HolderOf) => Numbers {
  return (holderOf) => {
    const allocations = new Allocations();
    const state = { settings: { serviceCIDR }, serviceAddressHolder: holderOf } as unknown as ClusterState;
    return {
      bands: clusterIPBands(cidr(serviceCIDR)),
      allocate(stated, name, findings) {
        if (stated !== null) checkClusterIP(state, 'default', name, formatIpv4(toIpv4(stated)), findings);
        const given = stated === null ? allocateClusterIP(state, allocations, findings) : stated;
        return typeof given === 'string' ? ipv4(given) : given;
      },
      release: (address) => allocations.clusterIPs.release(address),
    };
  };
}

interface Outcome {
  readonly succeeded: number;
  readonly failed: number;
  readonly errors: readonly string[];
}

class Services {
  readonly #holders = new Map<number, string>();
  readonly #numbers: Numbers;
  #services = 0;

  constructor(numbers: (holderOf: HolderOf) => Numbers) {
    this.#numbers = numbers((number) => {
      const name = this.#holders.get(number);
      return name === undefined ? undefined : { namespace: 'default', name };
    });
  }

  get used(): number {
    return this.#holders.size;
  }

  get free(): number {
    const { first, last } = this.#numbers.bands;
    return last - first + 1 - this.used;
  }

  run(step: AllocationStep): Outcome {
    const { op, times = 1 } = step;
    if (op === 'allocateDynamic') return outcomeOf(Array.from({ length: times }, () => this.#allocate(null)));
    const numbers = statedNumbers(step) ?? [...this.#holders.keys()];
    return outcomeOf(numbers.map((number) => (op === 'release' ? this.#release(number) : this.#allocate(number))));
  }

  /** @returns the text of the refusal; `null` if there is none */
  #allocate(stated: number | null): string | null {
    this.#services += 1;
    const name = `service-${this.#services}`;
    const findings = new Findings();
    const given = this.#numbers.allocate(stated, name, findings);
    if (findings.errors.length === 0 && given !== undefined) this.#holders.set(given, name);
    return findings.errors[0]?.message ?? null;
  }

  #release(number: number): null {
    this.#holders.delete(number);
    this.#numbers.release(number);
    return null;
  }
}

function statedNumbers({
  ip,
  ips = ip === undefined ? undefined : [ip],
  port,
  ports = port === undefined ? undefined : [port],
}: AllocationStep): readonly number[] | null {
  if (typeof ips === 'object') return ips.map(ipv4);
  if (typeof ports !== 'string') return ports ?? null;
  if (!/^\d+(-\d+)?$/.test(ports)) return null;
  const [first = 0, last = first] = ports.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}

const outcomeOf = (results: readonly (string | null)[]): Outcome => {
  const errors = results.filter((error) => error !== null);
  return { succeeded: results.length - errors.length, failed: errors.length, errors };
};

export function allocateInSteps(numbers: (holderOf: HolderOf) => Numbers, steps: readonly AllocationStep[]): readonly Finding[] {
  const services = new Services(numbers);
  return steps.flatMap((step, index) => {
    const { succeeded, failed, errors } = services.run(step);
    const { expectedError } = step;
    const expected: Readonly<Record<string, unknown>> = {
      used: step.expectedUsed,
      free: step.expectedFree,
      succeeded: step.expectedSucceeded,
      failed: step.expectedFailed,
      errors: expectedError,
    };
    const actual: Readonly<Record<string, unknown>> = {
      used: services.used, free: services.free, succeeded, failed,
      errors: expectedError !== undefined && errors.length > 0 && errors.every((error) => error.includes(expectedError)) ? expectedError : errors,
    };
    return Object.keys(expected)
      .filter((name) => expected[name] !== undefined)
      .map((name) => ({ name: `step ${index + 1}, ${step.op}: ${name}`, expected: expected[name], actual: actual[name] }));
  });
}
