/** What a step is, for somebody who has not met it yet; where simpler stories of Kubernetes differ from the kernel, it says so. */
/**
 * @import { Disposition } from '../domain/trace/disposition.js'
 * @import { StepJson } from '../render/json/step-json.js'
 */

const NAT = 'Connection tracking remembers what was replaced, so that the answer can be changed back.';

/** @type {Readonly<Record<StepJson['kind'], string>>} */
export const STEP_HELP = {
  ORIGINATE:
    'A program hands data to the kernel, which makes a packet of it. A TCP connection begins with a SYN, which is answered by a SYN-ACK. The TTL (time to live) says how many routers the packet may pass.',
  DNS_LOOKUP:
    'Packets have addresses, not names, so the client looks the name up first. In a pod, /etc/resolv.conf leads to the cluster’s DNS, and its search path makes a short name of a Service a full one.',
  LOOPBACK:
    'Every network namespace has an interface lo. What is sent to an own address comes in again there, and no bridge or other interface sees it. The containers of a pod share one network namespace: they reach each other at localhost, and share its ports. Pods of one node do not: they have a network namespace each.',
  ROUTE_LOOKUP:
    'The kernel searches its route table for the destination; the route with the longest prefix wins. It says by which interface the packet leaves, and whether it goes straight to its destination (it is on the link) or to a router on the way (the next hop). This table, and not the bridge, decides whether a packet leaves the node.',
  NEIGHBOUR_LOOKUP:
    'On a link, frames go to a MAC address. The kernel looks in its neighbour table for the MAC address of the next hop. If it is not there, ARP finds it out.',
  ARP_REQUEST:
    'ARP asks everybody on the link who has an IP address. The sender itself asks, not the bridge, and it asks for the next hop: that is the destination only if both are on the same link.',
  ARP_REPLY: 'The owner of the address answers with its MAC address, and the one who asked keeps it in its neighbour table.',
  TRANSMIT:
    'The frame leaves by an interface. A veth pair is two interfaces joined like a cable, one in the pod and one on its node: what goes in at one end comes out at the other.',
  RECEIVE: 'The frame comes in at an interface, from the other end of a veth pair or of a cable.',
  BRIDGE_FORWARD:
    'A bridge is a switch in software. It forwards frames by MAC address, as its forwarding database (FDB) says, and neither routes nor sends ARP. A frame for the bridge’s own MAC address goes up to the node, which routes the packet.',
  BRIDGE_FLOOD: 'A bridge copies a broadcast, and a frame whose MAC address it has not learned, to all ports but the one that it came in by.',
  NETFILTER:
    'On its way through the kernel a packet passes hooks: PREROUTING before it is routed, INPUT if it is for this machine, FORWARD if it goes on, OUTPUT if it was made here, POSTROUTING before it leaves. At each of them the tables of iptables (raw, mangle, nat, filter) hold chains of rules. With bridge-nf-call-iptables, as Kubernetes sets it, packets that are only bridged pass them too.',
  CONNTRACK:
    'Connection tracking keeps the addresses and ports of every connection, in both directions. So only the first packet of a connection passes the rules of the nat table, answers are recognised, and rules can ask for ESTABLISHED.',
  SERVICE_CHOICE:
    'No interface has the cluster IP of a Service. On every node, rules of kube-proxy choose one of its ready endpoints at random, and put its address in the place of the cluster IP. Endpoints follow the pods that come and go.',
  DNAT: `Destination NAT replaces the destination of a packet. ${NAT}`,
  SNAT: `Source NAT replaces the source of a packet, so that the answer comes back this way; masquerading takes the address of the interface that the packet leaves by. What a pod sends to another pod’s address keeps its source. ${NAT}`,
  UN_NAT: 'For an answer, NAT is undone as the connection’s entry says, without a rule: each end sees the addresses that it has used itself.',
  POLICY:
    'A NetworkPolicy is enforced at the edge of each pod that it selects. A pod that no policy selects is not limited; one that is selected gets, or sends, only what a rule of one of its policies allows, and the answers to that.',
  FORWARD_CHECK:
    'A machine that passes packets on is a router. It lowers the TTL by one and drops the packet at zero, so that nothing goes round for ever, and sees whether the packet fits the next link (its MTU).',
  LOAD_BALANCE:
    'A load balancer outside of the cluster takes what is sent to a Service’s external address, and passes it to one of the nodes that pass its health check.',
  PROXY_ACCEPT:
    'The proxy of an Ingress or a Gateway is a pod. It accepts the client’s connection itself and reads the HTTP request, so that it can choose by host and path (layer 7); kube-proxy’s rules know only addresses and ports (layer 4).',
  PROXY_CONNECT:
    'The proxy opens a second connection, with its own address as the source. It can go straight to a pod, so the Service behind an Ingress needs no node port. The backend learns about the client only from headers such as X-Forwarded-For.',
  SOCKET_LOOKUP:
    'The packet is for this machine: the kernel searches for a socket at its address and port. Where no program listens, the packet is refused. Only one container of a pod can listen at a port.',
  DELIVER: 'The packet has arrived, and the kernel hands what is in it to the program that waits for it.',
  DROP: 'The packet ends here. If nobody tells its sender by an ICMP error, the sender waits until it gives up: a timeout.',
  REJECT: 'The packet ends here, and its sender is told by an ICMP error or a TCP reset, so that it fails at once.',
};

/** @type {Readonly<Record<Disposition, string>>} */
export const DISPOSITION_HELP = {
  ACCEPTED: 'a program got the packet, and its answer came back',
  REFUSED: 'the packet arrived, but no program listens there',
  REJECTED: 'a rule refused the packet, or a proxy the request, and the sender was told',
  DROPPED: 'a rule dropped the packet, and nobody was told',
  NO_ROUTE: 'a machine on the way has no route to the destination',
  NEIGHBOUR_UNREACHABLE: 'nobody answered the ARP request for the next hop',
  TTL_EXPIRED: 'the packet passed more routers than its TTL allows',
  MTU_EXCEEDED: 'the packet is too long for a link on the way, and must not be fragmented',
  LINK_DOWN: 'a link on the way is down',
  LOOP: 'the packet goes round in a circle',
  TIMED_OUT: 'the packet or its answer was lost without a word',
  UNSUPPORTED: 'something on the way is not modelled',
};
