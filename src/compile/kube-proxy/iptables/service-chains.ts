/** The chains that belong to one service port. @source Kubernetes `pkg/proxy/iptables/proxier.go` `syncProxyRules`, `writeServiceToEndpointRules` */
import type { EndpointView } from '../../../domain/cluster/view.js';
import type { Chain, MatchContext, Rule } from '../../../domain/datapath/netfilter/rules.js';
import { contains } from '../../../domain/values/cidr.js';
import { comment, FROM_LOCAL, jump } from '../../netfilter/matches.js';
import { StaticChain } from '../../netfilter/static-chain.js';
import { hostCidr } from '../../netns-parts.js';
import { ServiceChoice } from '../service-choice.js';
import { isExternalPolicyLocal, isInternalPolicyLocal } from '../service-traffic.js';
import { affinityBranch, endpointBranch } from './endpoint-branch.js';
import { MARK_MASQUERADE } from './fixed-chains.js';
import type { ServicePort } from './service-port.js';

const TO_MASQUERADE = jump(MARK_MASQUERADE);

/** KUBE-SVC-* or KUBE-SVL-*: the choice among endpoints. */
class PolicyChain implements Chain {
  readonly name: string;
  readonly choice: ServiceChoice;
  readonly #rules: readonly Rule[];

  constructor(name: string, rules: readonly Rule[], choice: ServiceChoice) {
    this.name = name;
    this.choice = choice;
    this.#rules = rules;
  }

  rulesFor(_context: MatchContext): readonly Rule[] {
    return this.#rules;
  }

  allRules(): Iterable<Rule> {
    return this.#rules;
  }
}

export function policyChain(servicePort: ServicePort, name: string, endpoints: readonly EndpointView[], local: boolean): Chain {
  const { service, port, node } = servicePort;
  const rules: Rule[] = [];
  if (local === isInternalPolicyLocal(service)) addMasquerade(servicePort, rules);
  const { sessionAffinitySeconds } = service;
  if (sessionAffinitySeconds !== null) for (const endpoint of endpoints) rules.push(affinityBranch(servicePort, endpoint, sessionAffinitySeconds));
  endpoints.forEach((endpoint, index) => rules.push(endpointBranch(servicePort, endpoint, endpoints.length - index)));
  return new PolicyChain(name, rules, new ServiceChoice(service, port, endpoints, servicePort.allEndpoints, node.node, local, servicePort.endpoints.topology));
}

/** Traffic to a clusterIP from outside the pod network is masqueraded; otherwise its answers could bypass this node. */
function addMasquerade(servicePort: ServicePort, rules: Rule[]): void {
  const { localTraffic, settings } = servicePort.node;
  if (settings.masqueradeAll) rules.push(servicePort.toClusterIp(TO_MASQUERADE));
  else if (localTraffic) rules.push(servicePort.toClusterIp(TO_MASQUERADE, { value: localTraffic, negate: true }));
}

/** KUBE-EXT-*: traffic to a node port, load balancer or external address. */
export function externalChain(servicePort: ServicePort): Chain {
  const { service, names, node } = servicePort;
  const rules: Rule[] = [];
  if (!isExternalPolicyLocal(service)) {
    rules.push({ matches: [comment(`masquerade traffic for ${names.servicePort} external destinations`)], target: TO_MASQUERADE });
  } else {
    const toAnyEndpoint = jump(names.clusterChain);
    if (node.localTraffic) {
      rules.push({
        source: { value: node.localTraffic, negate: false },
        matches: [comment(`pod traffic for ${names.servicePort} external destinations`)], target: toAnyEndpoint,
      });
    }
    rules.push({ matches: [comment(`masquerade LOCAL traffic for ${names.servicePort} external destinations`), FROM_LOCAL], target: TO_MASQUERADE });
    rules.push({ matches: [comment(`route LOCAL traffic for ${names.servicePort} external destinations`), FROM_LOCAL], target: toAnyEndpoint });
  }
  if (servicePort.hasExternalEndpoints) rules.push({ matches: [], target: jump(isExternalPolicyLocal(service) ? names.localChain : names.clusterChain) });
  return new StaticChain(names.externalChain, rules);
}

/** KUBE-FW-*: who may use the load balancer addresses; KUBE-PROXY-FIREWALL drops the rest. */
export function firewallChain(servicePort: ServicePort): Chain {
  const { service, names, node, vips } = servicePort;
  const about = comment(`${names.servicePort} loadbalancer IP`);
  const target = jump(names.externalChain);
  const allow = (value: NonNullable<Rule['source']>['value']): Rule => ({ source: { value, negate: false }, matches: [about], target });
  const rules = service.loadBalancerSourceRanges.map(allow);
  // A node that holds the address itself connects from it.
  if (service.loadBalancerSourceRanges.some((range) => contains(range, node.node.internalIP))) rules.push(...vips.map((vip) => allow(hostCidr(vip))));
  rules.push({ matches: [comment(`other traffic to ${names.servicePort} will be dropped by KUBE-PROXY-FIREWALL`)], target: { kind: 'CONTINUE' } });
  return new StaticChain(names.firewallChain, rules);
}
