/** Random clusters with namespaces, pods and policies, created by the control plane. */
import fc from 'fast-check';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import { ControlPlane } from './control-plane.js';
import { DEFAULT_SETTINGS } from './fake-view.js';

interface Peer {
  readonly kind: 'pods' | 'namespaces' | 'both' | 'block';
  readonly app: number;
  readonly namespace: number;
  readonly node: number;
  readonly except: boolean;
}
interface PolicyRecipe {
  readonly namespace: number;
  readonly app: number | null;
  readonly direction: 'Ingress' | 'Egress';
  readonly peers: readonly Peer[] | null;
  readonly port: number | string | null;
}
export interface PolicyWorld {
  readonly nodes: number;
  readonly pods: readonly { readonly namespace: number; readonly app: number; readonly node: number; readonly hostNetwork: boolean; readonly listens: boolean }[];
  readonly policies: readonly PolicyRecipe[];
  readonly bridgeNf: 0 | 1;
  readonly rpFilter: 0 | 1 | 2;
  readonly masqueradesPods: boolean;
  readonly cut: number | null;
  /** The node port of a Service that selects the pods of one app. */
  readonly service: number | null;
}

const NAMESPACES = 2;
const APPS = 3;

const peers: fc.Arbitrary<Peer> = fc.record({
  kind: fc.constantFrom('pods' as const, 'namespaces' as const, 'both' as const, 'block' as const),
  app: fc.nat(APPS - 1),
  namespace: fc.nat(NAMESPACES - 1),
  node: fc.nat(2),
  except: fc.boolean(),
});

export const policyWorlds: fc.Arbitrary<PolicyWorld> = fc.record({
  nodes: fc.integer({ min: 1, max: 3 }),
  pods: fc.array(fc.record({ namespace: fc.nat(NAMESPACES - 1), app: fc.nat(APPS - 1), node: fc.nat(2), hostNetwork: fc.nat(5).map((dice) => dice === 0), listens: fc.nat(3).map((dice) => dice > 0) }), { minLength: 2, maxLength: 8 }),
  policies: fc.array(fc.record({
    namespace: fc.nat(NAMESPACES - 1), app: fc.option(fc.nat(APPS - 1)), direction: fc.constantFrom('Ingress' as const, 'Egress' as const),
    peers: fc.option(fc.array(peers, { maxLength: 3 })), port: fc.option(fc.constantFrom<number | string>(8080, 'web', 53)),
  }), { maxLength: 4 }),
  bridgeNf: fc.constantFrom(0 as const, 1 as const), rpFilter: fc.constantFrom(0 as const, 1 as const, 2 as const), masqueradesPods: fc.boolean(), cut: fc.option(fc.nat(2), { freq: 3 }),
  service: fc.option(fc.nat(APPS - 1)),
});

const app = (number: number): object => ({ matchLabels: { app: `a${number}` } });
const inNamespace = (number: number): object => ({ matchLabels: { 'kubernetes.io/metadata.name': `n${number}` } });

function peerObject({ kind, app: number, namespace, node, except }: Peer): object {
  switch (kind) {
    case 'pods': return { podSelector: app(number) };
    case 'namespaces': return { namespaceSelector: inNamespace(namespace) };
    case 'both': return { namespaceSelector: inNamespace(namespace), podSelector: app(number) };
    case 'block': return { ipBlock: { cidr: '10.244.0.0/16', ...(except ? { except: [`10.244.${node}.0/24`] } : {}) } };
  }
}

function policyObject({ namespace, app: number, direction, peers: named, port }: PolicyRecipe, index: number): object {
  const rule = {
    ...(named && named.length > 0 ? { [direction === 'Ingress' ? 'from' : 'to']: named.map(peerObject) } : {}),
    ...(port === null ? {} : { ports: [{ port, protocol: port === 53 ? 'UDP' : 'TCP' }] }),
  };
  return {
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace: `n${namespace}`, name: `p${index}` },
    spec: { podSelector: number === null ? {} : app(number), policyTypes: [direction], [direction.toLowerCase()]: named === null ? [] : [rule] },
  };
}

export async function buildPolicyWorld(world: PolicyWorld): Promise<ClusterState> {
  const plane = await ControlPlane.create(world.nodes, {
    sysctls: { ...DEFAULT_SETTINGS.sysctls, 'bridge-nf-call-iptables': world.bridgeNf, rp_filter: world.rpFilter },
    ...(world.masqueradesPods ? { masquerade: { nonMasqueradeCIDRs: [] } } : {}),
  });
  const objects: object[] = [
    ...Array.from({ length: NAMESPACES }, (_, index) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `n${index}` } })),
    ...world.pods.map(({ namespace, app: number, node, hostNetwork, listens }, index) => ({
      apiVersion: 'v1', kind: 'Pod', metadata: { namespace: `n${namespace}`, name: `pod-${index}`, labels: { app: `a${number}`, unique: `u${index}` } },
      spec: {
        nodeName: `node-${1 + (node % world.nodes)}`, hostNetwork,
        containers: [{ name: 'one', ...(listens ? { ports: [{ name: 'web', containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }] } : {}) }],
      },
    })),
    ...world.policies.map(policyObject),
    ...(world.service === null ? [] : [{ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'n0', name: 'web' }, spec: { type: 'NodePort', selector: { app: `a${world.service}` }, ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }] } }]),
  ];
  const { errors } = await plane.apply(...objects);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  if (world.cut !== null) {
    const node = plane.get(`Node node-${1 + (world.cut % world.nodes)}`);
    await plane.apply({ ...node, metadata: { ...node.metadata, annotations: { 'packetwalk.dev/link': 'down' } } });
  }
  return plane.index();
}
