/**
 * The networks of the last questions. Nothing a walk does changes a compiled network, and it says all there is to say of
 * one revision: a second trace finds the namespaces and chains that the first has asked for, with their texts.
 */
import type { ClusterView } from '../domain/cluster/view.js';
import type { Network } from '../domain/datapath/netns.js';
import type { CompileOptions } from './compilation.js';
import { compileNetwork } from './compile-network.js';

/** Clusters whose networks are kept; the one asked longest ago gives way. */
const MOST_CLUSTERS = 8;
/** Uses of a network before it is compiled anew, so that it can't grow with the cluster: a walk adds about 25 KB at most. */
const MOST_USES = 512;
/** Internet hosts asked about in one revision. */
const MOST_VARIANTS = 8;

interface Kept {
  readonly revision: number;
  readonly networks: Map<string, { readonly network: Network; uses: number }>;
}

const kept = new Map<ClusterView, Kept>();

/** `compileNetwork`, or what it returned before for the same revision and options. */
export function keptNetwork(view: ClusterView, options: CompileOptions = {}): Network {
  if (options.loadBalancerNode) return compileNetwork(view, options);
  const { networks } = keptFor(view);
  const variant = `${options.internetHost ?? ''}/${options.linksUp === true}`;
  const known = networks.get(variant);
  if (known && known.uses < MOST_USES) {
    known.uses += 1;
    return known.network;
  }
  if (networks.size >= MOST_VARIANTS) networks.clear();
  const network = compileNetwork(view, options);
  networks.set(variant, { network, uses: 1 });
  return network;
}

function keptFor(view: ClusterView): Kept {
  const known = kept.get(view);
  const current = known?.revision === view.revision ? known : { revision: view.revision, networks: new Map<string, { readonly network: Network; uses: number }>() };
  kept.delete(view);
  if (kept.size >= MOST_CLUSTERS) kept.delete(kept.keys().next().value!);
  kept.set(view, current);
  return current;
}
