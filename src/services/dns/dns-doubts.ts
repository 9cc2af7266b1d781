import type { DnsAnswer } from '../../domain/dns/dns-record.js';
import type { NameServer } from '../../domain/dns/name-server.js';

/** Why real answers may differ: parts of the DNS servers' configuration that are not modelled. */
export function dnsDoubts({ doubts }: Pick<NameServer, 'doubts'>, answers: readonly DnsAnswer[]): readonly string[] {
  const unknown = new Set(answers.flatMap((answer) => (answer.unknown === null ? [] : [answer.unknown])));
  return [
    ...[...doubts].map((plugin) => `the Corefile (ConfigMap kube-system/coredns) has "${plugin}", which is not modelled and could change the answer`),
    ...[...unknown].map((name) => `${name} is answered by servers outside of the cluster, of which nothing is known here`),
  ];
}
