import type { ClusterView, NodeView } from '../../domain/cluster/view.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { wiringOf } from '../node-wiring.js';

type Announcers = ReadonlyMap<Ipv4, readonly NodeView[]>;

/** Built once a revision: announcements are few, but any node may make one. */
const indexes = new WeakMap<ClusterView, { readonly revision: number; readonly announcers: Announcers }>();

/** The nodes on which a program answers ARP questions for `address`, in node order. */
export function nodesAnnouncing(view: ClusterView, address: Ipv4): readonly NodeView[] {
  let index = indexes.get(view);
  if (index?.revision !== view.revision) {
    index = { revision: view.revision, announcers: indexAnnouncers(view) };
    indexes.set(view, index);
  }
  return index.announcers.get(address) ?? [];
}

function indexAnnouncers(view: ClusterView): Announcers {
  const announcers = new Map<Ipv4, NodeView[]>();
  for (const node of view.allNodes()) {
    for (const address of wiringOf(node.wiring).announces) {
      const nodes = announcers.get(address);
      if (nodes) nodes.push(node);
      else announcers.set(address, [node]);
    }
  }
  return announcers;
}
