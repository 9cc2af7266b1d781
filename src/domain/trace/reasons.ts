/**
 * Why a packet was lost or refused, in Kubernetes and Linux terms: the catalogue behind `reason.code`. Titles and fixes
 * are data, for the API's documentation; `describeReason` says more of the case at hand.
 */

interface Reason {
  /** What the code means, in one line. */
  readonly title: string;
  /** What to change, most likely cause first. */
  readonly fix: string;
}

export const REASONS = {
  // Services
  SERVICE_NO_ENDPOINTS: {
    title: 'The Service has no ready endpoint.',
    fix: 'Give the Service a selector that matches the labels of pods that are Ready, or start such pods; a Service without a selector needs an EndpointSlice.',
  },
  SERVICE_NO_LOCAL_ENDPOINTS: {
    title: "The Service's traffic policy is Local and this node has no ready endpoint of it.",
    fix: 'Send the traffic to a node that runs a ready pod of the Service, run one on every node (a DaemonSet), or set the traffic policy to Cluster.',
  },
  SERVICE_PORT_NOT_FOUND: {
    title: 'The Service has no such port.',
    fix: "Use a port (and protocol) that is listed in the Service's spec.ports, or add this one there.",
  },
  SERVICE_NOT_FOUND: {
    title: 'No Service has that virtual IP.',
    fix: 'Use the clusterIP of a Service that exists (a Service that is made anew gets another one), or better its name.',
  },
  SERVICE_OF_ANOTHER_PROXY: {
    title: "The Service is labelled as another proxy's, so kube-proxy makes no rules for it.",
    fix: 'Remove the label service.kubernetes.io/service-proxy-name from the Service, unless the cluster has the proxy that it names.',
  },
  SERVICE_LABELLED_HEADLESS: {
    title: 'The Service is labelled as headless, so kube-proxy makes no rules for it, though it has a cluster IP.',
    fix: 'Remove the label service.kubernetes.io/headless from the Service: it is for the EndpointSlices of Services without a cluster IP.',
  },
  SERVICE_NOT_EXPOSED: {
    title: 'The Service has no address of the kind that was asked for.',
    fix: "Set the Service's type to NodePort or LoadBalancer, or give it externalIPs; or reach it by its ClusterIP.",
  },
  LOAD_BALANCER_SOURCE_RANGES: {
    title: "The client's address is outside the Service's loadBalancerSourceRanges.",
    fix: "Add the client's address to spec.loadBalancerSourceRanges, or remove the field.",
  },
  LOAD_BALANCER_PENDING: {
    title: 'The Service has no load balancer address yet.',
    fix: 'Enlarge underlay.loadBalancer.cidr so that an address is free, or set status.loadBalancer.ingress yourself.',
  },
  LOAD_BALANCER_NO_HEALTHY_NODE: {
    title: "No node passes the load balancer's health check.",
    fix: 'Run a ready pod of the Service on a node that is up (with externalTrafficPolicy Local only such nodes pass), or set externalTrafficPolicy to Cluster.',
  },
  ICMP_TO_VIRTUAL_IP: {
    title: "A Service's address is only rules for its ports; nobody answers a ping to it.",
    fix: "Ask with TCP or UDP and one of the Service's ports, or ping a pod of the Service.",
  },
  HAIRPIN_OFF: {
    title: "The Service chose the client's own pod, and the bridge may not send a frame back to the port it came from.",
    fix: "Switch the cluster's hairpin setting on, or let the pod reach itself by localhost.",
  },

  // Network policies
  NETWORK_POLICY_INGRESS: {
    title: 'A policy selects the server and does not let this client in.',
    fix: "Add an ingress rule whose from and ports cover this client, or take the server's labels out of the policy's podSelector; where a rule of an admin policy denies, put one that allows or passes before it.",
  },
  NETWORK_POLICY_EGRESS: {
    title: 'A policy selects the client and does not let this packet out.',
    fix: 'Add an egress rule whose to and ports cover this destination after DNAT: the pod and its port, not the Service (and port 53 for DNS); where a rule of an admin policy denies, put one that allows or passes before it.',
  },
  POLICY_NOT_MODELLED: {
    title: 'A stored object would decide about this traffic, but it is not enforced here.',
    fix: 'Read the answer as the one without that object; delete the object for a definite verdict.',
  },

  // The server's end
  NO_LISTENER: {
    title: 'Nothing listens on that port there.',
    fix: "Start a program on that port, or correct the port: a Service's targetPort must be one that the container listens on.",
  },
  NO_SUCH_CONNECTION: {
    title: "The server's kernel knows of no such connection, and resets it.",
    fix: 'Connect anew: the server was replaced, or connection tracking sent an open connection to another endpoint; close connections before their endpoint goes.',
  },
  NO_PORT_DECLARED: {
    title: "The pod's containers declare no ports, so the model knows of no listening socket.",
    fix: 'Declare containerPort for each port that the program listens on, or set the annotation packetwalk.dev/listen.',
  },
  ADDRESS_IN_USE: {
    title: 'Another program of the same network namespace has the port already; the later one got no socket.',
    fix: 'Give the containers of one pod different ports, and the hostNetwork pods of one node: they share one network namespace.',
  },
  LISTENS_ON_LOOPBACK_ONLY: {
    title: 'The program listens on 127.0.0.1, so only its own pod or host reaches it.',
    fix: "Make the program listen on 0.0.0.0 (all addresses) or on the pod's IP.",
  },
  LISTENS_ON_OTHER_ADDRESS: {
    title: 'The program listens on this port, but on another address.',
    fix: 'Make the program listen on 0.0.0.0 (all addresses), or send to the address that it listens on.',
  },

  // Pods, nodes, addresses
  POD_IP_UNASSIGNED: {
    title: 'The pod has no IP address.',
    fix: 'See why the pod is Pending: its schedulingGates have to be taken off, and it needs a node that is schedulable, with a podCIDR that has a free address.',
  },
  POD_NOT_RUNNING: {
    title: 'The pod has finished, so its network namespace is gone.',
    fix: 'Start the pod again, or ask about one that is running.',
  },
  POD_NOT_FOUND: {
    title: 'No pod has that address.',
    fix: 'Use the address of a pod that exists (they change when pods are replaced), or better the name of a Service.',
  },
  NO_SUCH_ADDRESS: {
    title: 'No machine on that network has the address.',
    fix: 'Use an address that a node, a LAN host or the gateway has, or add a host with this one.',
  },
  NEIGHBOUR_UNREACHABLE: {
    title: 'Nobody answered the ARP question for the next hop.',
    fix: "Check that a machine with that address is on this link, and up; else correct the route's next hop.",
  },
  NODE_DOWN: {
    title: 'The node is cut off from the network.',
    fix: 'Remove the annotation packetwalk.dev/link: down from the node, and set its Ready condition to True.',
  },
  LINK_DOWN: {
    title: 'The interface that the packet has to leave by is down.',
    fix: 'Bring the link up: remove the annotation packetwalk.dev/link: down from the node, and set its Ready condition to True.',
  },

  // Routing
  NO_ROUTE: {
    title: 'No route leads to the destination.',
    fix: 'Add a route to the destination (or a default route) where the packet got stuck, or correct the destination.',
  },
  UNREACHABLE_PRIVATE_ADDRESS: {
    title: "The address is not a public one; the internet's routers have no route to it.",
    fix: "From outside, reach the cluster by a LoadBalancer Service, or by a port forward at the gateway to a node's address and node port; pod IPs and cluster IPs lead somewhere only on nodes and in pods. From inside, correct the address.",
  },
  NODE_PORT_NOT_FORWARDED: {
    title: 'The node has only a private address and the gateway forwards no port to it.',
    fix: 'Add the node port to underlay.gateway.portForwards, or reach the Service by a load balancer (type LoadBalancer, asked for via loadBalancer).',
  },
  IP_FORWARD_OFF: { title: 'The node does not forward packets that are not for itself.', fix: 'Set sysctls.ip_forward to 1.' },
  ROUTE_LOCALNET_OFF: {
    title: 'The kernel routes no packet with a loopback address out of another interface.',
    fix: "Set sysctls.route_localnet to 1 to use node ports on 127.0.0.1, or use the node's own address.",
  },
  LOCALNET_BLOCKED: {
    title: 'A rule drops packets to loopback addresses that come from outside the host.',
    fix: 'Use an address of the node other than 127.0.0.1; loopback node ports are for programs on the node itself.',
  },
  MARTIAN_SOURCE: {
    title: "The packet's source address cannot come in by that interface (a martian), so the kernel dropped it.",
    fix: 'Find where the packet was turned back: its source is an address of the machine that received it, or one that is valid only inside a machine (127.0.0.0/8), or of no single machine (0.0.0.0, multicast, broadcast).',
  },
  MARTIAN_DESTINATION: {
    title: "The packet's destination may not come in from outside (a martian), so the kernel dropped it.",
    fix: 'Send to an address other than 127.0.0.0/8 or 0.0.0.0.',
  },
  REVERSE_PATH_FILTER: {
    title: 'The route back to the source leaves by another interface, and the reverse path filter is strict.',
    fix: 'Set sysctls.rp_filter to 0 or 2 (loose), or make the routes symmetric.',
  },
  TTL_EXPIRED: {
    title: "The packet's hop limit (TTL) ran out before it arrived.",
    fix: 'Send with a larger TTL; if 64 is not enough, look for a routing loop.',
  },
  MTU_EXCEEDED: {
    title: 'The packet is larger than the next link carries, and may not be fragmented.',
    fix: 'Send less in one packet, allow fragmentation (dontFragment: false), or raise the MTU of that link.',
  },
  LOOP: {
    title: 'The packet came back to where it had been; it would go round until its TTL runs out.',
    fix: 'Correct the routes of the places it goes round in: one of them sends the packet back.',
  },

  // Filters and connection tracking
  FORWARD_POLICY_DROP: {
    title: "No rule of the FORWARD chain accepted the packet, and the chain's policy is DROP.",
    fix: "Set the node's forwardPolicy to ACCEPT, or use traffic that kube-proxy's rules accept, such as a NodePort.",
  },
  INPUT_POLICY_DROP: {
    title: "No rule of the INPUT chain accepted the packet, and the chain's policy is DROP.",
    fix: "Add a rule that accepts this traffic, or change the chain's policy to ACCEPT.",
  },
  OUTPUT_POLICY_DROP: {
    title: "No rule of the OUTPUT chain accepted the packet, and the chain's policy is DROP.",
    fix: "Add a rule that accepts this traffic, or change the chain's policy to ACCEPT.",
  },
  DROPPED_BY_RULE: { title: 'A rule dropped the packet in silence.', fix: 'Change or remove the rule, or send traffic that it does not match.' },
  REJECTED_BY_RULE: { title: 'A rule answered the packet with an error.', fix: 'Change or remove the rule, or send traffic that it does not match.' },
  CONNTRACK_INVALID: {
    title: 'Connection tracking knows no connection that the packet belongs to, and a rule drops such packets.',
    fix: 'Make both directions of the connection pass the same node; an asymmetric route shows each node only half of it.',
  },
  REPLY_BYPASSED_CONNTRACK: {
    title: 'The answer did not pass the place that had rewritten the request, so it came from an address the client never asked.',
    fix: "Set sysctls.bridge-nf-call-iptables to 1 so that bridged answers pass the node's rules, or make the answer take the way of the request.",
  },
  REPLY_LOST: {
    title: 'The request arrived, but the answer did not come back.',
    fix: 'Look at the steps of the way back: where it ends is the place to mend. Where that is a place that knows no pod IPs, have the request masqueraded (take its destination out of masquerade.nonMasqueradeCIDRs), or give the server a route to the pods.',
  },
  PORT_EXHAUSTED: { title: 'No free source port was left for the translated connection.', fix: 'Use more source addresses, or close connections.' },

  // DNS, Ingress, load balancers as proxies
  DNS_NAME_NOT_FOUND: {
    title: "The cluster's DNS has no such name.",
    fix: 'Check the spelling and the namespace: a Service in another namespace is <service>.<namespace>.',
  },
  DNS_SERVER_UNREACHABLE: {
    title: 'The DNS server could not be reached, so the name was never resolved.',
    fix: 'Make sure that the Service kube-system/kube-dns has ready pods and that no policy blocks port 53.',
  },
  DNS_NO_ADDRESS: {
    title: 'The name exists, but has no address.',
    fix: 'A headless Service has addresses only while it has ready pods; an ExternalName must name a host that resolves.',
  },
  DNS_ANSWER_UNKNOWN: {
    title: 'Only a server outside of the cluster could answer for the name, and those are not modelled.',
    fix: "Ask for the address itself; or give the name one, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod's hostAliases.",
  },
  INGRESS_NO_MATCH: { title: 'No Ingress rule matches the host and path.', fix: 'Add a rule for this host and path, or a defaultBackend.' },
  INGRESS_NO_BACKEND: {
    title: 'The Ingress rule names a backend that does not exist or has no endpoints.',
    fix: "Name an existing Service and port in the rule's backend, and give that Service ready pods.",
  },
  INGRESS_SOURCE_RANGES: {
    title: 'The Ingress refuses the address that its proxy sees as the client.',
    fix: 'Add the address to allowlist-source-range of the Ingress (or take it out of denylist-source-range). If the proxy sees a node in place of the client, set externalTrafficPolicy: Local on its Service.',
  },
  INGRESS_PASSWORD: {
    title: 'The Ingress asks for a password, and the request has none.',
    fix: 'Send the header Authorization with the name and password of a user of the auth-secret, or take auth-type off the Ingress.',
  },
  INGRESS_PASSWORD_FILE: {
    title: 'The Ingress asks for a password, but ingress-nginx has no Secret to compare it with.',
    fix: "Name a Secret of the Ingress's namespace in auth-secret, with the password file under the key auth.",
  },
  INGRESS_CLIENT_CERTIFICATE: {
    title: 'The Ingress asks clients for a certificate, and this one has none.',
    fix: 'Ask with a certificate, which is not modelled; or set auth-tls-verify-client of the Ingress to optional.',
  },
  GATEWAY_NO_MATCH: {
    title: 'No HTTPRoute that is attached to the Gateway has a rule that matches.',
    fix: "See in the HTTPRoute's status whether it is accepted, and compare its hostnames and matches with the request.",
  },
  GATEWAY_NO_BACKEND: { title: "The HTTPRoute's backend has no ready endpoint.", fix: 'Give the Service that the rule names ready pods.' },
  GATEWAY_BACKEND_INVALID: {
    title: 'The HTTPRoute names a backend that it can not use.',
    fix: 'Name an existing Service and port; one of another namespace needs a ReferenceGrant there.',
  },
  HTTP_TLS_MISMATCH: {
    title: 'The client speaks http where TLS is expected, or https where it is not.',
    fix: 'Use https on ports that terminate TLS (443), http on others.',
  },
  PROXY_BACKEND_FAILED: {
    title: 'The proxy accepted the connection, but could not reach its backend.',
    fix: 'Look at the connection with role PROXY: where it ends is the place to mend.',
  },

  NOBODY_TOOK_IT: {
    title: 'The frame reached an interface that has another MAC address, so nobody took it.',
    fix: 'Ask with neighbours COLD; a stale table sent the frame to a machine that has moved.',
  },
  FRAGMENTATION_NOT_MODELLED: {
    title: 'The packet would have to be fragmented, which is not modelled.',
    fix: 'Send less in one packet, or raise the MTU of that link.',
  },
  NOT_MODELLED: {
    title: 'The packet met something that this model does not know.',
    fix: 'Avoid the feature that the message names; what lies beyond it is unknown.',
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

export const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(REASONS, code);

/** The title of a code as a clause; for an unknown code, the code in words. */
export function reasonClause(code: string): string {
  if (!isReasonCode(code)) return code.toLowerCase().replaceAll('_', ' ');
  const { title } = REASONS[code];
  return title.charAt(0).toLowerCase() + title.slice(1, -1);
}
