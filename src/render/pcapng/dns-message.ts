/** The query that decided a lookup, and its answer, as a resolver and a server write them. @source RFC 1035 §4 */
import { payloadBytesIn } from '../../domain/packet/packet.js';
import type { EvidenceByKind } from '../json/step-json.js';
import { ipBytes, join, u16, u32, u8, utf8, type Bytes } from './bytes.js';

type Lookup = EvidenceByKind['DNS_LOOKUP'];
type Query = Lookup['queries'][number];

const TYPES: Readonly<Record<string, number>> = { A: 1, AAAA: 28 };
const CLASS_IN = 1;
const RCODES: Readonly<Record<string, number>> = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
const FLAGS = { QUERY: 0x0100, ANSWER: 0x8580 } as const;
/** A pointer to the question's name. */
const SAME_NAME = 0xc00c;
/** Seconds; CoreDNS's default for the cluster's names. */
const TTL_SECONDS = 30;
/** Any value will do, since there is one query at a time. */
const ID = 1;

function question({ name, type }: Query): Bytes {
  const labels = name.split('.').filter((label) => label !== '').map(utf8);
  return join(...labels.flatMap((label) => [u8(label.length), label]), u8(0), u16(TYPES[type] ?? TYPES['A']!, CLASS_IN));
}

const header = (flags: number, answers: number): Bytes => u16(ID, flags, 1, answers, 0, 0);
const isIpv4 = (data: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(data);

/** Of all queries of the lookup the one that a packet of this length carried, one with an answer first. @param ipLength bytes */
function decidingQuery({ queries }: Lookup, ipLength: number): Query | undefined {
  const fitting = queries.filter((query) => header(FLAGS.QUERY, 0).length + question(query).length === payloadBytesIn('UDP', ipLength));
  return fitting.find(({ answers }) => answers.length > 0) ?? fitting.at(-1);
}

/** @param ipLength of the question's packet, bytes */
export function dnsQuestion(lookup: Lookup, ipLength: number): Bytes | null {
  const query = decidingQuery(lookup, ipLength);
  return query ? join(header(FLAGS.QUERY, 0), question(query)) : null;
}

/** Longer than the question by its records, which the model's length of a packet leaves out. @param ipLength of the question's packet, bytes */
export function dnsAnswer(lookup: Lookup, ipLength: number): Bytes | null {
  const query = decidingQuery(lookup, ipLength);
  if (!query) return null;
  const addresses = query.answers.filter(isIpv4);
  const records = addresses.map((address) => join(u16(SAME_NAME, TYPES['A']!, CLASS_IN), u32(TTL_SECONDS), u16(4), ipBytes(address)));
  return join(header(FLAGS.ANSWER | (RCODES[query.rcode] ?? 0), addresses.length), question(query), ...records);
}
