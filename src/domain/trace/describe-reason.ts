/** Describes the case behind a reason's code, with the details that are known. */
import { capitalise } from '../values/capitalise.js';
import { placeName } from './place-name.js';
import { isReasonCode, reasonClause, REASONS, type ReasonCode } from './reasons.js';

/**
 * Details by name: `subject` (e.g. `Service default/web`), `address`, `port`, `protocol`, `node`, `pod`, `netns`, `name`, …,
 * `why` as a clause, and `fix` as a sentence if this case has a more specific one.
 */
type Details = Readonly<Record<string, string>>;
type Message = (details: Details) => string;

const subject = ({ subject }: Details, otherwise: string): string => (subject ? placeName(subject) : otherwise);
const place = ({ netns, node }: Details, otherwise: string): string => (netns ? placeName(netns) : node || otherwise);
/** `10.244.1.9:80`, or the part of it that is known. */
const target = ({ address, port }: Details, otherwise: string): string =>
  address ? (port ? `${address}:${port}` : address) : port ? `port ${port}` : otherwise;
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
  SERVICE_NO_ENDPOINTS: (d) =>
    d['headless']
      ? `${subject(d, 'The Service')} is headless and has no ready endpoint${because(d)}${d['why'] ? ';' : ', so'} its name has no address and nothing can be sent.`
      : `${subject(d, 'The Service')} has no ready endpoint${given(d['port'], (port) => ` for port ${port}`)}${because(d)}${d['why'] ? ';' : ', so'} ${place(d, 'the node')} answers that the port is unreachable.`,
  SERVICE_NO_LOCAL_ENDPOINTS: (d) =>
    `${subject(d, 'The Service')} sends this traffic only to endpoints on the same node (${d['policy'] || 'traffic policy'}: Local), and ${place(d, 'this node')} has none that is ready${given(d['elsewhere'], (nodes) => `; ${nodes}`)}.`,
  SERVICE_LABELLED_HEADLESS: (d) =>
    `${subject(d, 'The Service')} has the label service.kubernetes.io/headless, so kube-proxy leaves it alone and no rule matches the packet.`,
  SERVICE_NOT_FOUND: (d) =>
    `No Service has the address ${d['address'] || 'that was asked for'}, so no rule matches the packet, and ${place(d, 'the router')} has no route to it.`,
  SERVICE_OF_ANOTHER_PROXY: (d) =>
    `${subject(d, 'The Service')} has the label service.kubernetes.io/service-proxy-name${given(d['name'], (name) => `: ${name}`)}, so kube-proxy leaves it alone and no rule matches the packet.`,
  SERVICE_PORT_NOT_FOUND: (d) =>
    `${subject(d, 'The Service')} has no ${portOf(d, 'such port')}${given(d['ports'], (ports) => `; it has ${ports}`)}. No rule matches the packet${given(d['address'], (address) => `, and nobody owns the address ${address}`)}.`,
  SERVICE_NOT_EXPOSED: (d) => `${subject(d, 'The Service')} has no ${d['via'] || 'address of that kind'}.`,
  LOAD_BALANCER_SOURCE_RANGES: (d) =>
    `${subject(d, 'The Service')} admits only its loadBalancerSourceRanges${given(d['ranges'], (ranges) => ` (${ranges})`)}, and ${d['source'] || 'the client'} is not in them.`,
  LOAD_BALANCER_PENDING: (d) => `${subject(d, 'The Service')} is of type LoadBalancer but has no address yet.`,
  LOAD_BALANCER_NO_HEALTHY_NODE: (d) => `No node passes the load balancer's health check for ${subject(d, 'the Service')}.`,
  ICMP_TO_VIRTUAL_IP: (d) =>
    `${d['address'] || 'The address'} is the virtual IP of ${subject(d, 'a Service')}. It exists only in kube-proxy's rules, which are for the Service's ports: no rule matches a ping, and no machine has the address to answer one.`,
  HAIRPIN_OFF: (d) => {
    const chose = d['subject'] ? `${placeName(d['subject'])} chose` : 'The packet was sent on to';
    const port = `the port${given(d['interface'], (name) => ` ${name}`)} it came in by`;
    return `${chose} the client's own pod, and the bridge does not send a frame back out of ${port} (hairpin is off).`;
  },
  NETWORK_POLICY_INGRESS: (d) =>
    d['rule']
      ? `${subject(d, 'A policy')} denies what ${d['source'] || 'this client'} sends to ${podOf(d, 'the server')}${onPort(d)}: ${d['rule']}.`
      : `${subject(d, 'A NetworkPolicy')} ${d['many'] ? 'select' : 'selects'} ${podOf(d, 'the server')}, and no ingress rule lets ${d['source'] || 'this client'} in${onPort(d)}${because(d)}.`,
  NETWORK_POLICY_EGRESS: (d) =>
    `${
      d['rule']
        ? `${subject(d, 'A policy')} denies what ${podOf(d, 'the client')} sends to ${d['to'] || 'this destination'}${onPort(d)}: ${d['rule']}.`
        : `${subject(d, 'A NetworkPolicy')} ${d['many'] ? 'select' : 'selects'} ${podOf(d, 'the client')}, and no egress rule lets it send to ${d['to'] || 'this destination'}${onPort(d)}${because(d)}.`
    }${given(d['service'], (service) => ` That is still the virtual IP of ${service}: no rule has chosen an endpoint.`)}`,
  POLICY_NOT_MODELLED: (d) => `${subject(d, 'A stored object')} would decide about this traffic, but is stored without being enforced.`,
  NO_LISTENER: (d) =>
    `Nothing listens on ${portOf(d, 'that port')} ${d['pod'] ? `in ${podOf(d, '')}` : `at ${place(d, 'the destination')}`}${given(d['listens'], (ports) => ` (it listens on ${ports})`)}, so its kernel refuses.${given(
      d['also'],
      (sentence) => ` ${sentence}`,
    )}${given(
      d['nodePortOf'],
      (service) => ` It is the node port of ${service}, but kube-proxy has no rule for it at ${d['address'] || 'this address'}.`,
    )}`,
  NO_SUCH_CONNECTION: (d) =>
    `${placeFirst(d, 'the server')} has no open connection on ${target(d, 'that port')} with ${d['source'] || 'this client'}, so its kernel resets it.`,
  NO_PORT_DECLARED: (d) =>
    `${capitalise(podOf(d, subject(d, 'the pod')))} declares no containerPort, so nothing is known to listen on ${portOf(d, 'that port')}.${given(d['also'], (sentence) => ` ${sentence}`)}`,
  ADDRESS_IN_USE: (d) =>
    `${d['container'] ? `Container ${d['container']}` : 'The container'} has no socket on ${portOf(d, 'that port')}: ${d['holder'] ? `container ${d['holder']}` : 'another program'} of the same network namespace took it first.`,
  LISTENS_ON_LOOPBACK_ONLY: (d) =>
    `${d['container'] ? `Container ${d['container']}` : 'The program'} listens on 127.0.0.1${given(d['port'], (port) => `:${port}`)} only, which nobody outside ${podOf(d, place(d, 'its network namespace'))} reaches.`,
  LISTENS_ON_OTHER_ADDRESS: (d) =>
    `A program listens on ${portOf(d, 'that port')}${given(d['listens'], (address) => ` at ${address}`)}, but not on ${d['address'] || 'the address that was asked for'}.`,
  POD_IP_UNASSIGNED: (d) =>
    `${capitalise(podOf(d, subject(d, 'the pod')))} has no IP address${d['node'] ? ` on ${d['node']}` : `, as it is not scheduled to a node${d['why'] ?? ''}`}.`,
  POD_NOT_RUNNING: (d) => `${capitalise(podOf(d, subject(d, 'the pod')))} has finished; its network namespace is gone.`,
  POD_NOT_FOUND: (d) =>
    `No pod has the address ${d['address'] || 'that was asked for'}${foundOut(d)}.${given(d['openAt'], (netns) => ` ${placeFirst({ netns }, '')} sends the connection there all the same, because it has been open since an endpoint had the address.`)}`,
  NO_SUCH_ADDRESS: (d) =>
    `No machine has the address ${d['address'] || 'that was asked for'}${given(d['externalIPOf'], (service) => `, an external IP of ${service}`)}${given(d['via'], (route) => `, the next hop of ${route}`)}${foundOut(d)}.`,
  NEIGHBOUR_UNREACHABLE: (d) =>
    `Nobody answered ${place(d, 'the sender')}'s ARP question for ${d['address'] || 'the next hop'}${given(d['interface'], (device) => ` on ${device}`)}.`,
  NODE_DOWN: (d) =>
    `${d['node'] ? `The node ${d['node']}` : capitalise(subject(d, 'the node'))} is cut off from the network, so nothing reaches it or its pods.`,
  LINK_DOWN: (d) => `The link${given(d['interface'], (device) => ` ${device}`)} of ${place(d, 'this place')} is down.`,
  NO_ROUTE: (d) => `${placeFirst(d, 'the router')} has no route to ${d['address'] || 'the destination'}.`,
  UNREACHABLE_PRIVATE_ADDRESS: (d) =>
    `${d['address'] || 'The destination'} is ${d['owner'] ? `the address of ${d['owner']}, for use inside the cluster` : 'no public address'}; ${place(d, "the internet's router")} has no route to it.`,
  NODE_PORT_NOT_FORWARDED: (d) => {
    const port = portOf(d, 'node port');
    const forwards = d['forwardedFrom'] ? `forwards to its ${port} from its own address ${d['forwardedFrom']} alone` : `has no port forward to its ${port}`;
    return `The node${given(d['node'], (name) => ` ${name}`)} has only the private address ${d['address'] || 'that it was given'}, and the gateway ${forwards}.`;
  },
  IP_FORWARD_OFF: (d) => `${placeFirst(d, 'the node')} does not forward packets (ip_forward is 0).`,
  ROUTE_LOCALNET_OFF: (d) =>
    `${placeFirst(d, 'the node')} does not route loopback addresses (route_localnet is 0), so a node port on 127.0.0.1 leads nowhere.`,
  LOCALNET_BLOCKED: (d) =>
    `${placeFirst(d, 'the node')} drops the packet: ${d['address'] || 'its destination'} is a loopback address, and the packet comes from outside.`,
  MARTIAN_SOURCE: (d) =>
    `${placeFirst(d, 'the receiver')} received a packet with the source ${d['source'] || 'address'} that cannot come in${given(d['interface'], (device) => ` by ${device}`)}${given(d['why'], (why) => `, ${why},`)} and dropped it as martian.`,
  MARTIAN_DESTINATION: (d) =>
    `${placeFirst(d, 'the receiver')} dropped the packet as martian: ${d['address'] || 'its destination'} may not come in from outside.`,
  REVERSE_PATH_FILTER: (d) =>
    `${placeFirst(d, 'the receiver')} would not send an answer to ${d['source'] || 'the source'} back by ${d['interface'] || 'the interface the packet came in by'}, so its reverse path filter dropped the packet.`,
  TTL_EXPIRED: (d) =>
    `The TTL ran out at ${place(d, 'a router')}${given(d['ttl'], (ttl) => `: the packet was sent with ${ttl}`)}${given(d['why'], (why) => `, and ${why}`)}.`,
  MTU_EXCEEDED: (d) =>
    `The packet${given(d['length'], (length) => ` of ${length} bytes`)} does not fit ${d['interface'] || 'the next link'}${given(d['mtu'], (mtu) => ` (MTU ${mtu})`)} at ${place(d, 'a router')}, and may not be fragmented.`,
  LOOP: (d) => `The packet came back to ${place(d, 'a place where it had been')}.`,
  FORWARD_POLICY_DROP: (d) => `No rule of ${place(d, 'the node')}'s FORWARD chain accepted the packet, and the chain's policy is DROP.`,
  INPUT_POLICY_DROP: (d) => `No rule of ${place(d, 'the host')}'s INPUT chain accepted the packet, and the chain's policy is DROP.`,
  OUTPUT_POLICY_DROP: (d) => `No rule of ${place(d, 'the host')}'s OUTPUT chain accepted the packet, and the chain's policy is DROP.`,
  DROPPED_BY_RULE: (d) =>
    `A rule${given(d['chain'], (chain) => ` in ${chain}`)} at ${place(d, 'a host')} dropped the packet${given(d['subject'], (of) => ` (${of})`)}.`,
  REJECTED_BY_RULE: (d) =>
    `A rule${given(d['chain'], (chain) => ` in ${chain}`)} at ${place(d, 'a host')} rejected the packet${given(d['subject'], (of) => ` (${of})`)}.`,
  CONNTRACK_INVALID: (d) => `${placeFirst(d, 'the node')} knows no connection that this packet belongs to (INVALID), and a rule drops such packets.`,
  REPLY_BYPASSED_CONNTRACK: (d) =>
    `The answer came from ${d['source'] || 'the endpoint itself'} without passing the rules that had rewritten the request${given(d['address'], (address) => ` to ${address}`)}, so the client does not know it.`,
  REPLY_LOST: (d) =>
    `The request arrived${given(d['subject'], (at) => ` at ${at}`)}, but the answer was lost at ${place(d, 'a place on the way back')}${given(d['why'], (why) => `, ${why}`)}.`,
  PORT_EXHAUSTED: (d) => `${placeFirst(d, 'the node')} has no free source port left for ${d['address'] || 'the translated address'}.`,
  DNS_NAME_NOT_FOUND: (d) =>
    `${d['name'] ? `The name ${d['name']}` : 'The name'} does not exist${given(d['pod'], (pod) => ` for pod ${pod}`)} (NXDOMAIN)${given(d['subject'], (of) => `: ${of}`)}${d['subject']?.endsWith('?') ? '' : '.'}`,
  DNS_SERVER_UNREACHABLE: (d) =>
    `${d['name'] ? `The name ${d['name']}` : 'The name'} was not resolved: no answer from the DNS server${given(d['address'], (address) => ` ${address}`)}.`,
  DNS_NO_ADDRESS: (d) => `${d['name'] ? `The name ${d['name']}` : 'The name'} exists, but has no IPv4 address${because(d)}.`,
  DNS_ANSWER_UNKNOWN: (d) =>
    `What address ${d['name'] || 'the name'} has is not known here: ${d['subject'] || 'it is not a name of the cluster'}, and the servers that could answer are outside of it${given(d['hint'], (meant) => `; ${meant}`)}${d['hint']?.endsWith('?') ? '' : '.'}`,
  INGRESS_NO_MATCH: (d) => `No Ingress rule matches ${d['name'] || 'the host'}${d['path'] ?? ''}${because(d)}.`,
  INGRESS_NO_BACKEND: (d) =>
    `${subject(d, 'The Ingress rule')} names the backend ${d['name'] || 'Service'}, which ${d['why'] || 'does not exist or has no endpoints'}.`,
  INGRESS_SOURCE_RANGES: (d) => `${subject(d, 'The Ingress')} refuses ${d['source'] || 'the client'}${because(d)}.`,
  INGRESS_PASSWORD: (d) =>
    `${subject(d, 'The Ingress')} asks for a password (auth-type: ${d['name'] || 'basic'}), and the request has no header Authorization with one.`,
  INGRESS_PASSWORD_FILE: (d) =>
    `${subject(d, 'The Ingress')} asks for a password, but ingress-nginx refuses all requests, because ${d['why'] || 'its auth-secret is missing'}.`,
  INGRESS_CLIENT_CERTIFICATE: (d) => `${subject(d, 'The Ingress')} asks clients for a certificate, and refuses this one${because(d)}.`,
  GATEWAY_NO_MATCH: (d) => `${subject(d, 'The Gateway')} has no route with a rule for ${d['name'] || 'the host'}${d['path'] ?? ''}${because(d)}.`,
  GATEWAY_NO_BACKEND: (d) =>
    `${subject(d, 'The HTTPRoute')} sends the request to ${d['name'] || 'a Service'}, which has no ready endpoint${because(d)}.`,
  GATEWAY_BACKEND_INVALID: (d) => `${subject(d, 'The HTTPRoute')} has no backend for the request: ${d['why'] || 'its backendRef is not valid'}.`,
  HTTP_TLS_MISMATCH: (d) =>
    `The client speaks ${d['name'] || 'another protocol'} to ${d['port'] ? `port ${d['port']}` : 'a port'}, which ${d['name'] === 'https' ? 'does not speak TLS' : 'expects TLS'}.`,
  PROXY_BACKEND_FAILED: (d) => `${subject(d, 'The proxy')} accepted the connection but could not reach ${target(d, 'its backend')}.`,
  NOBODY_TOOK_IT: (d) =>
    `The frame came in to ${place(d, 'a machine')}${given(d['interface'], (device) => ` by ${device}`)}, but was for another MAC address, so nobody took it.`,
  FRAGMENTATION_NOT_MODELLED: (d) =>
    `The packet${given(d['length'], (length) => ` of ${length} bytes`)} does not fit ${d['interface'] || 'the next link'}${given(d['mtu'], (mtu) => ` (MTU ${mtu})`)} at ${place(d, 'a router')}, and fragmentation is not modelled.`,
  NOT_MODELLED: (d) =>
    `The packet met ${d['subject'] ? `${placeName(d['subject'])}, which is not modelled` : 'something that this model does not know'}.`,
};

/** A more specific fix, if the details allow one; `undefined` for the code's general fix. */
const LIKELIER_FIXES: Partial<Record<ReasonCode, (details: Details) => string | undefined>> = {
  NETWORK_POLICY_INGRESS: (d) =>
    policyFix(d, "Add an ingress rule whose from and ports cover this client, or take the server's labels out of the policy's podSelector."),
  NETWORK_POLICY_EGRESS: (d) =>
    policyFix(
      d,
      'Add an egress rule whose to and ports cover this destination after DNAT: the pod and its port, not the Service (and port 53 for DNS).',
    ),
  NO_LISTENER: (d) =>
    d['nodePortOf'] &&
    'Ask at an address of the node that kube-proxy serves node ports at, or let kubeProxy.nodePortAddresses (and for 127.0.0.1 kubeProxy.localhostNodePorts) cover this one.',
  NO_SUCH_ADDRESS: (d) =>
    d['externalIPOf'] &&
    "Bring the address to a node, which Kubernetes leaves to you: let a node of the client's network announce it (announces), or route it to one; from the internet use a Service of type LoadBalancer.",
};

/** A rule that denies is an admin policy's; a NetworkPolicy denies because none of its rules allows. */
const policyFix = ({ subject, rule }: Details, ofNetworkPolicy: string): string | undefined =>
  (rule ? 'Put a rule that allows or passes this traffic before the one that denies it, or narrow that one.' : subject && ofNetworkPolicy);
/**
 * The case at hand in one sentence, and what to change. Details may be missing. A code from
 * elsewhere (the cause of a rule that this catalogue does not have) is described by its own words.
 */
export function describeReason(code: string, details: Details): { readonly message: string; readonly fix: string } {
  if (isReasonCode(code)) return { message: MESSAGES[code](details), fix: details['fix'] || LIKELIER_FIXES[code]?.(details) || REASONS[code].fix };
  return { message: `${capitalise(reasonClause(code))}${given(details['subject'], (of) => `: ${placeName(of)}`)}.`, fix: REASONS.NOT_MODELLED.fix };
}
