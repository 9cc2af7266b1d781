/**
 * networkpolicy-np-guard.json, adminnetworkpolicy-np-guard.json: connections that manifests allow. The cluster has no
 * nodes, so pods have no addresses: no `ipBlock` selects one, as upstream.
 */
import { blocksOf, cutAt, formatRange, parseRange, rangeOfBlock, type AddressRange } from '../address-ranges.js';
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import type { Matrix } from '../api.js';
import { manifestFields, objectsOf, type Manifest } from '../np-guard-manifests.js';
import { portAtoms, portText, type PortAtom } from '../port-atoms.js';

interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly parsed: 'ALL' | readonly { readonly protocol: string; readonly ports: readonly [number, number] }[];
}

interface NpGuardCase extends ConformanceCase {
  readonly manifests: readonly Manifest[];
  readonly peers: readonly string[];
  readonly expected: { readonly connections: readonly Connection[] };
}

const EXTERNAL = '[External]';
const INGRESS_CONTROLLER = '{ingress-controller}';
const OWN_WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'];

const isExternal = (peer: string): boolean => peer.endsWith(EXTERNAL);
const rangeOf = (peer: string): AddressRange => parseRange(peer.slice(0, -EXTERNAL.length));
const isWithin = (inner: AddressRange, outer: AddressRange): boolean => outer.first <= inner.first && inner.last <= outer.last;

/** A peer of the case, and the ends of the question that stand for it. */
interface Peer {
  readonly name: string;
  readonly range: AddressRange | null;
  /** Names in `pods`, `workloads` or `external`. */
  readonly ends: readonly string[];
}

/** `namespace/name[Kind]`: a workload among the manifests, or else the first pod that says it is owned so. */
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
  const blocks = [...manifestFields(manifests, ['cidr', 'except', 'networks'])].flat().filter((value) => typeof value === 'string').flatMap((text) => rangeOfBlock(text) ?? []);
  return cutAt([...stated, ...blocks]);
}

function expectedText(connections: readonly Connection[], source: Peer, destination: Peer, atoms: readonly PortAtom[]): string {
  const isPeer = (text: string, peer: Peer): boolean => (peer.range ? isExternal(text) && isWithin(peer.range, rangeOf(text)) : text === peer.name);
  const found = connections.filter(({ src, dst }) => isPeer(src, source) && isPeer(dst, destination));
  return portText(atoms, ({ protocol, from, to }) => found.some(({ parsed }) => parsed === 'ALL' || parsed.some((range) => range.protocol === protocol && range.ports[0] <= from && to <= range.ports[1])));
}

/** What connects the ends of two peers, where all of them agree. */
function actualText(matrix: Matrix, source: Peer, destination: Peer, atoms: readonly PortAtom[]): string {
  const ends = [...matrix.pods, ...matrix.workloads, ...matrix.external];
  const texts = new Set(source.ends.flatMap((from) => destination.ends.map((to) => portText(atoms, (_, index) => matrix.results[index]!.rows[ends.indexOf(from)]![ends.indexOf(to)] === '.'))));
  return [...texts].join(' or ');
}

export const npGuard = adapter<NpGuardCase>({
  families: ['np-guard-netpol', 'np-guard-anp'],
  run(given, { api }) {
    const { manifests, peers, expected } = given;
    const nodes = manifests.some(({ kind }) => kind === 'DaemonSet') ? 1 : 0;
    return api.inCluster({ nodes, dns: { replicas: 0 } }, objectsOf(manifests), async (cluster) => {
      const inside = peers.filter((name) => !isExternal(name) && name !== INGRESS_CONTROLLER).map((name) => peerOf(name, manifests));
      const outside = rangesOf(given).map((range): Peer => ({ name: formatRange(range), range, ends: blocksOf(range) }));
      const atoms = atomsOf(given);
      const matrix = (await cluster.send('POST', 'reachability', {
        pods: inside.filter(({ list }) => list === 'pods').flatMap(({ ends }) => ends), workloads: inside.filter(({ list }) => list === 'workloads').flatMap(({ ends }) => ends),
        external: outside.flatMap(({ ends }) => ends), ports: atoms.map(({ protocol, from }) => ({ protocol, port: from })), listeners: false,
      })) as Matrix;
      const all: readonly Peer[] = [...inside, ...outside];
      const findings = all.map((source): Finding => {
        const others = all.filter((destination) => destination !== source && !(source.range && destination.range));
        const of = (text: (destination: Peer) => string): object => Object.fromEntries(others.map((destination) => [destination.name, text(destination)]).filter(([, ports]) => ports !== ''));
        return { name: source.name, expected: of((destination) => expectedText(expected.connections, source, destination, atoms)), actual: of((destination) => actualText(matrix, source, destination, atoms)) };
      });
      const ofController = expected.connections.filter(({ src, dst }) => src === INGRESS_CONTROLLER || dst === INGRESS_CONTROLLER);
      return ofController.length === 0 ? findings : [...findings, { name: INGRESS_CONTROLLER, expected: ofController.length, actual: 'not asked' }];
    });
  },
});
