/**
 * How a program resolves a name: by the hosts file, then by each name of the search path until one has an answer.
 * This models glibc's `getaddrinfo` for any address family, which asks for A and AAAA in parallel; musl and others differ.
 *
 * @source glibc resolv/res_search.c `__res_context_search`, nss/nss_dns `gethostbyname4_r`
 */
import type { Ipv4 } from '../values/ipv4.js';
import { parseIpv4 } from '../values/ipv4.js';
import { absolute } from './dns-name.js';
import type { DnsAnswer, DnsQuestion, RecordType } from './dns-record.js';
import { optionOf, type ResolverConfig } from './resolver-config.js';

export interface ResolverQuery extends DnsQuestion {
  readonly answer: DnsAnswer;
}

export interface Resolution {
  /** `HOSTS`: found in the hosts file, without a query. */
  readonly from: 'HOSTS' | 'DNS';
  readonly outcome: 'FOUND' | 'NXDOMAIN' | 'NODATA' | 'UNDETERMINED';
  /** In the order of the answer. */
  readonly addresses: readonly Ipv4[];
  /** All queries sent, in order. */
  readonly queries: readonly ResolverQuery[];
  /** The query that decided the outcome; `null` if none was sent. */
  readonly deciding: ResolverQuery | null;
}

export type Ask = (question: DnsQuestion) => DnsAnswer;

const DEFAULT_NDOTS = 1;
const MAX_NDOTS = 15;
/**
 * Names end in a dot. The search ends at the first name that is too long for a query.
 *
 * @source RFC 1035 §2.3.4; glibc `__res_context_search`, NO_RECOVERY
 */
const MAX_NAME = 254;

/** @param types the record types queried for each name, e.g. A and AAAA */
export function resolveHost(config: ResolverConfig, host: string, types: readonly RecordType[], ask: Ask): Resolution {
  const known = hostsEntry(config, host);
  if (known !== undefined && types.includes('A')) return { from: 'HOSTS', outcome: 'FOUND', addresses: [known], queries: [], deciding: null };
  const queries: ResolverQuery[] = [];
  const names = candidates(config, host);
  let noData: ResolverQuery | null = null;
  for (const [place, name] of names.entries()) {
    const sent = types.map((type): ResolverQuery => ({ name, type, answer: ask({ name, type }) }));
    queries.push(...sent);
    const deciding = sent.find(isFound) ?? sent.find(({ answer }) => answer.unknown !== null);
    if (deciding) return { from: 'DNS', outcome: isFound(deciding) ? 'FOUND' : 'UNDETERMINED', addresses: addressesOf(deciding), queries, deciding };
    if (place === 0 || names[0] !== absolute(host)) noData ??= sent.find(({ answer }) => answer.rcode === 'NOERROR') ?? null;
  }
  // NODATA for an earlier name decides over later NXDOMAINs; if the name itself was tried first, only its result counts.
  return { from: 'DNS', outcome: noData ? 'NODATA' : 'NXDOMAIN', addresses: [], queries, deciding: noData ?? queries.at(-1) ?? null };
}

/** The addresses of a name in the hosts file. */
export const hostsEntry = ({ hosts }: ResolverConfig, host: string): Ipv4 | undefined => hosts.get(host.toLowerCase().replace(/\.$/, ''));

/** Does the answer have data of the type, and not just an alias? */
const isFound = ({ type, answer }: ResolverQuery): boolean => answer.answers.some((record) => record.type === type);

const addressesOf = ({ answer }: ResolverQuery): readonly Ipv4[] =>
  answer.answers.flatMap(({ type, data }) => (type === 'A' ? [parseIpv4(data)] : [])).filter((address) => address !== undefined);

/** The record types of an address lookup. */
export const addressTypes = (config: ResolverConfig): readonly RecordType[] => (optionOf(config, 'no-aaaa') === undefined ? ['A', 'AAAA'] : ['A']);

/** All candidate names, in order: the name itself comes first if it has enough dots, else last. */
export function candidates(config: ResolverConfig, host: string): readonly string[] {
  if (host.endsWith('.')) return [host];
  const dots = host.split('.').length - 1;
  const given = Number(optionOf(config, 'ndots') ?? DEFAULT_NDOTS);
  const ndots = Math.min(Number.isInteger(given) && given >= 0 ? given : DEFAULT_NDOTS, MAX_NDOTS);
  const asItIs = absolute(host);
  const path = config.search.map((domain) => (domain === '.' || domain === '' ? asItIs : absolute(`${host}.${domain.replace(/^\./, '')}`)));
  const tooLong = path.findIndex((name) => name.length > MAX_NAME);
  const searched = tooLong < 0 ? path : path.slice(0, tooLong);
  if (dots >= ndots) return unique([asItIs, ...searched]);
  const isLabelAlone = dots === 0 && path.length > 0 && optionOf(config, 'no-tld-query') !== undefined;
  return unique(isLabelAlone ? searched : [...searched, asItIs]);
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
