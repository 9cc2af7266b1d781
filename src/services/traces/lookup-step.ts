import { dataText } from '../../domain/dns/dns-record.js';
import type { NetnsId } from '../../domain/datapath/netns.js';
import type { Packet } from '../../domain/packet/packet.js';
import type { Step } from '../../domain/trace/step.js';
import type { HostLookup } from './look-up-host.js';

/** @param packet the packet with the answer; `null` if none was needed */
export function lookupStep({ host, resolver, server, resolution, assumption }: HostLookup, netns: NetnsId, packet: Packet | null): Step {
  return {
    netns,
    interface: null,
    packet,
    before: null,
    kind: 'DNS_LOOKUP',
    name: host,
    type: 'A',
    server,
    rcode: resolution.outcome === 'NXDOMAIN' || resolution.outcome === 'UNDETERMINED' ? resolution.outcome : 'NOERROR',
    answers: resolution.addresses,
    queries: resolution.queries.map(({ name, type, answer }) => ({
      name,
      type,
      rcode: answer.rcode,
      answers: answer.answers.map((record) => dataText(record, type)),
    })),
    resolver: { nameservers: resolver.nameservers, search: resolver.search, options: resolver.options },
    assumption,
  };
}
