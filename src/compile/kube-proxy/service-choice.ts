import type { EndpointView, NodeView, ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import type { Topology } from './categorize-endpoints.js';

type NotTakenReason = 'NOT_READY' | 'NOT_ON_THIS_NODE' | 'TERMINATING' | 'OTHER_ZONE';

/** The endpoints among which kube-proxy chooses for one service port on one node, and those that it leaves out. */
export class ServiceChoice {
  readonly service: ServiceView;
  readonly port: ServicePortView;
  /** In the order of the rules that lead to them. */
  readonly candidates: readonly EndpointView[];
  readonly #all: readonly EndpointView[];
  readonly #node: NodeView;
  readonly #onlyLocal: boolean;
  readonly #topology: Topology;

  constructor(
    service: ServiceView,
    port: ServicePortView,
    candidates: readonly EndpointView[],
    all: readonly EndpointView[],
    node: NodeView,
    onlyLocal: boolean,
    topology: Topology,
  ) {
    this.service = service;
    this.port = port;
    this.candidates = candidates;
    this.#all = all;
    this.#node = node;
    this.#onlyLocal = onlyLocal;
    this.#topology = topology;
  }

  get notTaken(): readonly { readonly endpoint: EndpointView; readonly why: NotTakenReason }[] {
    const isCandidate = ({ ip, port }: EndpointView): boolean => this.candidates.some((candidate) => candidate.ip === ip && candidate.port === port);
    return this.#all.filter((endpoint) => !isCandidate(endpoint)).map((endpoint) => ({ endpoint, why: this.#why(endpoint) }));
  }

  #why(endpoint: EndpointView): NotTakenReason {
    if (this.#onlyLocal && endpoint.node !== this.#node.name) return 'NOT_ON_THIS_NODE';
    if (endpoint.terminating) return 'TERMINATING';
    if (!endpoint.ready) return 'NOT_READY';
    return this.#topology === 'SAME_NODE' ? 'NOT_ON_THIS_NODE' : 'OTHER_ZONE';
  }
}
