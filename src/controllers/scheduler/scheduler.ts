import type { ClusterState } from '../../domain/cluster/draft.js';
import type { NodeFacts } from '../../domain/cluster/facts.js';
import type { PlacementSpec } from '../object-shapes.js';
import { LoadHeap, type NodeLoad } from './load-heap.js';
import { unschedulableReason, namedNodes } from './node-affinity.js';

type Placement = { readonly node: NodeFacts } | { readonly node: null; /** Why no node fits. */ readonly reason: string };

/**
 * Places pods: on the node with the fewest pods among those that fit, the first in node order among equals. It lives for one
 * request, which must report its changes.
 */
export interface Scheduler {
  /** @param accepts is called for each fitting node, best first, until it returns `true`; else it returns the reason */
  place(spec: PlacementSpec, accepts: (node: NodeFacts) => true | string): Placement;
  podAdded(node: string): void;
  podRemoved(node: string): void;
  nodeChanged(node: NodeFacts): void;
}

interface SchedulableNode extends NodeLoad {
  readonly facts: NodeFacts;
}

/** Pods with the same node constraints share a heap of the nodes that fit. */
interface PlacementClass {
  readonly spec: PlacementSpec;
  readonly heap: LoadHeap<SchedulableNode>;
}

export function createScheduler(state: ClusterState): Scheduler {
  // Read at the first placement: most requests place no pod.
  let nodes: Map<string, SchedulableNode> | undefined;
  const classes = new Map<string, PlacementClass>();

  const loadOf = (facts: NodeFacts): SchedulableNode => ({ facts, ordinal: facts.ordinal, podCount: state.podCountOnNode(facts.name), stale: false });
  const readNodes = (): Map<string, SchedulableNode> => new Map(Array.from(state.allNodeFacts(), (facts) => [facts.name, loadOf(facts)]));

  function classOf(spec: PlacementSpec): PlacementClass {
    const key = classKey(spec);
    let found = classes.get(key);
    if (!found) {
      found = { spec, heap: new LoadHeap() };
      for (const node of nodes?.values() ?? []) if (unschedulableReason(spec, node.facts) === null) found.heap.push(node);
      classes.set(key, found);
    }
    return found;
  }

  /** Considers only the named nodes, without a heap: each pod of a DaemonSet names a different one. */
  function placeNamed(spec: PlacementSpec, named: readonly string[], accepts: (node: NodeFacts) => true | string): Placement {
    const refused = new Map<string, string>();
    const candidates = named
      .map((name) => nodes?.get(name))
      .filter((node) => node !== undefined && unschedulableReason(spec, node.facts) === null) as readonly SchedulableNode[];
    for (const { facts } of candidates.toSorted((a, b) => a.podCount - b.podCount || a.ordinal - b.ordinal)) {
      const answer = accepts(facts);
      if (answer === true) return { node: facts };
      refused.set(facts.name, answer);
    }
    return { node: null, reason: whyNone(spec, Array.from(nodes?.values() ?? [], ({ facts }) => facts), refused) };
  }

  function offer(node: SchedulableNode): void {
    for (const { spec, heap } of classes.values()) if (unschedulableReason(spec, node.facts) === null) heap.push(node);
  }

  return {
    place(spec, accepts) {
      nodes ??= readNodes();
      const named = namedNodes(spec);
      if (named) return placeNamed(spec, named, accepts);
      const { heap } = classOf(spec);
      const passedOver: SchedulableNode[] = [];
      const refused = new Map<string, string>();
      let chosen: SchedulableNode | undefined;
      for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
        passedOver.push(node);
        const answer = accepts(node.facts);
        if (answer === true) {
          chosen = node;
          break;
        }
        refused.set(node.facts.name, answer);
      }
      for (const node of passedOver) heap.push(node);
      return chosen ? { node: chosen.facts } : { node: null, reason: whyNone(spec, [...nodes.values()].map(({ facts }) => facts), refused) };
    },
    podAdded(name) {
      const node = nodes?.get(name);
      if (node) node.podCount += 1;
    },
    podRemoved(name) {
      const node = nodes?.get(name);
      if (!node) return;
      node.podCount -= 1;
      offer(node);
    },
    nodeChanged(facts) {
      if (!nodes) return;
      const previous = nodes.get(facts.name);
      const node = previous ? { ...previous, facts } : loadOf(facts);
      if (previous) previous.stale = true;
      nodes.set(facts.name, node);
      offer(node);
    },
  };
}

function classKey({ nodeSelector, affinity, tolerations }: PlacementSpec): string {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return nodeSelector === undefined && required === undefined && tolerations === undefined ? '' : JSON.stringify([nodeSelector, required, tolerations]);
}

/** As the scheduler words it: `0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated taint {gpu: yes}.` */
function whyNone(spec: PlacementSpec, nodes: readonly NodeFacts[], refused: ReadonlyMap<string, string>): string {
  if (nodes.length === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const reason = unschedulableReason(spec, node) ?? refused.get(node.name) ?? 'node(s) were not asked';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return `0/${nodes.length} nodes are available: ${Array.from(counts, ([reason, count]) => `${count} ${reason}`).sort().join(', ')}.`;
}
