/** The server that answers a resolver: the cluster's DNS, or one outside that is not modelled. */
import type { ClusterState } from '../cluster/draft.js';
import type { Ipv4 } from '../values/ipv4.js';
import { answerQuestion } from './answer-question.js';
import { isClusterDns } from './cluster-dns.js';
import { dnsServers, serverFor } from './dns-server.js';
import { answerOutside } from './outside-names.js';
import type { Ask } from './resolve-host.js';

export interface NameServer {
  readonly ask: Ask;
  /** Plugins that are not modelled and could have changed the answers given so far. */
  readonly doubts: ReadonlySet<string>;
}

/** @param address `null`: the underlay's resolver */
export function nameServer(state: ClusterState, address: Ipv4 | null): NameServer {
  if (address === null || !isClusterDns(state, address)) return { ask: (question) => answerOutside(state, question), doubts: new Set() };
  const servers = dnsServers(state);
  const doubts = new Set<string>();
  const ask: Ask = (question) => {
    for (const plugin of serverFor(servers, question.name)?.notModelled ?? []) doubts.add(plugin);
    return answerQuestion(state, question, servers);
  };
  return { ask, doubts };
}
