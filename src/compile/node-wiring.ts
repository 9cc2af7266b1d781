import type { NodeWiring } from '../domain/cluster/settings.js';
import { ipv4, type Ipv4 } from '../domain/values/ipv4.js';
import { parseStaticRoute, type StaticRoute } from './cluster-plan.js';

/** A node's wiring, parsed. */
export interface WiringPlan {
  readonly addresses: readonly Ipv4[];
  readonly routes: readonly StaticRoute[];
  readonly announces: readonly Ipv4[];
}

const NOTHING: WiringPlan = { addresses: [], routes: [], announces: [] };
const plans = new WeakMap<NodeWiring, WiringPlan>();

export function wiringOf(wiring: NodeWiring): WiringPlan {
  if (wiring.addresses.length + wiring.routes.length + wiring.announces.length === 0) return NOTHING;
  let plan = plans.get(wiring);
  if (!plan) {
    plan = { addresses: wiring.addresses.map(ipv4), routes: wiring.routes.map(parseStaticRoute), announces: wiring.announces.map(ipv4) };
    plans.set(wiring, plan);
  }
  return plan;
}
