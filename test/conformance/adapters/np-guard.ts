/**
 * networkpolicy-np-guard.json, adminnetworkpolicy-np-guard.json: connections that manifests allow. The cluster has no
 * nodes, so pods have no addresses, and as upstream no `ipBlock` selects a pod.
 */
import { blocksOf, cutAt, formatRange, rangeOfBlock, type AddressRange } from '../address-ranges.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import { ingressConnections, type IngressConnection } from '../ingress-connections.js';
import { manifestFields, objectsOf, type Manifest } from '../np-guard-manifests.js';
import { askReachablePairs, type IsReachable } from '../reachable-pairs.js';
import { portAtoms, portText, type PortAtom } from '../port-atoms.js';
import { isExternal, rangeOf, StatedConnections, type Connection, type ConnectionEnd } from '../stated-connections.js';

interface NpGuardCase extends ConformanceCase {
  readonly manifests: readonly Manifest[];
  readonly peers: readonly string[];
  readonly expected: { readonly connections: readonly Connection[] };
}

const OWN_WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'];

/** A peer of the case, and the ends in the request that represent it. */
interface Peer extends ConnectionEnd {
  /** Names in `pods`, `workloads` or `external`. */
  readonly ends: readonly string[];
}

const CONTROLLER: Peer = { name: '{ingress-controller}', range: null, ends: [] };

/** The peer `namespace/name[Kind]`: a workload in the manifests, else the first pod that names it as its owner, else the pod of that name. */
function peerOf(name: string, manifests: readonly Manifest[]): Peer & { readonly list: 'pods' | 'workloads' } {
  const [, namespace = '', workload = '', kind = ''] = /^([^/]+)\/(.+)\[(\w+)\]$/.exec(name) ?? [];
  const isOf = (each: Manifest): boolean => (each.metadata.namespace ?? 'default') === namespace;
  if (OWN_WORKLOADS.includes(kind) && manifests.some((each) => each.kind === kind && isOf(each) && each.metadata.name === workload)) {
    return { name, range: null, ends: [`${kind}/${namespace}/${workload}`], list: 'workloads' };
  }
  const pods = manifests.filter((each) => each.kind === 'Pod' && isOf(each));
  const pod = pods.find(({ metadata }) => metadata.ownerReferences?.[0]?.name === workload) ?? pods.find(({ metadata }) => metadata.name === workload);
  if (!pod) throw new Error(`no manifest is the peer ${name}`);
  return { name, range: null, ends: [`${namespace}/${pod.metadata.name}`], list: 'pods' };
}

function atomsOf({ manifests, expected }: NpGuardCase): readonly PortAtom[] {
  const ranges = expected.connections.flatMap(({ parsed }) => (parsed === 'ALL' ? [] : parsed.map(({ ports }) => ports)));
  const numbers = [...manifestFields(manifests, ['port', 'endPort', 'start', 'end', 'containerPort'])].filter((value) => typeof value === 'number');
  return portAtoms([...ranges.flatMap(([from, to]) => [from, to + 1]), ...numbers.flatMap((number) => [number, number + 1])]);
}

function rangesOf({ manifests, expected }: NpGuardCase): readonly AddressRange[] {
  const stated = expected.connections.flatMap(({ src, dst }) => [src, dst].filter(isExternal).map(rangeOf));
  const blocks = [...manifestFields(manifests, ['cidr', 'except', 'networks'])]
    .flat()
    .filter((value) => typeof value === 'string')
    .flatMap((text) => rangeOfBlock(text) ?? []);
  return cutAt([...stated, ...blocks]);
}

/** The ports on which the ends of two peers are connected; several texts if their ends differ. */
function actualText(isReachable: IsReachable, source: Peer, destination: Peer, atoms: readonly PortAtom[]): string {
  const texts = new Set(source.ends.flatMap((from) => destination.ends.map((to) => portText(atoms, (_, index) => isReachable(from, to, index)))));
  return [...texts].join(' or ');
}

/** Is it one of the peer's pods? The pods of a workload are named after it. */
const isPodOf = (pod: string, { ends }: Peer): boolean => ends.some((end) => pod === end || pod.startsWith(`${end.split('/').slice(1).join('/')}-`));

const controllerText = (connections: readonly IngressConnection[], destination: Peer, atoms: readonly PortAtom[]): string =>
  portText(atoms, ({ protocol, from, to }) => protocol === 'TCP' && connections.some(({ pod, port }) => isPodOf(pod, destination) && from <= port && port <= to));

export const npGuard = adapter<NpGuardCase>({
  families: ['np-guard-netpol', 'np-guard-anp'],
  run(given, { api }) {
    const { manifests, peers, expected } = given;
    const nodes = manifests.some(({ kind }) => kind === 'DaemonSet') ? 1 : 0;
    return api.inCluster({ nodes, dns: { replicas: 0 } }, objectsOf(manifests), async (cluster) => {
      const inside = peers.filter((name) => !isExternal(name) && name !== CONTROLLER.name).map((name) => peerOf(name, manifests));
      const outside = rangesOf(given).map((range): Peer => ({ name: formatRange(range), range, ends: blocksOf(range) }));
      const atoms = atomsOf(given);
      const endsIn = (list: string): readonly string[] => inside.filter((peer) => peer.list === list).flatMap(({ ends }) => ends);
      const ends = { pods: endsIn('pods'), workloads: endsIn('workloads'), external: outside.flatMap((peer) => peer.ends) };
      const isReachable = await askReachablePairs(cluster, ends, atoms.map(({ protocol, from }) => ({ protocol, port: from })));
      const stated = new StatedConnections(expected.connections);
      const all: readonly Peer[] = [...inside, ...outside];
      const textsOf = (destinations: readonly Peer[], text: (destination: Peer) => string): object =>
        Object.fromEntries(destinations.map((destination) => [destination.name, text(destination)]).filter(([, ports]) => ports !== ''));
      const findings = all.map((source): Finding => {
        const others = all.filter((destination) => destination !== source && !(source.range && destination.range));
        return {
          name: source.name, expected: textsOf(others, (destination) => portText(atoms, stated.between(source, destination))),
          actual: textsOf(others, (destination) => actualText(isReachable, source, destination, atoms)),
        };
      });
      const asksController = manifests.some(({ kind }) => kind === 'Ingress' || kind === 'Route') || expected.connections.some(({ src }) => src === CONTROLLER.name);
      if (!asksController) return findings;
      const fromController = await ingressConnections(manifests, api);
      return [...findings, {
        name: CONTROLLER.name, expected: textsOf(inside, (destination) => portText(atoms, stated.between(CONTROLLER, destination))),
        actual: textsOf(inside, (destination) => controllerText(fromController, destination, atoms)),
      }];
    });
  },
});
