import type { EndpointView } from '../../../domain/cluster/view.js';
import type { Chain, Match, MatchContext, Rule } from '../../../domain/datapath/netfilter/rules.js';
import { ANY_PORT, comment, jump } from '../../netfilter/matches.js';
import { hostCidr } from '../../netns-parts.js';
import { endpointChainName } from './chain-names.js';
import { MARK_MASQUERADE } from './fixed-chains.js';
import type { ServicePort } from './service-port.js';

/** KUBE-SEP-*: translates a connection's destination to one endpoint. */
export class EndpointChain implements Chain {
  readonly name: string;
  readonly #servicePort: ServicePort;
  readonly #endpoint: EndpointView;
  #rules: readonly Rule[] | undefined;

  constructor(servicePort: ServicePort, endpoint: EndpointView) {
    this.name = endpointChainName(servicePort.names, servicePort.port, endpoint.ip, endpoint.port);
    this.#servicePort = servicePort;
    this.#endpoint = endpoint;
  }

  rulesFor(_context: MatchContext): readonly Rule[] {
    return this.allRules();
  }

  allRules(): readonly Rule[] {
    return (this.#rules ??= this.#compile());
  }

  #compile(): readonly Rule[] {
    const { service, port, names, node } = this.#servicePort;
    const about = node.hasEndpointComments ? [comment(names.servicePort)] : [];
    const affinity: readonly Match[] = service.sessionAffinitySeconds === null ? [] : [{ kind: 'recentSet', name: this.name }];
    return [
      // A pod that reaches itself through the Service must see another source, or it would answer itself directly.
      { source: { value: hostCidr(this.#endpoint.ip), negate: false }, matches: about, target: jump(MARK_MASQUERADE) },
      {
        protocol: port.protocol, matches: [...about, ...affinity, ANY_PORT],
        target: { kind: 'DNAT', address: this.#endpoint.ip, port: this.#endpoint.port },
      },
    ];
  }
}
