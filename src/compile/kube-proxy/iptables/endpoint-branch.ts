/**
 * A rule in a service's chain that jumps to the chain of one endpoint. Its target's name (a hash) and its comment are made on
 * demand, since a packet takes only one of the branches.
 */
import type { EndpointView } from '../../../domain/cluster/view.js';
import type { Chain, Match, Rule, Target } from '../../../domain/datapath/netfilter/rules.js';
import { formatIpv4 } from '../../../domain/values/ipv4.js';
import type { ServicePort } from './service-port.js';

type Of<Union, Kind> = Extract<Union, { readonly kind: Kind }>;

class EndpointComment implements Of<Match, 'comment'> {
  readonly kind = 'comment';
  readonly #servicePort: ServicePort;
  readonly #endpoint: EndpointView;

  constructor(servicePort: ServicePort, endpoint: EndpointView) {
    this.#servicePort = servicePort;
    this.#endpoint = endpoint;
  }

  get text(): string {
    return `${this.#servicePort.names.servicePort} -> ${formatIpv4(this.#endpoint.ip)}:${this.#endpoint.port}`;
  }
}

class EndpointJump implements Of<Target, 'JUMP'> {
  readonly kind = 'JUMP';
  readonly #servicePort: ServicePort;
  readonly #endpoint: EndpointView;
  #chain: Chain | undefined;

  constructor(servicePort: ServicePort, endpoint: EndpointView) {
    this.#servicePort = servicePort;
    this.#endpoint = endpoint;
  }

  get chain(): string {
    if (!this.#chain) {
      this.#chain = this.#servicePort.endpointChain(this.#endpoint);
      this.#servicePort.node.rememberEndpointChain(this.#chain);
    }
    return this.#chain.name;
  }
}

class RecentCheck implements Of<Match, 'recentCheck'> {
  readonly kind = 'recentCheck';
  readonly seconds: number;
  readonly #jump: EndpointJump;

  constructor(jump: EndpointJump, seconds: number) {
    this.#jump = jump;
    this.seconds = seconds;
  }

  get name(): string {
    return this.#jump.chain;
  }
}

const chances: Of<Match, 'statistic'>[] = [];

/** All services share these matches. */
const chanceOf = (outOf: number): Match => (chances[outOf] ??= { kind: 'statistic', outOf });

const commentOf = (servicePort: ServicePort, endpoint: EndpointView): readonly Match[] =>
  servicePort.node.hasEndpointComments ? [new EndpointComment(servicePort, endpoint)] : [];

/** One branch of the random choice among endpoints. @param outOf endpoints left, this one included; the last needs no statistic match */
export function endpointBranch(servicePort: ServicePort, endpoint: EndpointView, outOf: number): Rule {
  const about = commentOf(servicePort, endpoint);
  return { matches: outOf === 1 ? about : [...about, chanceOf(outOf)], target: new EndpointJump(servicePort, endpoint) };
}

/** Sends a returning client to the endpoint that it had (session affinity). */
export function affinityBranch(servicePort: ServicePort, endpoint: EndpointView, seconds: number): Rule {
  const target = new EndpointJump(servicePort, endpoint);
  return { matches: [...commentOf(servicePort, endpoint), new RecentCheck(target, seconds)], target };
}
