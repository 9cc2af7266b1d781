/** The recorded runs of a real kernel, and the settings and manifests for their cluster. */
import { readFileSync } from 'node:fs';
import { mergePatch } from '../../src/domain/cluster/merge-patch.js';

export interface Probe {
  readonly type: 'tcp' | 'udp' | 'ping' | 'traceroute' | 'command' | 'announce';
  readonly dst: string;
  readonly port?: number;
  readonly sport?: number;
  readonly ttl?: number;
  readonly source?: string;
  /** Only in an announcement: the address, and the announcing machine if it is not the scenario's client. */
  readonly ip?: string;
  readonly client?: string;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly variant: string;
  readonly client: string;
  readonly probes: readonly Probe[];
  readonly cache?: 'warm';
  /** Seconds that the recording waited after the last probe. */
  readonly linger?: number;
  /** Commands, each preceded by the name of the machine on which it was run. */
  readonly setup?: readonly (readonly string[])[];
  readonly after_warm_up?: readonly (readonly string[])[];
  readonly expect?: readonly { readonly outcome: string; readonly server?: string; readonly saw_client?: string; readonly hops?: readonly string[] }[];
  /** `null` if the kernel chose at random. */
  readonly packets: readonly string[] | null;
}

interface Serve {
  readonly proto: string;
  readonly port: number;
}

export interface Topology {
  readonly cluster: { readonly hairpin: boolean; readonly masquerade_random_fully: boolean; readonly node_sysctls: Readonly<Record<string, 0 | 1>>; readonly pod_cidr: string; readonly service_cidr: string };
  readonly gateway: { readonly lan_ip: string; readonly wan_ip: string; readonly isp_ip: string; readonly port_forwards: readonly { readonly proto: string; readonly port: number; readonly to: string }[]; readonly routes: readonly { readonly dst: string; readonly via: string }[] };
  readonly internet_hosts: readonly { readonly name: string; readonly ip: string; readonly serve: readonly Serve[] }[];
  readonly lan_hosts: readonly { readonly name: string; readonly ip: string; readonly serve: readonly Serve[] }[];
  readonly nodes: readonly {
    readonly name: string; readonly ip: string; readonly pod_cidr: string; readonly serve?: readonly Serve[]; readonly arp_speaker?: readonly string[];
    readonly pods: readonly { readonly name: string; readonly ip: string; readonly serve: readonly Serve[] }[];
  }[];
  readonly services: readonly {
    readonly name: string; readonly ip: string; readonly port: number; readonly proto?: string; readonly node_port?: number; readonly lb_ips?: readonly string[];
    readonly endpoints: readonly string[]; readonly external_policy?: string; readonly internal_policy?: string; readonly health_check_node_port?: number;
    readonly session_affinity_seconds?: number; readonly source_ranges?: readonly string[];
  }[];
  readonly network_policies: readonly {
    readonly name: string; readonly pods: readonly string[]; readonly deny: 'DROP' | 'REJECT';
    readonly ingress: readonly { readonly from: readonly string[]; readonly proto: string; readonly port: number }[];
  }[];
  readonly variants: Readonly<Record<string, object>>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), 'utf8'));

export const SCENARIOS = read('scenarios') as readonly Scenario[];
const TOPOLOGY = read('topology') as Topology;

export const topologyOf = (variant: string): Topology => mergePatch(TOPOLOGY, TOPOLOGY.variants[variant] ?? {}) as Topology;

/** The changes of a scenario before its flow, in terms of the API. */
export interface Changes {
  readonly linksDown: ReadonlySet<string>;
  readonly lanRoutes: readonly { readonly host: string; readonly to: string; readonly via: string }[];
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly routes: ReadonlyMap<string, readonly { readonly to: string; readonly via: string; readonly src: string }[]>;
  readonly forwardDrop: ReadonlySet<string>;
}

/** @throws RangeError for a command that cannot be expressed in the API */
export function changesOf({ setup = [], after_warm_up = [] }: Scenario): Changes {
  const changes = {
    linksDown: new Set<string>(),
    lanRoutes: [] as Changes['lanRoutes'][number][],
    addresses: new Map<string, string[]>(),
    routes: new Map<string, { to: string; via: string; src: string }[]>(),
    forwardDrop: new Set<string>(),
  };
  for (const [machine = '', ...command] of [...setup, ...after_warm_up]) {
    const words = command.join(' ');
    const down = /^ip link set p-(\S+) down$/.exec(words);
    const lanRoute = /^ip route add (\S+) via (\S+)$/.exec(words);
    const address = /^ip addr add (\S+)\/32 dev eth0$/.exec(words);
    const route = /^ip route replace (\S+) via (\S+) src (\S+)$/.exec(words);
    if (machine === 'lan' && down) changes.linksDown.add(down[1]!);
    else if (lanRoute) changes.lanRoutes.push({ host: machine, to: lanRoute[1]!, via: lanRoute[2]! });
    else if (address) changes.addresses.set(machine, [...(changes.addresses.get(machine) ?? []), address[1]!]);
    else if (route) changes.routes.set(machine, [...(changes.routes.get(machine) ?? []), { to: route[1]!, via: route[2]!, src: route[3]! }]);
    else if (words === 'iptables -P FORWARD DROP') changes.forwardDrop.add(machine);
    else throw new RangeError(`the API has no word for: ${machine} ${words}`);
  }
  return changes;
}

/** The request body that creates the cluster. */
export function clusterBody(name: string, topology: Topology, changes: Changes): object {
  const { cluster, gateway } = topology;
  const sysctl = (key: string): 0 | 1 => cluster.node_sysctls[key] ?? 0;
  const listen = (serve: readonly Serve[]): string[] => serve.map(({ proto, port }) => `${port}/${proto}`);
  return {
    name, podCIDR: cluster.pod_cidr, serviceCIDR: cluster.service_cidr, dns: { replicas: 0 }, hairpin: cluster.hairpin,
    kubeProxy: { randomFully: cluster.masquerade_random_fully },
    ...(topology.network_policies[0] ? { networkPolicy: { denyWith: topology.network_policies[0].deny } } : {}),
    sysctls: {
      'bridge-nf-call-iptables': sysctl('net.bridge.bridge-nf-call-iptables'), ip_forward: sysctl('net.ipv4.ip_forward'),
      rp_filter: sysctl('net.ipv4.conf.all.rp_filter'), route_localnet: sysctl('net.ipv4.conf.all.route_localnet'),
    },
    underlay: {
      gateway: {
        internalIP: gateway.lan_ip, externalIP: gateway.wan_ip,
        portForwards: gateway.port_forwards.map(({ proto, port, to }) => ({ protocol: proto.toUpperCase(), port, to })),
      },
      isp: { ip: gateway.isp_ip },
      internetHosts: topology.internet_hosts.map(({ ip, serve }) => ({ ip, listen: listen(serve) })),
      lanHosts: topology.lan_hosts.map((host) => ({ name: host.name, ip: host.ip, listen: listen(host.serve), routes: changes.lanRoutes.filter((route) => route.host === host.name).map(({ to, via }) => ({ to, via })) })),
    },
    nodes: topology.nodes.map((node) => ({
      name: node.name, internalIP: node.ip, podCIDR: node.pod_cidr, announces: node.arp_speaker ?? [],
      addresses: changes.addresses.get(node.name) ?? [], routes: changes.routes.get(node.name) ?? [],
      forwardPolicy: changes.forwardDrop.has(node.name) ? 'DROP' : 'ACCEPT',
    })),
  };
}

/** Pods with their addresses, Services without selectors, and EndpointSlices. */
export function manifestsOf(topology: Topology): object[] {
  return [
    ...topology.nodes.flatMap((node) => podsOf(node, topology)), ...topology.services.flatMap((service) => serviceAndSlice(service, topology)),
    ...topology.network_policies.map(networkPolicy),
  ];
}

const containerPorts = (serve: readonly Serve[]): object[] => serve.map(({ proto, port }) => ({ containerPort: port, protocol: proto.toUpperCase() }));

/** The recorded policies name their pods; here they select them by a label with the policy's name. */
const policyLabels = (pod: string, { network_policies }: Topology): object =>
  Object.fromEntries(network_policies.filter(({ pods }) => pods.includes(pod)).map(({ name }) => [name.replace('/', '.'), 'selected']));

function networkPolicy({ name, ingress }: Topology['network_policies'][number]): object {
  const [namespace = '', rest = ''] = name.split('/');
  return {
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: rest, namespace },
    spec: {
      podSelector: { matchLabels: { [name.replace('/', '.')]: 'selected' } },
      ingress: ingress.map(({ from, proto, port }) => ({ from: from.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ protocol: proto.toUpperCase(), port }] })),
    },
  };
}

function podsOf(node: Topology['nodes'][number], topology: Topology): object[] {
  const pod = (name: string, serve: readonly Serve[], spec: object, status?: object): object => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: policyLabels(name, topology) }, ...(status ? { status } : {}),
    spec: { nodeName: node.name, containers: [{ name: 'serve', image: 'serve', ports: containerPorts(serve) }], ...spec },
  });
  return [
    ...node.pods.map(({ name, ip, serve }) => pod(name, serve, {}, { podIP: ip })),
    ...(node.serve ? [pod(`serve-${node.name}`, node.serve, { hostNetwork: true })] : []),
  ];
}

function serviceAndSlice(service: Topology['services'][number], topology: Topology): object[] {
  const [namespace = '', rest = ''] = service.name.split('/');
  const [name = '', portName] = rest.split(':');
  const protocol = (service.proto ?? 'tcp').toUpperCase();
  const port = { ...(portName ? { name: portName } : {}), protocol };
  const type = service.lb_ips ? 'LoadBalancer' : service.node_port ? 'NodePort' : 'ClusterIP';
  const nodeOf = (ip: string): string | undefined => topology.nodes.find((node) => node.ip === ip || node.pods.some((pod) => pod.ip === ip))?.name;
  const targetPort = service.endpoints[0]?.split(':')[1] ?? String(service.port);
  return [{
    apiVersion: 'v1', kind: 'Service', metadata: { name, namespace },
    spec: {
      type, clusterIP: service.ip, ports: [{ ...port, port: service.port, targetPort: Number(targetPort), ...(service.node_port ? { nodePort: service.node_port } : {}) }],
      ...(service.external_policy ? { externalTrafficPolicy: service.external_policy } : {}),
      ...(service.internal_policy ? { internalTrafficPolicy: service.internal_policy } : {}),
      ...(service.health_check_node_port ? { healthCheckNodePort: service.health_check_node_port } : {}),
      ...(service.source_ranges ? { loadBalancerSourceRanges: service.source_ranges } : {}),
      ...(service.session_affinity_seconds ? { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: service.session_affinity_seconds } } } : {}),
    },
    ...(service.lb_ips ? { status: { loadBalancer: { ingress: service.lb_ips.map((ip) => ({ ip, ipMode: 'VIP' })) } } } : {}),
  }, {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    ports: [{ name: portName ?? '', protocol, port: Number(targetPort) }],
    endpoints: service.endpoints.map((endpoint) => {
      const ip = endpoint.split(':')[0]!;
      return { addresses: [ip], conditions: { ready: true }, nodeName: nodeOf(ip) };
    }),
  }];
}
