/**
 * Why a packet was lost or refused, in Kubernetes and Linux terms: the catalogue behind `reason.code`. Titles and fixes
 * are data, for the API's documentation; messages describe the case at hand, with the details that are known.
 */
import { placeName } from './place-name.js';
import { capitalise } from '../values/capitalise.js';

interface Reason {
  /** What the code means, in one line. */
  readonly title: string;
  /** What to change, most likely cause first. */
  readonly fix: string;
}

/**
 * Details by name: `subject` (e.g. `Service default/web`), `address`, `port`, `protocol`, `node`, `pod`, `netns`, `name`, …,
 * `why` as a clause, and `fix` as a sentence if this case has a more specific one.
 */
type Details = Readonly<Record<string, string>>;
type Message = (details: Details) => string;

export const REASONS = {
  // Services
  SERVICE_NO_ENDPOINTS: { title: 'The Service has no ready endpoint.', fix: 'Give the Service a selector that matches the labels of pods that are Ready, or start such pods; a Service without a selector needs an EndpointSlice.' },
  SERVICE_NO_LOCAL_ENDPOINTS: { title: 'The Service\'s traffic policy is Local and this node has no ready endpoint of it.', fix: 'Send the traffic to a node that runs a ready pod of the Service, run one on every node (a DaemonSet), or set the traffic policy to Cluster.' },
  SERVICE_PORT_NOT_FOUND: { title: 'The Service has no such port.', fix: 'Use a port (and protocol) that is listed in the Service\'s spec.ports, or add this one there.' },
  SERVICE_NOT_FOUND: { title: 'No Service has that virtual IP.', fix: 'Use the clusterIP of a Service that exists (a Service that is made anew gets another one), or better its name.' },
  SERVICE_OF_ANOTHER_PROXY: { title: 'The Service is labelled as another proxy\'s, so kube-proxy makes no rules for it.', fix: 'Remove the label service.kubernetes.io/service-proxy-name from the Service, unless the cluster has the proxy that it names.' },
  SERVICE_LABELLED_HEADLESS: { title: 'The Service is labelled as headless, so kube-proxy makes no rules for it, though it has a cluster IP.', fix: 'Remove the label service.kubernetes.io/headless from the Service: it is for the EndpointSlices of Services without a cluster IP.' },
  SERVICE_NOT_EXPOSED: { title: 'The Service has no address of the kind that was asked for.', fix: 'Set the Service\'s type to NodePort or LoadBalancer, or give it externalIPs; or reach it by its ClusterIP.' },
  LOAD_BALANCER_SOURCE_RANGES: { title: 'The client\'s address is outside the Service\'s loadBalancerSourceRanges.', fix: 'Add the client\'s address to spec.loadBalancerSourceRanges, or remove the field.' },
  LOAD_BALANCER_PENDING: { title: 'The Service has no load balancer address yet.', fix: 'Enlarge underlay.loadBalancer.cidr so that an address is free, or set status.loadBalancer.ingress yourself.' },
  LOAD_BALANCER_NO_HEALTHY_NODE: { title: 'No node passes the load balancer\'s health check.', fix: 'Run a ready pod of the Service on a node that is up (with externalTrafficPolicy Local only such nodes pass), or set externalTrafficPolicy to Cluster.' },
  ICMP_TO_VIRTUAL_IP: { title: 'A Service\'s address is only rules for its ports; nobody answers a ping to it.', fix: 'Ask with TCP or UDP and one of the Service\'s ports, or ping a pod of the Service.' },
  HAIRPIN_OFF: { title: 'The Service chose the client\'s own pod, and the bridge may not send a frame back to the port it came from.', fix: 'Switch the cluster\'s hairpin setting on, or let the pod reach itself by localhost.' },

  // Network policies
  NETWORK_POLICY_INGRESS: { title: 'A policy selects the server and does not let this client in.', fix: 'Add an ingress rule whose from and ports cover this client, or take the server\'s labels out of the policy\'s podSelector; where a rule of an admin policy denies, put one that allows or passes before it.' },
  NETWORK_POLICY_EGRESS: { title: 'A policy selects the client and does not let this packet out.', fix: 'Add an egress rule whose to and ports cover this destination after DNAT: the pod and its port, not the Service (and port 53 for DNS); where a rule of an admin policy denies, put one that allows or passes before it.' },
  POLICY_NOT_MODELLED: { title: 'A stored object would decide about this traffic, but it is not enforced here.', fix: 'Read the answer as the one without that object; delete the object for a definite verdict.' },

  // The server's end
  NO_LISTENER: { title: 'Nothing listens on that port there.', fix: 'Start a program on that port, or correct the port: a Service\'s targetPort must be one that the container listens on.' },
  NO_SUCH_CONNECTION: { title: 'The server\'s kernel knows of no such connection, and resets it.', fix: 'Connect anew: the server was replaced, or connection tracking sent an open connection to another endpoint; close connections before their endpoint goes.' },
  NO_PORT_DECLARED: { title: 'The pod\'s containers declare no ports, so the model knows of no listening socket.', fix: 'Declare containerPort for each port that the program listens on, or set the annotation packetwalk.dev/listen.' },
  ADDRESS_IN_USE: { title: 'Another program of the same network namespace has the port already; the later one got no socket.', fix: 'Give the containers of one pod different ports, and the hostNetwork pods of one node: they share one network namespace.' },
  LISTENS_ON_LOOPBACK_ONLY: { title: 'The program listens on 127.0.0.1, so only its own pod or host reaches it.', fix: 'Make the program listen on 0.0.0.0 (all addresses) or on the pod\'s IP.' },
  LISTENS_ON_OTHER_ADDRESS: { title: 'The program listens on this port, but on another address.', fix: 'Make the program listen on 0.0.0.0 (all addresses), or send to the address that it listens on.' },

  // Pods, nodes, addresses
  POD_IP_UNASSIGNED: { title: 'The pod has no IP address.', fix: 'See why the pod is Pending: its schedulingGates have to be taken off, and it needs a node that is schedulable, with a podCIDR that has a free address.' },
  POD_NOT_RUNNING: { title: 'The pod has finished, so its network namespace is gone.', fix: 'Start the pod again, or ask about one that is running.' },
  POD_NOT_FOUND: { title: 'No pod has that address.', fix: 'Use the address of a pod that exists (they change when pods are replaced), or better the name of a Service.' },
  NO_SUCH_ADDRESS: { title: 'No machine on that network has the address.', fix: 'Use an address that a node, a LAN host or the gateway has, or add a host with this one.' },
  NEIGHBOUR_UNREACHABLE: { title: 'Nobody answered the ARP question for the next hop.', fix: 'Check that a machine with that address is on this link, and up; else correct the route\'s next hop.' },
  NODE_DOWN: { title: 'The node is cut off from the network.', fix: 'Remove the annotation packetwalk.dev/link: down from the node, and set its Ready condition to True.' },
  LINK_DOWN: { title: 'The interface that the packet has to leave by is down.', fix: 'Bring the link up: remove the annotation packetwalk.dev/link: down from the node, and set its Ready condition to True.' },

  // Routing
  NO_ROUTE: { title: 'No route leads to the destination.', fix: 'Add a route to the destination (or a default route) where the packet got stuck, or correct the destination.' },
  UNREACHABLE_PRIVATE_ADDRESS: { title: 'The address is not a public one; the internet\'s routers have no route to it.', fix: 'From outside, reach the cluster by a LoadBalancer Service, or by a port forward at the gateway to a node\'s address and node port; pod IPs and cluster IPs lead somewhere only on nodes and in pods. From inside, correct the address.' },
  NODE_PORT_NOT_FORWARDED: { title: 'The node has only a private address and the gateway forwards no port to it.', fix: 'Add the node port to underlay.gateway.portForwards, or reach the Service by a load balancer (type LoadBalancer, asked for via loadBalancer).' },
  IP_FORWARD_OFF: { title: 'The node does not forward packets that are not for itself.', fix: 'Set sysctls.ip_forward to 1.' },
  ROUTE_LOCALNET_OFF: { title: 'The kernel routes no packet with a loopback address out of another interface.', fix: 'Set sysctls.route_localnet to 1 to use node ports on 127.0.0.1, or use the node\'s own address.' },
  LOCALNET_BLOCKED: { title: 'A rule drops packets to loopback addresses that come from outside the host.', fix: 'Use an address of the node other than 127.0.0.1; loopback node ports are for programs on the node itself.' },
  MARTIAN_SOURCE: { title: 'The packet\'s source address cannot come in by that interface (a martian), so the kernel dropped it.', fix: 'Find where the packet was turned back: its source is an address of the machine that received it, or one that is valid only inside a machine (127.0.0.0/8), or of no single machine (0.0.0.0, multicast, broadcast).' },
  MARTIAN_DESTINATION: { title: 'The packet\'s destination may not come in from outside (a martian), so the kernel dropped it.', fix: 'Send to an address other than 127.0.0.0/8 or 0.0.0.0.' },
  REVERSE_PATH_FILTER: { title: 'The route back to the source leaves by another interface, and the reverse path filter is strict.', fix: 'Set sysctls.rp_filter to 0 or 2 (loose), or make the routes symmetric.' },
  TTL_EXPIRED: { title: 'The packet\'s hop limit (TTL) ran out before it arrived.', fix: 'Send with a larger TTL; if 64 is not enough, look for a routing loop.' },
  MTU_EXCEEDED: { title: 'The packet is larger than the next link carries, and may not be fragmented.', fix: 'Send less in one packet, allow fragmentation (dontFragment: false), or raise the MTU of that link.' },
  LOOP: { title: 'The packet came back to where it had been; it would go round until its TTL runs out.', fix: 'Correct the routes of the places it goes round in: one of them sends the packet back.' },

  // Filters and connection tracking
  FORWARD_POLICY_DROP: { title: 'No rule of the FORWARD chain accepted the packet, and the chain\'s policy is DROP.', fix: 'Set the node\'s forwardPolicy to ACCEPT, or use traffic that kube-proxy\'s rules accept, such as a NodePort.' },
  INPUT_POLICY_DROP: { title: 'No rule of the INPUT chain accepted the packet, and the chain\'s policy is DROP.', fix: 'Add a rule that accepts this traffic, or change the chain\'s policy to ACCEPT.' },
  OUTPUT_POLICY_DROP: { title: 'No rule of the OUTPUT chain accepted the packet, and the chain\'s policy is DROP.', fix: 'Add a rule that accepts this traffic, or change the chain\'s policy to ACCEPT.' },
  DROPPED_BY_RULE: { title: 'A rule dropped the packet in silence.', fix: 'Change or remove the rule, or send traffic that it does not match.' },
  REJECTED_BY_RULE: { title: 'A rule answered the packet with an error.', fix: 'Change or remove the rule, or send traffic that it does not match.' },
  CONNTRACK_INVALID: { title: 'Connection tracking knows no connection that the packet belongs to, and a rule drops such packets.', fix: 'Make both directions of the connection pass the same node; an asymmetric route shows each node only half of it.' },
  REPLY_BYPASSED_CONNTRACK: { title: 'The answer did not pass the place that had rewritten the request, so it came from an address the client never asked.', fix: 'Set sysctls.bridge-nf-call-iptables to 1 so that bridged answers pass the node\'s rules, or make the answer take the way of the request.' },
  REPLY_LOST: { title: 'The request arrived, but the answer did not come back.', fix: 'Look at the steps of the way back: where it ends is the place to mend. Where that is a place that knows no pod IPs, have the request masqueraded (take its destination out of masquerade.nonMasqueradeCIDRs), or give the server a route to the pods.' },
  PORT_EXHAUSTED: { title: 'No free source port was left for the translated connection.', fix: 'Use more source addresses, or close connections.' },

  // DNS, Ingress, load balancers as proxies
  DNS_NAME_NOT_FOUND: { title: 'The cluster\'s DNS has no such name.', fix: 'Check the spelling and the namespace: a Service in another namespace is <service>.<namespace>.' },
  DNS_SERVER_UNREACHABLE: { title: 'The DNS server could not be reached, so the name was never resolved.', fix: 'Make sure that the Service kube-system/kube-dns has ready pods and that no policy blocks port 53.' },
  DNS_NO_ADDRESS: { title: 'The name exists, but has no address.', fix: 'A headless Service has addresses only while it has ready pods; an ExternalName must name a host that resolves.' },
  DNS_ANSWER_UNKNOWN: { title: 'Only a server outside of the cluster could answer for the name, and those are not modelled.', fix: 'Ask for the address itself; or give the name one, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod\'s hostAliases.' },
  INGRESS_NO_MATCH: { title: 'No Ingress rule matches the host and path.', fix: 'Add a rule for this host and path, or a defaultBackend.' },
  INGRESS_NO_BACKEND: { title: 'The Ingress rule names a backend that does not exist or has no endpoints.', fix: 'Name an existing Service and port in the rule\'s backend, and give that Service ready pods.' },
  INGRESS_SOURCE_RANGES: { title: 'The Ingress refuses the address that its proxy sees as the client.', fix: 'Add the address to allowlist-source-range of the Ingress (or take it out of denylist-source-range). If the proxy sees a node in place of the client, set externalTrafficPolicy: Local on its Service.' },
  GATEWAY_NO_MATCH: { title: 'No HTTPRoute that is attached to the Gateway has a rule that matches.', fix: 'See in the HTTPRoute\'s status whether it is accepted, and compare its hostnames and matches with the request.' },
  GATEWAY_NO_BACKEND: { title: 'The HTTPRoute\'s backend has no ready endpoint.', fix: 'Give the Service that the rule names ready pods.' },
  GATEWAY_BACKEND_INVALID: { title: 'The HTTPRoute names a backend that it can not use.', fix: 'Name an existing Service and port; one of another namespace needs a ReferenceGrant there.' },
  HTTP_TLS_MISMATCH: { title: 'The client speaks http where TLS is expected, or https where it is not.', fix: 'Use https on ports that terminate TLS (443), http on others.' },
  PROXY_BACKEND_FAILED: { title: 'The proxy accepted the connection, but could not reach its backend.', fix: 'Look at the connection with role PROXY: where it ends is the place to mend.' },

  NOBODY_TOOK_IT: { title: 'The frame reached an interface that has another MAC address, so nobody took it.', fix: 'Ask with neighbours COLD; a stale table sent the frame to a machine that has moved.' },
  FRAGMENTATION_NOT_MODELLED: { title: 'The packet would have to be fragmented, which is not modelled.', fix: 'Send less in one packet, or raise the MTU of that link.' },
  NOT_MODELLED: { title: 'The packet met something that this model does not know.', fix: 'Avoid the feature that the message names; what lies beyond it is unknown.' },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(REASONS, code);

const subject = ({ subject }: Details, otherwise: string): string => (subject ? placeName(subject) : otherwise);
const place = ({ netns, node }: Details, otherwise: string): string => (netns ? placeName(netns) : node || otherwise);
/** `10.244.1.9:80`, or the part of it that is known. */
const target = ({ address, port }: Details, otherwise: string): string => (address ? (port ? `${address}:${port}` : address) : port ? `port ${port}` : otherwise);
/** `pod default/web-1` */
const podOf = ({ pod }: Details, otherwise: string): string => (pod ? `pod ${pod}` : otherwise);
const given = (value: string | undefined, text: (value: string) => string): string => (value ? text(value) : '');
/** For the beginning of a sentence; a node's name keeps its spelling. */
const placeFirst = (details: Details, otherwise: string): string => {
  const name = place(details, otherwise);
  return details['netns']?.startsWith('node:') || name === details['node'] ? name : capitalise(name);
};
/** `port 80/TCP` */
const portOf = ({ port, protocol }: Details, otherwise: string): string => (port ? `port ${port}${given(protocol, (name) => `/${name}`)}` : otherwise);

/** `: its selector app=web selects no pod` */
const because = ({ why }: Details): string => given(why, (cause) => `: ${cause}`);

/** ` on port 80/TCP` */
const onPort = (details: Details): string => given(portOf(details, ''), (port) => ` on ${port}`);

/** How it became known that an address does not exist: `by` is the lookup that failed. */
const foundOut = (details: Details): string => {
  switch (details['by']) {
    case 'ARP': return `: ${place(details, 'the sender')} asked for it by ARP and nobody answered`;
    case 'route': return `, and ${place(details, 'the router')} has no route to it`;
    case 'bridge': return `: ${place(details, 'its node')} has no pod on its bridge${given(details['interface'], (name) => ` ${name}`)}, so the bridge is down`;
    default: return '';
  }
};

const MESSAGES: Record<ReasonCode, Message> = {
  SERVICE_NO_ENDPOINTS: (d) => d['headless']
    ? `${subject(d, 'The Service')} is headless and has no ready endpoint${because(d)}${d['why'] ? ';' : ', so'} its name has no address and nothing can be sent.`
    : `${subject(d, 'The Service')} has no ready endpoint${given(d['port'], (port) => ` for port ${port}`)}${because(d)}${d['why'] ? ';' : ', so'} ${place(d, 'the node')} answers that the port is unreachable.`,
  SERVICE_NO_LOCAL_ENDPOINTS: (d) => `${subject(d, 'The Service')} sends this traffic only to endpoints on the same node (${d['policy'] || 'traffic policy'}: Local), and ${place(d, 'this node')} has none that is ready${given(d['elsewhere'], (nodes) => `; ${nodes}`)}.`,
  SERVICE_LABELLED_HEADLESS: (d) => `${subject(d, 'The Service')} has the label service.kubernetes.io/headless, so kube-proxy leaves it alone and no rule matches the packet.`,
  SERVICE_NOT_FOUND: (d) => `No Service has the address ${d['address'] || 'that was asked for'}, so no rule matches the packet, and ${place(d, 'the router')} has no route to it.`,
  SERVICE_OF_ANOTHER_PROXY: (d) => `${subject(d, 'The Service')} has the label service.kubernetes.io/service-proxy-name${given(d['name'], (name) => `: ${name}`)}, so kube-proxy leaves it alone and no rule matches the packet.`,
  SERVICE_PORT_NOT_FOUND: (d) => `${subject(d, 'The Service')} has no ${portOf(d, 'such port')}${given(d['ports'], (ports) => `; it has ${ports}`)}. No rule matches the packet${given(d['address'], (address) => `, and nobody owns the address ${address}`)}.`,
  SERVICE_NOT_EXPOSED: (d) => `${subject(d, 'The Service')} has no ${d['via'] || 'address of that kind'}.`,
  LOAD_BALANCER_SOURCE_RANGES: (d) => `${subject(d, 'The Service')} admits only its loadBalancerSourceRanges${given(d['ranges'], (ranges) => ` (${ranges})`)}, and ${d['source'] || 'the client'} is not in them.`,
  LOAD_BALANCER_PENDING: (d) => `${subject(d, 'The Service')} is of type LoadBalancer but has no address yet.`,
  LOAD_BALANCER_NO_HEALTHY_NODE: (d) => `No node passes the load balancer's health check for ${subject(d, 'the Service')}.`,
  ICMP_TO_VIRTUAL_IP: (d) => `${d['address'] || 'The address'} is the virtual IP of ${subject(d, 'a Service')}. It exists only in kube-proxy's rules, which are for the Service's ports: no rule matches a ping, and no machine has the address to answer one.`,
  HAIRPIN_OFF: (d) => `${d['subject'] ? `${placeName(d['subject'])} chose` : 'The packet was sent on to'} the client's own pod, and the bridge does not send a frame back out of the port${given(d['interface'], (port) => ` ${port}`)} it came in by (hairpin is off).`,
  NETWORK_POLICY_INGRESS: (d) => (d['rule']
    ? `${subject(d, 'A policy')} denies what ${d['source'] || 'this client'} sends to ${podOf(d, 'the server')}${onPort(d)}: ${d['rule']}.`
    : `${subject(d, 'A NetworkPolicy')} ${d['many'] ? 'select' : 'selects'} ${podOf(d, 'the server')}, and no ingress rule lets ${d['source'] || 'this client'} in${onPort(d)}${because(d)}.`),
  NETWORK_POLICY_EGRESS: (d) => `${d['rule']
    ? `${subject(d, 'A policy')} denies what ${podOf(d, 'the client')} sends to ${d['to'] || 'this destination'}${onPort(d)}: ${d['rule']}.`
    : `${subject(d, 'A NetworkPolicy')} ${d['many'] ? 'select' : 'selects'} ${podOf(d, 'the client')}, and no egress rule lets it send to ${d['to'] || 'this destination'}${onPort(d)}${because(d)}.`
  }${given(d['service'], (service) => ` That is still the virtual IP of ${service}: no rule has chosen an endpoint.`)}`,
  POLICY_NOT_MODELLED: (d) => `${subject(d, 'A stored object')} would decide about this traffic, but is stored without being enforced.`,
  NO_LISTENER: (d) => `Nothing listens on ${portOf(d, 'that port')} ${d['pod'] ? `in ${podOf(d, '')}` : `at ${place(d, 'the destination')}`}${given(d['listens'], (ports) => ` (it listens on ${ports})`)}, so its kernel refuses.${
    given(d['also'], (sentence) => ` ${sentence}`)}${given(d['nodePortOf'], (service) => ` It is the node port of ${service}, but kube-proxy has no rule for it at ${d['address'] || 'this address'}.`)
  }`,
  NO_SUCH_CONNECTION: (d) => `${placeFirst(d, 'the server')} has no open connection on ${target(d, 'that port')} with ${d['source'] || 'this client'}, so its kernel resets it.`,
  NO_PORT_DECLARED: (d) => `${capitalise(podOf(d, subject(d, 'the pod')))} declares no containerPort, so nothing is known to listen on ${portOf(d, 'that port')}.${given(d['also'], (sentence) => ` ${sentence}`)}`,
  ADDRESS_IN_USE: (d) => `${d['container'] ? `Container ${d['container']}` : 'The container'} has no socket on ${portOf(d, 'that port')}: ${d['holder'] ? `container ${d['holder']}` : 'another program'} of the same network namespace took it first.`,
  LISTENS_ON_LOOPBACK_ONLY: (d) => `${d['container'] ? `Container ${d['container']}` : 'The program'} listens on 127.0.0.1${given(d['port'], (port) => `:${port}`)} only, which nobody outside ${podOf(d, place(d, 'its network namespace'))} reaches.`,
  LISTENS_ON_OTHER_ADDRESS: (d) => `A program listens on ${portOf(d, 'that port')}${given(d['listens'], (address) => ` at ${address}`)}, but not on ${d['address'] || 'the address that was asked for'}.`,
  POD_IP_UNASSIGNED: (d) => `${capitalise(podOf(d, subject(d, 'the pod')))} has no IP address${d['node'] ? ` on ${d['node']}` : `, as it is not scheduled to a node${d['why'] ?? ''}`}.`,
  POD_NOT_RUNNING: (d) => `${capitalise(podOf(d, subject(d, 'the pod')))} has finished; its network namespace is gone.`,
  POD_NOT_FOUND: (d) => `No pod has the address ${d['address'] || 'that was asked for'}${foundOut(d)}.${given(d['openAt'], (netns) => ` ${placeFirst({ netns }, '')} sends the connection there all the same, because it has been open since an endpoint had the address.`)}`,
  NO_SUCH_ADDRESS: (d) => `No machine has the address ${d['address'] || 'that was asked for'}${given(d['externalIPOf'], (service) => `, an external IP of ${service}`)}${given(d['via'], (route) => `, the next hop of ${route}`)}${foundOut(d)}.`,
  NEIGHBOUR_UNREACHABLE: (d) => `Nobody answered ${place(d, 'the sender')}'s ARP question for ${d['address'] || 'the next hop'}${given(d['interface'], (device) => ` on ${device}`)}.`,
  NODE_DOWN: (d) => `${d['node'] ? `The node ${d['node']}` : capitalise(subject(d, 'the node'))} is cut off from the network, so nothing reaches it or its pods.`,
  LINK_DOWN: (d) => `The link${given(d['interface'], (device) => ` ${device}`)} of ${place(d, 'this place')} is down.`,
  NO_ROUTE: (d) => `${placeFirst(d, 'the router')} has no route to ${d['address'] || 'the destination'}.`,
  UNREACHABLE_PRIVATE_ADDRESS: (d) => `${d['address'] || 'The destination'} is ${d['owner'] ? `the address of ${d['owner']}, for use inside the cluster` : 'no public address'}; ${place(d, 'the internet\'s router')} has no route to it.`,
  NODE_PORT_NOT_FORWARDED: (d) => `${d['node'] ? `The node ${d['node']}` : 'The node'} has only the private address ${d['address'] || 'that it was given'}, and the gateway ${d['forwardedFrom'] ? `forwards to its ${portOf(d, 'node port')} from its own address ${d['forwardedFrom']} alone` : `has no port forward to its ${portOf(d, 'node port')}`}.`,
  IP_FORWARD_OFF: (d) => `${placeFirst(d, 'the node')} does not forward packets (ip_forward is 0).`,
  ROUTE_LOCALNET_OFF: (d) => `${placeFirst(d, 'the node')} does not route loopback addresses (route_localnet is 0), so a node port on 127.0.0.1 leads nowhere.`,
  LOCALNET_BLOCKED: (d) => `${placeFirst(d, 'the node')} drops the packet: ${d['address'] || 'its destination'} is a loopback address, and the packet comes from outside.`,
  MARTIAN_SOURCE: (d) => `${placeFirst(d, 'the receiver')} received a packet with the source ${d['source'] || 'address'} that cannot come in${given(d['interface'], (device) => ` by ${device}`)}${given(d['why'], (why) => `, ${why},`)} and dropped it as martian.`,
  MARTIAN_DESTINATION: (d) => `${placeFirst(d, 'the receiver')} dropped the packet as martian: ${d['address'] || 'its destination'} may not come in from outside.`,
  REVERSE_PATH_FILTER: (d) => `${placeFirst(d, 'the receiver')} would not send an answer to ${d['source'] || 'the source'} back by ${d['interface'] || 'the interface the packet came in by'}, so its reverse path filter dropped the packet.`,
  TTL_EXPIRED: (d) => `The TTL ran out at ${place(d, 'a router')}${given(d['ttl'], (ttl) => `: the packet was sent with ${ttl}`)}${given(d['why'], (why) => `, and ${why}`)}.`,
  MTU_EXCEEDED: (d) => `The packet${given(d['length'], (length) => ` of ${length} bytes`)} does not fit ${d['interface'] || 'the next link'}${given(d['mtu'], (mtu) => ` (MTU ${mtu})`)} at ${place(d, 'a router')}, and may not be fragmented.`,
  LOOP: (d) => `The packet came back to ${place(d, 'a place where it had been')}.`,
  FORWARD_POLICY_DROP: (d) => `No rule of ${place(d, 'the node')}'s FORWARD chain accepted the packet, and the chain's policy is DROP.`,
  INPUT_POLICY_DROP: (d) => `No rule of ${place(d, 'the host')}'s INPUT chain accepted the packet, and the chain's policy is DROP.`,
  OUTPUT_POLICY_DROP: (d) => `No rule of ${place(d, 'the host')}'s OUTPUT chain accepted the packet, and the chain's policy is DROP.`,
  DROPPED_BY_RULE: (d) => `A rule${given(d['chain'], (chain) => ` in ${chain}`)} at ${place(d, 'a host')} dropped the packet${given(d['subject'], (of) => ` (${of})`)}.`,
  REJECTED_BY_RULE: (d) => `A rule${given(d['chain'], (chain) => ` in ${chain}`)} at ${place(d, 'a host')} rejected the packet${given(d['subject'], (of) => ` (${of})`)}.`,
  CONNTRACK_INVALID: (d) => `${placeFirst(d, 'the node')} knows no connection that this packet belongs to (INVALID), and a rule drops such packets.`,
  REPLY_BYPASSED_CONNTRACK: (d) => `The answer came from ${d['source'] || 'the endpoint itself'} without passing the rules that had rewritten the request${given(d['address'], (address) => ` to ${address}`)}, so the client does not know it.`,
  REPLY_LOST: (d) => `The request arrived${given(d['subject'], (at) => ` at ${at}`)}, but the answer was lost at ${place(d, 'a place on the way back')}${given(d['why'], (why) => `, ${why}`)}.`,
  PORT_EXHAUSTED: (d) => `${placeFirst(d, 'the node')} has no free source port left for ${d['address'] || 'the translated address'}.`,
  DNS_NAME_NOT_FOUND: (d) => `${d['name'] ? `The name ${d['name']}` : 'The name'} does not exist${given(d['pod'], (pod) => ` for pod ${pod}`)} (NXDOMAIN)${given(d['subject'], (of) => `: ${of}`)}${d['subject']?.endsWith('?') ? '' : '.'}`,
  DNS_SERVER_UNREACHABLE: (d) => `${d['name'] ? `The name ${d['name']}` : 'The name'} was not resolved: no answer from the DNS server${given(d['address'], (address) => ` ${address}`)}.`,
  DNS_NO_ADDRESS: (d) => `${d['name'] ? `The name ${d['name']}` : 'The name'} exists, but has no IPv4 address${because(d)}.`,
  DNS_ANSWER_UNKNOWN: (d) => `What address ${d['name'] || 'the name'} has is not known here: ${d['subject'] || 'it is not a name of the cluster'}, and the servers that could answer are outside of it${given(d['hint'], (meant) => `; ${meant}`)}${d['hint']?.endsWith('?') ? '' : '.'}`,
  INGRESS_NO_MATCH: (d) => `No Ingress rule matches ${d['name'] || 'the host'}${d['path'] ?? ''}${because(d)}.`,
  INGRESS_NO_BACKEND: (d) => `${subject(d, 'The Ingress rule')} names the backend ${d['name'] || 'Service'}, which ${d['why'] || 'does not exist or has no endpoints'}.`,
  INGRESS_SOURCE_RANGES: (d) => `${subject(d, 'The Ingress')} refuses ${d['source'] || 'the client'}${because(d)}.`,
  GATEWAY_NO_MATCH: (d) => `${subject(d, 'The Gateway')} has no route with a rule for ${d['name'] || 'the host'}${d['path'] ?? ''}${because(d)}.`,
  GATEWAY_NO_BACKEND: (d) => `${subject(d, 'The HTTPRoute')} sends the request to ${d['name'] || 'a Service'}, which has no ready endpoint${because(d)}.`,
  GATEWAY_BACKEND_INVALID: (d) => `${subject(d, 'The HTTPRoute')} has no backend for the request: ${d['why'] || 'its backendRef is not valid'}.`,
  HTTP_TLS_MISMATCH: (d) => `The client speaks ${d['name'] || 'another protocol'} to ${d['port'] ? `port ${d['port']}` : 'a port'}, which ${d['name'] === 'https' ? 'does not speak TLS' : 'expects TLS'}.`,
  PROXY_BACKEND_FAILED: (d) => `${subject(d, 'The proxy')} accepted the connection but could not reach ${target(d, 'its backend')}.`,
  NOBODY_TOOK_IT: (d) => `The frame came in to ${place(d, 'a machine')}${given(d['interface'], (device) => ` by ${device}`)}, but was for another MAC address, so nobody took it.`,
  FRAGMENTATION_NOT_MODELLED: (d) => `The packet${given(d['length'], (length) => ` of ${length} bytes`)} does not fit ${d['interface'] || 'the next link'}${given(d['mtu'], (mtu) => ` (MTU ${mtu})`)} at ${place(d, 'a router')}, and fragmentation is not modelled.`,
  NOT_MODELLED: (d) => `The packet met ${d['subject'] ? `${placeName(d['subject'])}, which is not modelled` : 'something that this model does not know'}.`,
};

/** A more specific fix, if the details allow one; `undefined` for the code's general fix. */
const LIKELIER_FIXES: Partial<Record<ReasonCode, (details: Details) => string | undefined>> = {
  NETWORK_POLICY_INGRESS: (d) => policyFix(d, 'Add an ingress rule whose from and ports cover this client, or take the server\'s labels out of the policy\'s podSelector.'),
  NETWORK_POLICY_EGRESS: (d) => policyFix(d, 'Add an egress rule whose to and ports cover this destination after DNAT: the pod and its port, not the Service (and port 53 for DNS).'),
  NO_LISTENER: (d) => d['nodePortOf'] && 'Ask at an address of the node that kube-proxy serves node ports at, or let kubeProxy.nodePortAddresses (and for 127.0.0.1 kubeProxy.localhostNodePorts) cover this one.',
  NO_SUCH_ADDRESS: (d) =>
    d['externalIPOf'] && 'Bring the address to a node, which Kubernetes leaves to you: let a node of the client\'s network announce it (announces), or route it to one; from the internet use a Service of type LoadBalancer.',
};

/** A rule that denies is an admin policy's; a NetworkPolicy denies because none of its rules allows. */
const policyFix = ({ subject, rule }: Details, ofNetworkPolicy: string): string | undefined =>
  (rule ? 'Put a rule that allows or passes this traffic before the one that denies it, or narrow that one.' : subject && ofNetworkPolicy);

/** The title of a code as a clause; for an unknown code, the code in words. */
export function reasonClause(code: string): string {
  if (!isReasonCode(code)) return code.toLowerCase().replaceAll('_', ' ');
  const { title } = REASONS[code];
  return title.charAt(0).toLowerCase() + title.slice(1, -1);
}

/**
 * The case at hand in one sentence, and what to change. Details may be missing. A code from
 * elsewhere (the cause of a rule that this catalogue does not have) is described by its own words.
 */
export function describeReason(code: string, details: Details): { readonly message: string; readonly fix: string } {
  if (isReasonCode(code)) return { message: MESSAGES[code](details), fix: details['fix'] || LIKELIER_FIXES[code]?.(details) || REASONS[code].fix };
  return { message: `${capitalise(reasonClause(code))}${given(details['subject'], (of) => `: ${placeName(of)}`)}.`, fix: REASONS.NOT_MODELLED.fix };
}
