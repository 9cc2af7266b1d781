/** Mistakes that people ask about in public, as they wrote them: the reason names the cause, and what it advises helps. */
import { expect, test } from 'vitest';
import type { ClusterSettings } from '../../../src/domain/cluster/settings.js';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../../src/services/traces/run-trace.js';
import { ControlPlane } from '../../support/control-plane.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';

const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}) => ({ apiVersion, kind, metadata: { name, ...metadata }, spec });
const pod = (name: string, labels: object, ports: readonly object[] = [], spec: object = {}, namespace = 'default') =>
  object('v1', 'Pod', name, { nodeName: 'node-1', containers: [{ name: 'app', ports }], ...spec }, { labels, namespace });
const service = (name: string, selector: object | null, port: object, more: object = {}, namespace = 'default') =>
  object('v1', 'Service', name, { ...(selector && { selector }), ports: [port], ...more }, { namespace });
const policy = (name: string, podSelector: object, spec: object, namespace = 'default') =>
  object('networking.k8s.io/v1', 'NetworkPolicy', name, { podSelector, ...spec }, { namespace });
const ingress = (path: string, pathType: string, host?: string) =>
  object('networking.k8s.io/v1', 'Ingress', 'shop', {
    ingressClassName: 'nginx',
    rules: [{ ...(host !== undefined && { host }), http: { paths: [{ path, pathType, backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
  });
const namespace = (name: string) => object('v1', 'Namespace', name, {});
const stateful = (name: string, serviceName: string) =>
  object('apps/v1', 'StatefulSet', name, {
    serviceName,
    replicas: 1,
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', ports: [{ containerPort: 5432 }] }] } },
  });
const endpoints = (name: string, port: object) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name, namespace: 'default' },
  subsets: [{ addresses: [{ ip: '198.51.100.20' }], ports: [port] }],
});
const matching = (labels: object) => ({ matchLabels: labels });
const HTTP = [{ name: 'http', containerPort: 80 }];
const client = pod('client', { app: 'client' });
const web = [pod('web', { app: 'web' }, HTTP), service('web', { app: 'web' }, { port: 80 })];
const exporter = pod('exporter', { app: 'exporter' }, [{ containerPort: 9100 }], { hostNetwork: true });
const from = (peer: object, ports?: readonly object[]) => ({ ingress: [{ from: [peer], ...(ports && { ports }) }] });
const outside = { internet: '198.51.100.10' };
const ANY_DNS = { ports: [{ port: 53, protocol: 'UDP' }] };
const toKubeSystem = (labels: object) => ({ to: [{ namespaceSelector: matching(labels) }], ...ANY_DNS });
const egress = (...rules: readonly object[]) => policy('client', matching({ app: 'client' }), { policyTypes: ['Egress'], egress: rules });
const toWeb = { to: [{ podSelector: matching({ app: 'web' }) }] };
const cloud = (address: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'cloud' },
  status: {
    addresses: [
      { type: 'InternalIP', address: '192.168.1.40' },
      { type: 'ExternalIP', address },
    ],
  },
});
const DNS = { dns: { replicas: 1 } };
const PROXY = { underlay: { ...DEFAULT_SETTINGS.underlay, loadBalancer: { ...DEFAULT_SETTINGS.underlay.loadBalancer, ipMode: 'Proxy' as const } } };

interface Row {
  readonly objects: readonly object[];
  readonly settings?: Partial<ClusterSettings>;
  readonly asker?: object;
  readonly to: object;
  readonly says: string;
  readonly fix: string;
  /** What follows the advice; where `ask` does, none. */
  readonly mend?: readonly object[];
  /** What is deleted before. */
  readonly without?: string;
  readonly ask?: object;
}

async function clusterOf(objects: readonly object[], settings: Partial<ClusterSettings> = {}): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2, settings);
  await plane.apply(client, ...objects);
  return plane;
}
const trace = (plane: ControlPlane, asker: object, to: object, more: object = {}) =>
  presentTrace({
    id: null,
    cluster: 'lab',
    createdAt: '',
    differences: null,
    trace: runTrace(plane.index(), parseTraceRequest({ from: asker, to, record: false, ...more })),
  });

test.each<Row>([
  {
    objects: [pod('nginx', { run: 'nginx' }, HTTP), service('nginx', { app: 'nginx' }, { port: 80 })], to: { service: 'nginx', port: 80 },
    says: 'SERVICE_NO_ENDPOINTS: Service default/nginx has no ready endpoint for port 80: its selector app=nginx selects no pod of namespace default, where pods have run=nginx; node-1 answers that the port is unreachable.',
    fix: 'Write run=nginx instead of app=nginx in the selector of Service default/nginx, or start pods with the labels app=nginx in namespace default.',
    mend: [service('nginx', { run: 'nginx' }, { port: 80 })],
  },
  {
    objects: [
      pod('db', { app: 'shop', tier: 'db' }, [{ containerPort: 3306 }]), service('shop', { app: 'shop' }, { port: 80 }),
      pod('shop', { app: 'shop', tier: 'web' }, HTTP),
    ],
    to: { service: 'shop', port: 80 },
    says: 'NO_LISTENER: Nothing listens on port 80/TCP in pod default/db (it listens on 3306/TCP), so its kernel refuses. Others that Service default/shop selects do, such as pod default/shop.',
    fix: 'Add tier=web to the selector of Service default/shop, if pod default/db is not meant to be one of them, or let it listen on 80/TCP.',
    mend: [service('shop', { app: 'shop', tier: 'web' }, { port: 80 })],
  },
  {
    objects: [pod('db', { app: 'db' }, [{ containerPort: 5432 }]), service('postgres', { app: 'db' }, { port: 5432 })],
    to: { ip: '127.0.0.1', port: 5432 },
    says: 'NO_PORT_DECLARED: Pod default/client declares no containerPort, so nothing is known to listen on port 5432/TCP. 127.0.0.1 is pod default/client itself.',
    fix: 'Ask for port 5432 of postgres, the Service, or let pod default/client listen on 5432/TCP.', ask: { service: 'postgres', port: 5432 },
  },
  {
    objects: [
      pod('db', { app: 'db' }, [{ containerPort: 5432 }]), service('postgres', { app: 'db' }, { port: 5432 }),
      service('replicas', { app: 'db' }, { port: 5432 }),
    ],
    to: { ip: '127.0.0.1', port: 5432 },
    says: 'NO_PORT_DECLARED: Pod default/client declares no containerPort, so nothing is known to listen on port 5432/TCP. 127.0.0.1 is pod default/client itself.',
    fix: 'Ask for port 5432 of the Service that is meant (postgres or replicas), or let pod default/client listen on 5432/TCP.',
    ask: { service: 'replicas', port: 5432 },
  },
  {
    objects: [...web, service('web', { app: 'web' }, { port: 80, nodePort: 30080 }, { type: 'NodePort' })], asker: { pod: 'web' },
    to: { ip: '127.0.0.1', port: 30080 },
    says: 'NO_LISTENER: Nothing listens on port 30080/TCP in pod default/web (it listens on 80/TCP), so its kernel refuses. 127.0.0.1 is pod default/web itself.',
    fix: 'Ask for port 80 of web, the Service, or let pod default/web listen on 30080/TCP.', ask: { service: 'web', port: 80 },
  },
  {
    objects: [service('db', null, { name: 'db', port: 80 }), endpoints('db', { port: 80 })], to: { service: 'db', port: 80 },
    says: 'SERVICE_NO_ENDPOINTS: Service default/db has no ready endpoint for port 80: its Endpoints default/db has no port named "db" (TCP), but "" (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set name of subsets[0].ports[0] of Endpoints default/db to "db", as port 80 of Service default/db is called.',
    mend: [endpoints('db', { name: 'db', port: 80 })],
  },
  {
    objects: [], asker: outside, to: { ip: '192.0.2.77', port: 80 }, says: 'NO_SUCH_ADDRESS: No machine has the address 192.0.2.77.',
    fix: "Ask for the load balancer's address of a Service (in its status.loadBalancer): 192.0.2.0/24 is the range of load balancers, and none has 192.0.2.77.",
    mend: [...web, service('web', { app: 'web' }, { port: 80 }, { type: 'LoadBalancer' })], ask: { service: 'web', port: 80, via: 'loadBalancer' },
  },

  {
    objects: [
      namespace('back'), service('api', { app: 'web' }, { port: 8080, targetPort: 80 }, {}, 'back'), pod('web', { app: 'web' }, HTTP, {}, 'back'),
      object('v1', 'Service', 'api', { type: 'ExternalName', externalName: 'api.back' }),
    ],
    settings: DNS, to: { host: 'api', port: 8080 },
    says: 'DNS_ANSWER_UNKNOWN: What address api.back. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it; Service default/api is an ExternalName for api.back, and no search path completes the name that an ExternalName stands for.',
    fix: 'Set externalName of Service default/api to api.back.svc.cluster.local.',
    mend: [object('v1', 'Service', 'api', { type: 'ExternalName', externalName: 'api.back.svc.cluster.local' })],
  },
  {
    objects: [
      namespace('back'), service('api', { app: 'web' }, { port: 8080, targetPort: 80 }, { clusterIP: '10.96.0.77' }, 'back'),
      pod('web', { app: 'web' }, HTTP, {}, 'back'),
      object('v1', 'Service', 'api', { type: 'ExternalName', externalName: 'api.back.svc.cluster.local', ports: [{ port: 80, targetPort: 8080 }] }),
    ],
    settings: DNS, to: { host: 'api', port: 80 },
    says: 'SERVICE_PORT_NOT_FOUND: Service back/api has no port 80/TCP; it has 8080/TCP. No rule matches the packet, and nobody owns the address 10.96.0.77.',
    fix: 'Ask for port 8080/TCP (80 is its targetPort), or add port 80/TCP to spec.ports of Service back/api. The ports of Service default/api change nothing, as it is an ExternalName.',
    ask: { host: 'api', port: 8080 },
  },
  {
    objects: web, settings: DNS, to: { host: 'web.svc.cluster.local', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name web.svc.cluster.local does not exist (NXDOMAIN): the namespace is missing between web and svc.',
    fix: 'Ask for web.default.svc.cluster.local.', ask: { host: 'web.default.svc.cluster.local', port: 80 },
  },
  {
    objects: [namespace('back'), service('api', { app: 'web' }, { port: 80 }, {}, 'back'), pod('web', { app: 'web' }, HTTP, {}, 'back')],
    settings: DNS, to: { host: 'back.api', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address back.api. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it; did you mean api.back?',
    fix: "Ask for api.back instead; or give the name an address, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod's hostAliases.",
    ask: { host: 'api.back', port: 80 },
  },
  {
    objects: [stateful('db', 'db'), service('db-peers', { app: 'db' }, { port: 5432 }, { clusterIP: 'None' })], settings: DNS,
    to: { host: 'db-0.db-peers', port: 5432 },
    says: 'DNS_NAME_NOT_FOUND: The name db-0.db-peers does not exist (NXDOMAIN): pod default/db-0 has the subdomain db, not db-peers.',
    fix: 'Delete StatefulSet default/db and make it anew with the serviceName db-peers.', without: 'StatefulSet default/db',
    mend: [stateful('db', 'db-peers')],
  },

  {
    objects: [...web, ingress('/', 'Prefix', 'shop.example')], asker: outside, to: { url: 'http://192.0.2.1/' },
    says: 'INGRESS_NO_MATCH: No Ingress rule matches 192.0.2.1/: none names this host, which is an address; there are rules for shop.example.',
    fix: 'Ask for the host shop.example (by its name, or in the header Host), or add a rule without a host, or a defaultBackend.',
    ask: { url: 'http://shop.example/' },
  },
  {
    objects: [...web, ingress('/', 'Prefix', 'shop.example')], asker: outside, to: { url: 'http://192.0.2.1/' },
    says: 'INGRESS_NO_MATCH: No Ingress rule matches 192.0.2.1/: none names this host, which is an address; there are rules for shop.example.',
    fix: 'Ask for the host shop.example (by its name, or in the header Host), or add a rule without a host, or a defaultBackend.',
    mend: [ingress('/', 'Prefix')],
  },
  {
    objects: [...web, ingress('/cart', 'Exact', 'shop.example')], asker: outside, to: { url: 'http://shop.example/cart/1' },
    says: 'INGRESS_NO_MATCH: No Ingress rule matches shop.example/cart/1: of shop.example there is /cart (Exact).',
    fix: 'Set pathType of path /cart in Ingress default/shop to Prefix, or ask for /cart.', mend: [ingress('/cart', 'Prefix', 'shop.example')],
  },

  {
    objects: [...web, egress(ANY_DNS)], to: { service: 'web', port: 80 },
    says: 'NETWORK_POLICY_EGRESS: NetworkPolicy default/client selects pod default/client, and no egress rule lets it send to pod default/web (10.244.0.3) on port 80/TCP: spec.egress[0] is for every peer, but for port 53/UDP alone.',
    fix: 'Add to NetworkPolicy default/client an egress rule to podSelector app=web on port 80/TCP.',
    mend: [egress(ANY_DNS, { ...toWeb, ports: [{ port: 80 }] })],
  },
  {
    objects: [...web, egress(toWeb, { ports: [{ port: 53 }] })], settings: DNS, to: { host: 'web', port: 80 },
    says: 'DNS_SERVER_UNREACHABLE: The name web was not resolved: no answer from the DNS server 10.96.0.10. NetworkPolicy default/client selects pod default/client, and no egress rule lets it send to pod kube-system/coredns-6569c944b-stn7f (10.244.1.2) on port 53/UDP: spec.egress[1] is for every peer, but for port 53/TCP alone.',
    fix: 'Add port 53/UDP to the ports of spec.egress[1] of NetworkPolicy default/client.',
    mend: [egress(toWeb, { ports: [{ port: 53 }, { port: 53, protocol: 'UDP' }] })],
  },
  {
    objects: [...web, egress(toWeb, toKubeSystem({ name: 'kube-system' }))], settings: DNS, to: { host: 'web', port: 80 },
    says: 'DNS_SERVER_UNREACHABLE: The name web was not resolved: no answer from the DNS server 10.96.0.10. NetworkPolicy default/client selects pod default/client, and no egress rule lets it send to pod kube-system/coredns-6569c944b-stn7f (10.244.1.2) on port 53/UDP: none of its rules is for this peer; nearest is spec.egress[1] to[0], which is for namespaces with the labels name=kube-system, and namespace kube-system has kubernetes.io/metadata.name=kube-system.',
    fix: 'Add to NetworkPolicy default/client an egress rule to podSelector k8s-app=kube-dns and namespaceSelector kubernetes.io/metadata.name=kube-system on port 53/UDP.',
    mend: [egress(toWeb, toKubeSystem({ 'kubernetes.io/metadata.name': 'kube-system' }))],
  },
  {
    objects: [...web, policy('web', matching({ app: 'web' }), from({ podSelector: {} }, [{ port: 'htpp' }]))], to: { pod: 'web', port: 80 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/web selects pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 80/TCP: spec.ingress[0] is for this peer, but for the port named htpp (TCP) alone, and pod default/web has no port named htpp (but http).',
    fix: 'Set port htpp of spec.ingress[0] of NetworkPolicy default/web to http, or add port 80/TCP to the ports of spec.ingress[0] of NetworkPolicy default/web.',
    mend: [policy('web', matching({ app: 'web' }), from({ podSelector: {} }, [{ port: 'http' }]))],
  },
  {
    objects: [...web, policy('deny', {}, { policyTypes: ['Ingress'] }), policy('web', matching({ app: 'web' }), { policyTypes: ['Ingress'], ingress: [] })],
    to: { pod: 'web', port: 80 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/deny and NetworkPolicy default/web select pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 80/TCP: none of them has an ingress rule.',
    fix: 'Add to NetworkPolicy default/web an ingress rule from podSelector app=client on port 80/TCP.',
    mend: [policy('web', matching({ app: 'web' }), from({ podSelector: matching({ app: 'client' }) }, [{ port: 80 }]))],
  },
  {
    objects: [
      pod('web', { app: 'web' }, HTTP, { nodeName: 'node-2' }), exporter,
      policy('web', matching({ app: 'web' }), from({ podSelector: matching({ app: 'exporter' }) })),
    ],
    asker: { pod: 'exporter' }, to: { pod: 'web', port: 80 },
    says: "NETWORK_POLICY_INGRESS: NetworkPolicy default/web selects pod default/web, and no ingress rule lets 192.168.1.11 (node-1) in on port 80/TCP: none of its rules is for this peer; pod default/exporter is on the network of node-1, so that policies see the node's address, which no podSelector is for.",
    fix: 'Add to NetworkPolicy default/web an ingress rule from ipBlock 192.168.1.11/32 on port 80/TCP.',
    mend: [policy('web', matching({ app: 'web' }), from({ ipBlock: { cidr: '192.168.1.11/32' } }))],
  },
  {
    objects: [exporter, egress({ to: [{ podSelector: matching({ app: 'exporter' }) }] })], to: { pod: 'exporter', port: 9100 },
    says: "NETWORK_POLICY_EGRESS: NetworkPolicy default/client selects pod default/client, and no egress rule lets it send to 192.168.1.11 (node-1) on port 9100/TCP: none of its rules is for this peer; pod default/exporter is on the network of node-1, so that policies see the node's address, which no podSelector is for.",
    fix: 'Add to NetworkPolicy default/client an egress rule to ipBlock 192.168.1.11/32 on port 9100/TCP.',
    mend: [egress({ to: [{ ipBlock: { cidr: '192.168.1.11/32' } }], ports: [{ port: 9100 }] })],
  },
  {
    objects: [
      object('apps/v1', 'Deployment', 'api', { selector: matching({ name: 'api' }), template: { metadata: { labels: { name: 'api' } }, spec: { containers: [{ name: 'api', ports: [{ containerPort: 80 }] }] } } }, { labels: { app: 'api', tier: 'back' } }),
      service('api', { app: 'api', tier: 'back' }, { port: 80 }),
    ],
    to: { service: 'api', port: 80 },
    says: 'SERVICE_NO_ENDPOINTS: Service default/api has no ready endpoint for port 80: its selector app=api,tier=back selects no pod of namespace default, where the pods of Deployment default/api have name=api; node-1 answers that the port is unreachable.',
    fix: 'Set the selector of Service default/api to name=api, or start pods with the labels app=api,tier=back in namespace default.',
    mend: [service('api', { name: 'api' }, { port: 80 })],
  },
  {
    objects: [
      pod('web', { app: 'web' }, [{ containerPort: 8080 }]), service('web', { app: 'web' }, { port: 80, targetPort: 8080 }),
      policy('web', matching({ app: 'web' }), { ingress: [{ ports: [{ port: 80 }] }] }),
    ],
    to: { service: 'web', port: 80 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/web selects pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: spec.ingress[0] is for every peer, but for port 80/TCP alone.',
    fix: "Add port 8080/TCP to the ports of spec.ingress[0] of NetworkPolicy default/web (policies see the pod's port, not the Service's port 80).",
    mend: [policy('web', matching({ app: 'web' }), { ingress: [{ ports: [{ port: 80 }, { port: 8080 }] }] })],
  },
  {
    objects: [...web, ingress('/', 'Prefix', 'shop.example'), policy('web', matching({ app: 'web' }), from({ ipBlock: { cidr: '198.51.100.10/32' } }))],
    asker: outside, to: { url: 'http://shop.example/' },
    says: "NETWORK_POLICY_INGRESS: NetworkPolicy default/web selects pod default/web, and no ingress rule lets pod ingress-nginx/ingress-nginx-controller-775f799f66-l44ch (10.244.1.2) in on port 80/TCP: none of its rules is for this peer; nearest is spec.ingress[0] from[0], which holds 198.51.100.10, the client's own address, where policies see the proxy's.",
    fix: 'Add to NetworkPolicy default/web an ingress rule from podSelector app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/instance=ingress-nginx,app.kubernetes.io/component=controller and namespaceSelector kubernetes.io/metadata.name=ingress-nginx on port 80/TCP.',
    mend: [policy('web', matching({ app: 'web' }), from({ podSelector: matching({ 'app.kubernetes.io/name': 'ingress-nginx' }), namespaceSelector: matching({ 'kubernetes.io/metadata.name': 'ingress-nginx' }) }, [{ port: 80 }]))],
  },
  {
    objects: [
      pod('web', { app: 'web' }, HTTP, { nodeName: 'node-2' }), service('web', { app: 'web' }, { port: 80, nodePort: 30080 }, { type: 'NodePort' }),
      policy('web', matching({ app: 'web' }), from({ podSelector: matching({ app: 'client' }) })),
    ],
    to: { node: 'node-1', port: 30080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/web selects pod default/web, and no ingress rule lets 192.168.1.11 (node-1), which stands for 10.244.0.2 (the source was rewritten on the way), in on port 80/TCP: none of its rules is for this peer.',
    fix: 'Add to NetworkPolicy default/web an ingress rule from ipBlock 192.168.1.11/32 on port 80/TCP, or ask for the Service by its cluster IP, so that the policy sees 10.244.0.2.',
    ask: { service: 'web', port: 80 },
  },
  {
    objects: [
      ...web, service('web', { app: 'web' }, { port: 80 }, { type: 'LoadBalancer' }),
      egress({ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }),
    ],
    to: { service: 'web', port: 80, via: 'loadBalancer' },
    says: "NETWORK_POLICY_EGRESS: NetworkPolicy default/client selects pod default/client, and no egress rule lets it send to pod default/web (10.244.0.3) on port 80/TCP: none of its rules is for this peer; nearest is spec.egress[0] to[0], which holds 192.0.2.1, the Service's own address, where policies see the pod's.",
    fix: 'Add to NetworkPolicy default/client an egress rule to podSelector app=web on port 80/TCP.',
    mend: [egress({ ...toWeb, ports: [{ port: 80 }] })],
  },
  {
    objects: [pod('web', { app: 'web' }, HTTP, { hostname: 'busy', subdomain: 'peers' })], settings: DNS, to: { host: 'busy.peers', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address busy.peers. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it; the subdomain of pod default/web is peers, and there is no Service default/peers.',
    fix: 'Make Service default/peers with clusterIP None and a selector for pod default/web.',
    mend: [service('peers', { app: 'web' }, { port: 80 }, { clusterIP: 'None' })],
  },
  {
    objects: [{ ...pod('shop', { app: 'shop' }), spec: { nodeName: 'node-1', containers: [{ name: 'shop' }, { name: 'redis', ports: [{ containerPort: 6379 }] }] } }],
    settings: DNS, asker: { pod: 'shop' }, to: { host: 'redis', port: 6379 },
    says: 'DNS_NAME_NOT_FOUND: The name redis does not exist (NXDOMAIN): redis is a container of pod default/shop itself, and containers have no names in DNS.',
    fix: 'Ask for localhost: the containers of a pod share its network.', ask: { host: 'localhost', port: 6379 },
  },
  {
    objects: [], to: { node: 'node-1', port: 10250 },
    says: 'NO_LISTENER: Nothing listens on port 10250/TCP at node-1, so its kernel refuses. On a real node the kubelet does, which is not modelled.',
    fix: 'Ask for a node port that a Service has, or run a hostNetwork pod on node-1 that listens on 10250/TCP.',
    mend: [pod('kubelet', { app: 'kubelet' }, [{ containerPort: 10250 }], { hostNetwork: true })],
  },
  {
    objects: [...web, ingress('/', 'Prefix', '*.shop.example')], asker: outside,
    to: { url: 'http://a.b.shop.example/', headers: { Host: 'a.b.shop.example' } },
    says: 'DNS_ANSWER_UNKNOWN: What address a.b.shop.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; *.shop.example does not cover it.',
    fix: 'Ask for a name that *.shop.example covers, or name a.b.shop.example in the Ingress or HTTPRoute too.',
    ask: { url: 'http://b.shop.example/' },
  },
  {
    objects: [...web, ingress('/', 'Prefix', '*.shop.example')], asker: outside, to: { url: 'http://192.0.2.1/', headers: { Host: 'shop.example' } },
    says: 'INGRESS_NO_MATCH: No Ingress rule matches shop.example/: none names this host; there are rules for *.shop.example (* stands for one label).',
    fix: 'Ask for a host that they cover, or add a rule for this host and path, or a defaultBackend.',
    ask: { url: 'http://192.0.2.1/', headers: { Host: 'a.shop.example' } },
  },
  {
    objects: [...web, service('web', { app: 'web' }, { port: 80, nodePort: 30080 }, { type: 'NodePort' })], to: { node: 'node-2', port: 80 },
    says: 'NO_LISTENER: Nothing listens on port 80/TCP at node-2, so its kernel refuses.',
    fix: 'Ask for 30080, the node port of port 80 of Service default/web, or run a hostNetwork pod on node-2 that listens on 80/TCP.',
    ask: { node: 'node-2', port: 30080 },
  },
])('$says', async ({ objects, settings, asker = { pod: 'client' }, to, says, fix, without, mend = [], ask = to }) => {
  const plane = await clusterOf(objects, settings);
  const { reason } = trace(plane, asker, to).paths[0]!;
  if (without !== undefined) await plane.delete(without);
  for (const each of mend) await plane.apply(each);
  expect({ says: `${reason?.code}: ${reason?.message}`, fix: reason?.fix, mended: trace(plane, asker, ask).verdict }).toEqual({ says, fix, mended: 'REACHABLE' });
});

test.each<Pick<Row, 'objects' | 'settings' | 'asker' | 'to'> & { what: string; warns: readonly string[]; verdict?: string }>([
  {
    what: 'the port of a headless Service',
    objects: [pod('web', { app: 'web' }, [{ containerPort: 8080 }]), service('web', { app: 'web' }, { port: 80, targetPort: 8080 }, { clusterIP: 'None' })],
    to: { service: 'web', port: 80 },
    warns: ['Service default/web is headless, so that nothing translates its port 80: this goes to the targetPort 8080, but a client that asks for web:80 goes to port 80 of a pod'],
  },
  {
    what: 'the port that a headless Service and its pods share',
    objects: [pod('web', { app: 'web' }, HTTP), service('web', { app: 'web' }, { port: 80 }, { clusterIP: 'None' })],
    to: { service: 'web', port: 80 }, warns: [],
  },
  {
    what: 'a pod on its node\'s network that a policy names',
    objects: [exporter, policy('exporter', matching({ app: 'exporter' }), { policyTypes: ['Ingress'] })], to: { pod: 'exporter', port: 9100 },
    warns: ['NetworkPolicy default/exporter has no effect on pod default/exporter, which is on the network of node-1: policies are enforced for pods with a network of their own alone'],
  },
  {
    what: 'source ranges at a load balancer that connects itself',
    objects: [...web, service('web', { app: 'web' }, { port: 80 }, { type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24'] })],
    settings: PROXY, asker: outside, to: { service: 'web', port: 80, via: 'loadBalancer' },
    warns: ['loadBalancerSourceRanges of Service default/web does not have 198.51.100.10: with ipMode Proxy the load balancer itself would enforce it, which is not modelled; without it the answer would be as shown'],
    verdict: 'UNDETERMINED',
  },
  {
    what: 'the ExternalIP of a node', objects: [cloud('34.1.2.3')], asker: outside, to: { ip: '34.1.2.3', port: 30080 },
    warns: ['34.1.2.3 is the ExternalIP of node cloud, and the NAT that leads from there to the node is not modelled; without it the answer would be as shown'],
    verdict: 'UNDETERMINED',
  },
  {
    what: 'that ExternalIP where no host takes its place', objects: [cloud('34.1.2.3')],
    settings: { underlay: { ...DEFAULT_SETTINGS.underlay, internetHosts: [] } }, to: { ip: '34.1.2.3', port: 30080 },
    warns: ['34.1.2.3 is the ExternalIP of node cloud, and the NAT that leads from there to the node is not modelled; without it the answer would be as shown'],
    verdict: 'UNDETERMINED',
  },
  { what: 'another public address', objects: [cloud('34.1.2.3')], to: { ip: '34.1.2.4', port: 30080 }, warns: [] },
  {
    what: 'source ranges there that have the client',
    objects: [...web, service('web', { app: 'web' }, { port: 80 }, { type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/24'] })],
    settings: PROXY, asker: outside, to: { service: 'web', port: 80, via: 'loadBalancer' }, warns: [],
  },
])('a flow with a warning of $what', async ({ objects, settings, asker = { pod: 'client' }, to, warns, verdict = 'REACHABLE' }) => {
  const { warnings, ...found } = trace(await clusterOf(objects, settings), asker, to);
  expect({ verdict: found.verdict, warnings }).toEqual({ verdict, warnings: warns });
});

test('a backend that names the targetPort is taken by ingress-nginx, with a warning', async () => {
  const shop = ingress('/', 'Prefix', 'shop.example');
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 8080 } } } };
  const plane = await clusterOf([
    pod('web', { app: 'web' }, [{ containerPort: 8080 }]),
    service('web', { app: 'web' }, { port: 80, targetPort: 8080 }),
    { ...shop, spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example', http: { paths: [path] } }] } },
  ]);
  const { paths, warnings } = trace(plane, outside, { url: 'http://shop.example/' });
  expect(paths[0]!.http).toMatchObject({ status: 200, backendService: 'default/web', backendPort: 80 });
  expect(warnings).toContain(
    "8080 is the targetPort of port 80 of Service default/web: ingress-nginx takes it, but the Ingress API asks for the Service's port, and other controllers have no such backend",
  );
});
