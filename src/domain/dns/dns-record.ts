/** What a DNS server answers. Names are absolute: they end in a dot. */
/** Those that can be asked for. What the cluster's DNS has are A, CNAME, SRV, PTR, TXT, NS and SOA; the others have no data. */
export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'DNSKEY', 'DS', 'HINFO', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SRV', 'SVCB', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  /** As a zone file writes it, a TXT without its quotes: `10.96.0.1`, `0 100 80 web.default.svc.cluster.local.` */
  readonly data: string;
}

/** `UNDETERMINED`: the answer is that of a server outside of the cluster, of which nothing is known. */
export const RCODES = ['NOERROR', 'NXDOMAIN', 'REFUSED', 'SERVFAIL', 'UNDETERMINED'] as const;
export type Rcode = (typeof RCODES)[number];

export interface DnsQuestion {
  readonly name: string;
  readonly type: RecordType;
}

export interface DnsAnswer {
  readonly rcode: Rcode;
  readonly answers: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  /** The zone's SOA where the answer is negative. */
  readonly authority: readonly DnsRecord[];
  /** A name that only a server outside of the cluster could answer; the answer is without what it would add. */
  readonly unknown: string | null;
}

export const NO_RECORDS: Omit<DnsAnswer, 'rcode'> = { answers: [], additional: [], authority: [], unknown: null };

/** A record as one line says what it holds; its type where it isn't the one that was asked for. */
export const dataText = ({ type, data }: DnsRecord, asked: RecordType): string => (type === asked ? data : `${type} ${data}`);
