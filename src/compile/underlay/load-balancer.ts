import type { NodeView, ServiceView, VipMatch } from '../../domain/cluster/view.js';
import type { LoadBalancerChoice } from '../../domain/datapath/netns.js';
import type { Compilation } from '../compilation.js';
import { nodesWithReadyEndpoint } from '../kube-proxy/nodes-with-ready-endpoint.js';
import { isExternalPolicyLocal } from '../kube-proxy/service-traffic.js';

type NodeHealth = 'READY' | 'EXCLUDED_BY_LABEL' | 'LINK_DOWN' | 'NODE_NOT_READY' | 'NODE_TO_BE_DELETED' | 'NO_READY_LOCAL_ENDPOINT';

/** kubeadm sets it on control-plane nodes. Its value does not matter. */
const EXCLUSION_LABEL = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** Most nodes listed with a choice. */
const CANDIDATES_SHOWN = 32;

/**
 * Which nodes a load balancer may send a service's traffic to.
 *
 * @source Kubernetes `pkg/proxy/healthcheck`: with externalTrafficPolicy Local a node passes with a ready local
 *   endpoint of the service; otherwise every node whose kube-proxy is well and that is not about to be deleted does
 * @source Kubernetes labels reference: nodes with the exclusion label are never targets of load balancers
 */
class HealthCheck {
  readonly #compilation: Compilation;
  /** Nodes with a ready endpoint; `null` if endpoints do not matter. */
  readonly #withEndpoint: ReadonlySet<string | null> | null;

  constructor(compilation: Compilation, service: ServiceView) {
    this.#compilation = compilation;
    this.#withEndpoint = isExternalPolicyLocal(service) ? nodesWithReadyEndpoint(compilation.view, service) : null;
  }

  of(node: NodeView): NodeHealth {
    if (EXCLUSION_LABEL in node.labels) return 'EXCLUDED_BY_LABEL';
    if (!this.#compilation.isLinkUp(node)) return 'LINK_DOWN';
    if (node.ready !== 'True') return 'NODE_NOT_READY';
    if (this.#withEndpoint) return this.#withEndpoint.has(node.name) ? 'READY' : 'NO_READY_LOCAL_ENDPOINT';
    return node.toBeDeleted ? 'NODE_TO_BE_DELETED' : 'READY';
  }
}

class Choice implements LoadBalancerChoice {
  readonly service: string;
  readonly chosen: string;
  readonly #compilation: Compilation;
  readonly #health: HealthCheck;
  #candidates: LoadBalancerChoice['candidates'] | undefined;

  constructor(compilation: Compilation, service: ServiceView, chosen: string, health: HealthCheck) {
    this.service = `${service.namespace}/${service.name}`;
    this.chosen = chosen;
    this.#compilation = compilation;
    this.#health = health;
  }

  get candidates(): LoadBalancerChoice['candidates'] {
    return (this.#candidates ??= this.#list());
  }

  #list(): LoadBalancerChoice['candidates'] {
    const candidates: { readonly node: string; readonly healthy: boolean; readonly why: NodeHealth }[] = [];
    for (const node of this.#compilation.view.allNodes()) {
      if (candidates.length === CANDIDATES_SHOWN) break;
      const why = this.#health.of(node);
      candidates.push({ node: node.name, healthy: why === 'READY', why });
    }
    return candidates;
  }
}

/**
 * The node to which the load balancer sends traffic for an address: the requested one, else the first that passes the
 * health check. If none passes, every node that is not excluded is a target, as in passthrough load balancers: the first with
 * an intact link.
 *
 * @returns `undefined` in a cluster without nodes to send to
 */
export function chooseNode(
  compilation: Compilation,
  { service }: VipMatch,
  wanted: string | undefined,
): { readonly node: NodeView; readonly choice: LoadBalancerChoice } | undefined {
  const health = new HealthCheck(compilation, service);
  const node = (wanted === undefined ? undefined : compilation.view.node(wanted)) ?? firstTarget(compilation, health);
  return node && { node, choice: new Choice(compilation, service, node.name, health) };
}

function firstTarget({ view }: Compilation, health: HealthCheck): NodeView | undefined {
  let connected: NodeView | undefined;
  let any: NodeView | undefined;
  for (const node of view.allNodes()) {
    const state = health.of(node);
    if (state === 'READY') return node;
    if (state === 'EXCLUDED_BY_LABEL') continue;
    if (state !== 'LINK_DOWN') connected ??= node;
    any ??= node;
  }
  return connected ?? any;
}
