/**
 * What servers outside of the cluster answer: the one place that decides it. They are no part of the model, so of most
 * names nothing is known, and a guess could be wrong either way; a few names nobody can have.
 */
import type { ClusterState } from '../cluster/draft.js';
import { absolute, isWithin, labelsOf } from './dns-name.js';
import { NO_RECORDS, type DnsAnswer, type DnsQuestion } from './dns-record.js';

/** Not delegated in the root zone, and ends of names that are meant for the cluster. `invalid`: RFC 6761 */
const NEVER_TOP_LEVEL: ReadonlySet<string> = new Set(['svc', 'pod', 'default', 'invalid']);
/** @source RFC 3696 §2: letters alone; or an internationalised name */
const TOP_LEVEL = /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/;

export function answerOutside(state: ClusterState, { name }: DnsQuestion): DnsAnswer {
  const isNowhere = isWithin(name, absolute(state.settings.clusterDomain).toLowerCase()) || isNobodys(name);
  return isNowhere ? { ...NO_RECORDS, rcode: 'NXDOMAIN' } : { ...NO_RECORDS, rcode: 'UNDETERMINED', unknown: name };
}

/** A single label has no address anywhere; nor has what ends in something that can not be a top level domain. */
function isNobodys(name: string): boolean {
  const labels = labelsOf(name.toLowerCase());
  const last = labels.at(-1) ?? '';
  return labels.length < 2 || NEVER_TOP_LEVEL.has(last) || !TOP_LEVEL.test(last);
}
