/** Node ports given and taken back one after the other, by the allocator that Services are admitted with. */
import { Findings } from '../../src/controllers/admission/findings.js';
import { Allocations } from '../../src/controllers/allocation/allocations.js';
import { parseNodePortRange } from '../../src/controllers/services/allocation-bands.js';
import { NodePortAllocator } from '../../src/controllers/services/node-port-allocator.js';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import type { Finding } from './adapter.js';

export interface AllocationStep {
  readonly op: 'allocateDynamic' | 'allocateStatic' | 'release';
  readonly times?: number;
  readonly expectedUsed?: number;
  readonly expectedFree?: number;
  readonly expectedSucceeded?: number;
  readonly expectedFailed?: number;
  readonly expectedError?: string;
}

interface Outcome {
  readonly succeeded: number;
  readonly failed: number;
  readonly errors: readonly string[];
}

class Services {
  readonly #holders = new Map<number, string>();
  readonly #allocations = new Allocations();
  readonly #state: ClusterState;
  readonly #total: number;
  #services = 0;

  constructor(nodePortRange: string) {
    const holder = (_protocol: string, port: number): { readonly namespace: string; readonly name: string } | undefined => {
      const name = this.#holders.get(port);
      return name === undefined ? undefined : { namespace: 'default', name };
    };
    this.#state = { settings: { nodePortRange }, nodePortHolder: holder, serviceByHealthCheckNodePort: () => undefined } as unknown as ClusterState;
    const { first, last } = parseNodePortRange(nodePortRange);
    this.#total = last - first + 1;
  }

  get used(): number {
    return this.#holders.size;
  }

  get free(): number {
    return this.#total - this.used;
  }

  run({ op, times = 1 }: AllocationStep): Outcome {
    const held = [...this.#holders.keys()];
    if (op === 'release') return outcomeOf(held.map((port) => this.#release(port)));
    return outcomeOf(op === 'allocateStatic' ? held.map((port) => this.#allocate(port)) : Array.from({ length: times }, () => this.#allocate(null)));
  }

  /** @returns the words of the refusal, `null` where there is none */
  #allocate(stated: number | null): string | null {
    this.#services += 1;
    const name = `service-${this.#services}`;
    const findings = new Findings();
    const allocator = new NodePortAllocator(this.#state, this.#allocations, { namespace: 'default', name }, findings);
    if (stated !== null) allocator.claim(stated, 'nodePort');
    const given = stated ?? allocator.next('nodePort');
    if (findings.errors.length === 0 && given !== undefined) this.#holders.set(given, name);
    return findings.errors[0]?.message ?? null;
  }

  #release(port: number): null {
    this.#holders.delete(port);
    this.#allocations.nodePorts.release(port);
    return null;
  }
}

const outcomeOf = (results: readonly (string | null)[]): Outcome => {
  const errors = results.filter((error) => error !== null);
  return { succeeded: results.length - errors.length, failed: errors.length, errors };
};

/** Static allocations and releases are of the ports that are held when their step comes. */
export function allocateInSteps(nodePortRange: string, steps: readonly AllocationStep[]): readonly Finding[] {
  const services = new Services(nodePortRange);
  return steps.flatMap((step, index) => {
    const { succeeded, failed, errors } = services.run(step);
    const { expectedError } = step;
    const expected: Readonly<Record<string, unknown>> = { used: step.expectedUsed, free: step.expectedFree, succeeded: step.expectedSucceeded, failed: step.expectedFailed, errors: expectedError };
    const actual: Readonly<Record<string, unknown>> = {
      used: services.used, free: services.free, succeeded, failed,
      errors: expectedError !== undefined && errors.length > 0 && errors.every((error) => error.includes(expectedError)) ? expectedError : errors,
    };
    return Object.keys(expected).filter((name) => expected[name] !== undefined).map((name) => ({ name: `step ${index + 1}, ${step.op}: ${name}`, expected: expected[name], actual: actual[name] }));
  });
}
