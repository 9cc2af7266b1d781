/**
 * What DNS servers outside of the cluster answer. They are not modelled, so for most
 * names the answer is unknown, and a guess could be wrong either way; but a few names cannot exist.
 */
import type { ClusterState } from '../cluster/draft.js';
import { absolute, isWithin, labelsOf } from './dns-name.js';
import { NO_RECORDS, type DnsAnswer, type DnsQuestion } from './dns-record.js';

/** Top level domains that are not delegated, and are used for names in clusters. `invalid`: RFC 6761 */
const NEVER_TOP_LEVEL: ReadonlySet<string> = new Set(['svc', 'pod', 'default', 'invalid']);
/** @source RFC 3696 §2: only letters, or an internationalised name */
const TOP_LEVEL = /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/;

export function answerOutside(state: ClusterState, { name }: DnsQuestion): DnsAnswer {
  const isNowhere = isWithin(name, absolute(state.settings.clusterDomain).toLowerCase()) || isNobodys(name);
  return isNowhere ? { ...NO_RECORDS, rcode: 'NXDOMAIN' } : { ...NO_RECORDS, rcode: 'UNDETERMINED', unknown: name };
}

/** Cannot exist in public DNS: a single label, or a name whose last label cannot be a top level domain. */
function isNobodys(name: string): boolean {
  const labels = labelsOf(name.toLowerCase());
  const last = labels.at(-1) ?? '';
  return labels.length < 2 || NEVER_TOP_LEVEL.has(last) || !TOP_LEVEL.test(last);
}
