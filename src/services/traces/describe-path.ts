/** Turns a walked path into its part of a trace: how it ended and why, and what both ends saw. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView, EndpointView } from '../../domain/cluster/view.js';
import type { Disposition } from '../../domain/trace/disposition.js';
import type { Connection, Path } from '../../domain/trace/trace.js';
import { isBackAtSender, type WalkedFlow } from '../../domain/walk/walk-flow.js';
import { clusterDnsAddress, isClusterDns } from '../../domain/dns/cluster-dns.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { addressAndPort, clientOutcome } from './client-outcome.js';
import { describeConnection } from './describe-connection.js';
import { explainEnd, explainObstacle } from './explain-end.js';
import type { Obstacle } from './obstacle.js';
import type { Question, WalkedConnection, WalkedPath } from './run-path.js';
import type { PathChoices } from './trace-choices.js';
import type { TraceRequest } from './trace-request.js';

export function describePath(question: Question, walked: WalkedPath, choices: PathChoices): Path {
  const { view, request } = question;
  const connections = walked.connections.map(describeConnection);
  const last = walked.connections.at(-1);
  const client = walked.connections.find(({ role }) => role === 'CLIENT');
  const failed = firstFailure(walked, connections);
  const { disposition, reason } =
    failed === null
      ? outcome(walked, connections)
      : { disposition: connections[failed]!.disposition, reason: failure(view, request, walked.connections[failed]!, failed) };
  const decisive = client ?? (failed === null ? last : walked.connections[failed]);
  return {
    weight: choices.weight,
    backend: choices.chosen ? backendOf(choices.chosen) : rememberedBackend(view, request, client),
    disposition,
    reason,
    clientSees:
      walked.obstacle && !client
        ? { outcome: 'host-unreachable', from: null, afterSeconds: 0 }
        : clientOutcome(decisive!.walked, decisive!.flow.protocol),
    seenByServer: last?.role === 'DNS' ? null : seenByServer(last, connections.at(-1)),
    seenByClient: client ? seenByClient(client) : null,
    http: walked.served?.result ?? null,
    connections,
    frames: question.capture ? walked.connections.flatMap((connection) => connection.walked.frames ?? []) : null,
  };
}

/** Index of the first connection that failed, or `null`. A DNS server that did not answer counts only if no other server did. */
function firstFailure({ connections: walks, lookup }: WalkedPath, connections: readonly Connection[]): number | null {
  const failed = connections.findIndex(({ disposition }, index) => disposition !== 'ACCEPTED' && !(lookup && walks[index]?.role === 'DNS'));
  return failed < 0 ? null : failed;
}

/** The outcome of a path without a failed connection. It may still fail: because nothing could be sent, or because a proxy refused the request. */
function outcome({ obstacle, served }: WalkedPath, connections: readonly Connection[]): Pick<Path, 'disposition' | 'reason'> {
  if (obstacle) return { disposition: dispositionOf(obstacle), reason: explainObstacle(obstacle, lastStep(connections)) };
  if (served?.refusal) return { disposition: served.refusal.disposition, reason: explainObstacle(served.refusal, proxyStep(connections)) };
  return { disposition: 'ACCEPTED', reason: null };
}

/** By default no packet could be sent. The other cases: its destination is unknown, or a load balancer has no node to send to. */
function dispositionOf({ code }: Obstacle): Disposition {
  switch (code) {
    case 'DNS_ANSWER_UNKNOWN': return 'UNSUPPORTED';
    case 'LOAD_BALANCER_NO_HEALTHY_NODE': return 'REJECTED';
    default: return 'NO_ROUTE';
  }
}

/** The backend that an earlier flow had chosen, if this one made no choice because its connection or client was already known. */
function rememberedBackend(view: ClusterView, { conntrack }: TraceRequest, connection: WalkedConnection | undefined): Path['backend'] {
  if (conntrack !== 'LIVE') return null;
  for (const step of connection?.walked.forward.steps ?? []) {
    if (step.kind !== 'CONNTRACK' || !step.netns.startsWith('node:') || !step.entry?.destinationNat) continue;
    const { source: ip, sourcePort: port } = step.entry.reply;
    const pod = view.podByAddress(ip);
    return { ip, port, pod: pod ? `${pod.namespace}/${pod.name}` : null, node: pod?.node ?? view.nodeByAddress(ip)?.name ?? null };
  }
  return null;
}

const backendOf = ({ ip, port, pod, node }: EndpointView): Path['backend'] => ({ ip, port, pod, node });

const lastStep = (connections: readonly Connection[]): string => {
  const last = connections.at(-1);
  if (!last) return '';
  const leg = last.return ? 'return' : 'forward';
  return `connections/${connections.length - 1}/${leg}/${Math.max(0, last[leg]!.steps.length - 1)}`;
};

/** The step at which a proxy answered itself. */
const proxyStep = (connections: readonly Connection[]): string =>
  `connections/${connections.length - 1}/forward/${connections.at(-1)!.forward.steps.length - 1}`;

function failure(view: ClusterState, request: TraceRequest, connection: WalkedConnection, index: number): Path['reason'] {
  const { walked } = connection;
  const leg = failedLeg(walked);
  const step = `connections/${index}/${leg}/${walked[leg]?.end.step ?? 0}`;
  const reason = explainEnd(view, request, connection, leg, step);
  if (connection.role !== 'DNS') return reason;
  const { host, server } = connection.lookup!;
  const lookup = explainObstacle(
    { code: 'DNS_SERVER_UNREACHABLE', details: { name: host, address: formatIpv4(server!), fix: dnsFix(view, request, server!, reason.fix) } },
    step,
  );
  return { ...lookup, message: `${lookup.message} ${reason.message}` };
}

/** Fixes what keeps the query from the cluster's DNS; if the pod asks another server, suggests the right one. */
function dnsFix(view: ClusterState, { from }: TraceRequest, server: Ipv4, fix: string): string {
  const dns = clusterDnsAddress(view);
  if (isClusterDns(view, server)) {
    return view.servicesAt(dns).length > 0
      ? fix
      : `Make the Service kube-system/kube-dns with the clusterIP ${formatIpv4(dns)}, and DNS pods that it selects.`;
  }
  return `Set dnsConfig.nameservers of ${'pod' in from ? `pod ${from.pod}` : 'the pod'} to ${formatIpv4(dns)} (Service kube-system/kube-dns), or make a DNS server answer at ${formatIpv4(server)}.`;
}

/** The leg that failed, of a connection that failed. Data is sent only after an answer has arrived, so it is the last candidate. */
function failedLeg({ forward, data }: WalkedFlow): 'forward' | 'return' | 'data' {
  if (forward.end.disposition !== 'ACCEPTED') return 'forward';
  return data ? 'data' : 'return';
}

function seenByServer(connection: WalkedConnection | undefined, presented: Connection | undefined): Path['seenByServer'] {
  if (!connection || presented?.forward.disposition !== 'ACCEPTED') return null;
  const { packet } = connection.walked.forward.end;
  const isIcmp = packet.protocol === 'ICMP';
  return { source: addressAndPort(packet.source, packet.sourcePort, isIcmp), destination: addressAndPort(packet.destination, packet.destinationPort, isIcmp) };
}

function seenByClient({ walked: { forward, return: back } }: WalkedConnection): Path['seenByClient'] {
  const heard = back?.what === 'answer' ? back : isBackAtSender(forward) ? forward : null;
  if (heard?.end.disposition !== 'ACCEPTED') return null;
  const { packet } = heard.end;
  return { peer: addressAndPort(packet.source, packet.sourcePort, packet.protocol === 'ICMP') };
}
