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
  readonly port?: number;
  /** Of a static allocation or a release: numbers, or ranges of them. Other words: those that are held when the step comes. */
  readonly ports?: readonly number[] | string;
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

  run(step: AllocationStep): Outcome {
    const { op, times = 1 } = step;
    if (op === 'allocateDynamic') return outcomeOf(Array.from({ length: times }, () => this.#allocate(null)));
    const ports = statedPorts(step) ?? [...this.#holders.keys()];
    return outcomeOf(ports.map((port) => (op === 'release' ? this.#release(port) : this.#allocate(port))));
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

function statedPorts({ port, ports = port === undefined ? undefined : [port] }: AllocationStep): readonly number[] | null {
  if (typeof ports !== 'string') return ports ?? null;
  if (!/^\d+(-\d+)?$/.test(ports)) return null;
  const { first, last } = parseNodePortRange(ports.includes('-') ? ports : `${ports}-${ports}`);
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}

const outcomeOf = (results: readonly (string | null)[]): Outcome => {
  const errors = results.filter((error) => error !== null);
  return { succeeded: results.length - errors.length, failed: errors.length, errors };
};

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
