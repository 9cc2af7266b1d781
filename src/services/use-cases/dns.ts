import type { DnsRecord, Rcode, RecordType } from '../../domain/dns/dns-record.js';
import type { Problem } from '../app-error.js';
import type { Viewer } from './viewer.js';

export interface DnsRequest {
  /** With or without the last dot. */
  readonly name: string;
  /** Default: A; with `pod` A and AAAA in parallel, as glibc's resolver asks. */
  readonly type?: RecordType | undefined;
  /**
   * `namespace/name` of the pod whose resolver looks the name up, along its search path. If absent, the cluster's DNS is
   * asked for the name as it is.
   */
  readonly pod?: string | undefined;
}

export interface DnsLookup {
  readonly rcode: Rcode;
  readonly answers: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  /** Every query that is sent, in order; `rcode` and `answers` above are those of the query that decided. */
  readonly queries: readonly {
    readonly name: string;
    readonly type: RecordType;
    /** Address of the server; `null` for the resolver of the nodes' network. */
    readonly server: string | null;
    readonly rcode: Rcode;
    /** The records' data, with the type in front where it differs from the one asked for. */
    readonly answers: readonly string[];
  }[];
  /** The pod's resolv.conf; `null` without `pod`. */
  readonly resolver: { readonly nameservers: readonly string[]; readonly search: readonly string[]; readonly options: readonly string[] } | null;
  readonly warnings: readonly string[];
}

export interface DnsService {
  /**
   * @param question a `DnsRequest`
   * @param further problems of the question that were found before; they are reported together with those found here
   * @throws AppError BAD_REQUEST or UNPROCESSABLE with every problem
   */
  lookUp(viewer: Viewer, cluster: string, question: object, further?: readonly Problem[]): Promise<DnsLookup>;
}
