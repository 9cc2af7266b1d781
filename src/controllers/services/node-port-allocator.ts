import { invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Findings } from '../admission/findings.js';
import type { Allocations } from '../allocation/allocations.js';
import type { ServicePort } from '../object-shapes.js';
import { parseNodePortRange } from './allocation-bands.js';

interface Owner {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Allocates the node ports of one Service. Like the API server's allocator it ignores the protocol: if one Service has a
 * port for TCP, no other can have it for UDP.
 *
 * @source kubernetes/kubernetes pkg/registry/core/service/storage `initNodePorts`, `updateNodePorts`
 */
export class NodePortAllocator {
  readonly #state: ClusterState;
  readonly #allocations: Allocations;
  readonly #owner: Owner;
  readonly #findings: Findings;
  /** Node ports that this Service has got during this admission. */
  readonly #own = new Set<number>();

  constructor(state: ClusterState, allocations: Allocations, owner: Owner, findings: Findings) {
    this.#state = state;
    this.#allocations = allocations;
    this.#owner = owner;
    this.#findings = findings;
  }

  /**
   * The ports of a new Service. Stated node ports are checked, and the others are allocated. Ports of the same number share a node port.
   *
   * @param allocates if `false`, ports that state no node port get none
   */
  assign(ports: readonly ServicePort[], allocates: boolean): readonly ServicePort[] {
    const byNumber = new Map<number, number>();
    ports.forEach(({ port, nodePort }, index) => {
      if (nodePort && this.claim(nodePort, `spec.ports[${index}].nodePort`, byNumber.get(port) === nodePort) && !byNumber.has(port)) {
        byNumber.set(port, nodePort);
      }
    });
    return ports.map((port, index) => {
      if (port.nodePort || !allocates) return port;
      const nodePort = byNumber.get(port.port) ?? this.next(`spec.ports[${index}].nodePort`);
      if (nodePort === undefined) return port;
      byNumber.set(port.port, nodePort);
      return { ...port, nodePort };
    });
  }

  /** The ports of an updated Service. Several ports may state the same node port; each port that states none gets its own. */
  reassign(ports: readonly ServicePort[], allocates: boolean): readonly ServicePort[] {
    ports.forEach(({ nodePort }, index) => nodePort && this.claim(nodePort, `spec.ports[${index}].nodePort`, true));
    return ports.map((port, index) => {
      const nodePort = port.nodePort || !allocates ? undefined : this.next(`spec.ports[${index}].nodePort`);
      return nodePort === undefined ? port : { ...port, nodePort };
    });
  }

  /** Checks a stated node port. @param shared whether another port of the Service may have it too. @returns whether it is accepted */
  claim(nodePort: number, path: string, shared = false): boolean {
    const { first, last } = this.#bands();
    if (nodePort < first || nodePort > last) {
      const range = this.#state.settings.nodePortRange;
      const valid = `The range of valid ports is ${range}; the cluster needs the setting nodePortRange to contain it`;
      this.#findings.refuse(path, invalidValue(nodePort, `provided port is not in the valid range. ${valid}`));
      return false;
    }
    const holder = this.#holder(nodePort);
    if (holder || (this.#own.has(nodePort) && !shared)) {
      const owner = holder ? `Service ${holder.namespace}/${holder.name}` : 'another port of this Service';
      this.#findings.refuse(path, invalidValue(nodePort, `provided port is already allocated (to ${owner})`));
      return false;
    }
    this.#own.add(nodePort);
    return true;
  }

  /** The lowest free port of the upper band, else of the lower one. If both are full, the Service is refused, and `undefined` returned. */
  next(path: string): number | undefined {
    const { first, last, dynamicFirst } = this.#bands();
    const { nodePorts, reservedNodePorts } = this.#allocations;
    const isTaken = (port: number): boolean => this.#own.has(port) || reservedNodePorts.has(port) || this.#anyHolder(port) !== undefined;
    const found = nodePorts.next(dynamicFirst, last, isTaken) ?? (dynamicFirst > first ? nodePorts.next(first, dynamicFirst - 1, isTaken) : null);
    if (found === null) {
      this.#findings.refuse(
        path,
        `failed to allocate a nodePort: range is full; all ports of the cluster's nodePortRange ${this.#state.settings.nodePortRange} are taken`,
      );
    } else this.#own.add(found);
    return found ?? undefined;
  }

  #bands(): ReturnType<typeof parseNodePortRange> {
    return parseNodePortRange(this.#state.settings.nodePortRange);
  }

  #anyHolder(port: number): Owner | undefined {
    const state = this.#state;
    return (
      state.serviceByNodePort('TCP', port)?.service ??
      state.serviceByNodePort('UDP', port)?.service ??
      state.serviceByNodePort('SCTP', port)?.service ??
      state.serviceByHealthCheckNodePort(port)
    );
  }

  /** Another service that has the port. */
  #holder(port: number): Owner | undefined {
    const holder = this.#anyHolder(port);
    return holder && !(holder.namespace === this.#owner.namespace && holder.name === this.#owner.name) ? holder : undefined;
  }
}
