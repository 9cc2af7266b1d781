/** What a DNS server answers. Names are absolute: they end in a dot. */
/** Record types that can be queried. The cluster's DNS has A, CNAME, SRV, PTR, TXT, NS and SOA; the others have no data. */
export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'DNSKEY', 'DS', 'HINFO', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SRV', 'SVCB', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  /** As in a zone file, TXT without quotes: `10.96.0.1`, `0 100 80 web.default.svc.cluster.local.` */
  readonly data: string;
}

/** `UNDETERMINED`: only a server outside of the cluster could answer; those are not modelled. */
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
  /** The zone's SOA if the answer is negative. */
  readonly authority: readonly DnsRecord[];
  /** A name that only a server outside of the cluster could answer; its part of the answer is missing. */
  readonly unknown: string | null;
}

export const NO_RECORDS: Omit<DnsAnswer, 'rcode'> = { answers: [], additional: [], authority: [], unknown: null };

/** A record's data in one line, with its type if that is not the one queried. */
export const dataText = ({ type, data }: DnsRecord, asked: RecordType): string => (type === asked ? data : `${type} ${data}`);
