import type { StepKind } from '../domain/trace/step.js';
import type { Resolvers } from '../generated/graphql.js';
import type { EvidenceByKind } from '../render/json/step-json.js';
import { readsProperty } from './projection.js';

const STEP_TYPES = {
  ORIGINATE: 'OriginateStep', DNS_LOOKUP: 'DnsLookupStep', LOOPBACK: 'LoopbackStep', ROUTE_LOOKUP: 'RouteLookupStep',
  NEIGHBOUR_LOOKUP: 'NeighbourLookupStep', ARP_REQUEST: 'ArpRequestStep', ARP_REPLY: 'ArpReplyStep', TRANSMIT: 'TransmitStep', RECEIVE: 'ReceiveStep',
  BRIDGE_FORWARD: 'BridgeForwardStep', BRIDGE_FLOOD: 'BridgeFloodStep', NETFILTER: 'NetfilterStep', CONNTRACK: 'ConntrackStep',
  SERVICE_CHOICE: 'ServiceChoiceStep', POLICY: 'PolicyStep', DNAT: 'DnatStep', SNAT: 'SnatStep', UN_NAT: 'UnNatStep', FORWARD_CHECK: 'ForwardCheckStep',
  LOAD_BALANCE: 'LoadBalanceStep', PROXY_ACCEPT: 'ProxyAcceptStep', PROXY_CONNECT: 'ProxyConnectStep', SOCKET_LOOKUP: 'SocketLookupStep',
  DELIVER: 'DeliverStep', DROP: 'DropStep', REJECT: 'RejectStep',
} as const satisfies Record<StepKind, `${string}Step`>; // a kind of step without a type of its own does not compile

export const stepResolvers: Resolvers = {
  Step: {
    __resolveType: ({ kind }) => STEP_TYPES[kind],
  },
  BridgeForwardEvidence: {
    // a socket's `port` is a number, a bridge's a name: one query could not ask for both under one name
    bridgePort: readsProperty('port' satisfies keyof EvidenceByKind['BRIDGE_FORWARD']),
  },
};
