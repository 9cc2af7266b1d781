import type { Protocol } from '../../domain/packet/packet.js';

/** A trace request with all defaults filled in, for REST and GraphQL. */
export interface TraceRequest {
  readonly from: TraceSource;
  readonly to: TraceDestination;
  readonly protocol: Protocol;
  /** 1–65535; derived from the request where it was not given; 0 for ICMP. */
  readonly sourcePort: number;
  /** 1–255 */
  readonly ttl: number;
  readonly payloadBytes: number;
  readonly dontFragment: boolean;
  readonly choice: { readonly mode: 'SEEDED'; readonly seed: number } | { readonly mode: 'ALL' } | { readonly mode: 'FORCED'; readonly backend: string };
  readonly neighbours: 'COLD' | 'WARM' | 'LIVE';
  readonly conntrack: 'FRESH' | 'LIVE';
  readonly expect?: TraceExpectation;
  readonly record: boolean;
  readonly include: readonly 'frames'[];
}

export type TraceSource =
  | { readonly pod: string; readonly container?: string; readonly source?: string }
  | { readonly deployment: string; readonly source?: string }
  | { readonly node: string; readonly source?: string }
  | { readonly internet: string }
  | { readonly lan: string; readonly source?: string }
  | { readonly ip: string; readonly at: string };

export type TraceDestination =
  | {
      readonly service: string;
      readonly port?: number | string;
      readonly via: 'clusterIP' | 'nodePort' | 'loadBalancer' | 'externalIP';
      readonly address?: string;
      readonly node?: string;
    }
  | { readonly pod: string; readonly container?: string; readonly port?: number | string }
  | { readonly node: string; readonly port?: number }
  | { readonly ip: string; readonly port?: number; readonly node?: string }
  | { readonly host: string; readonly port?: number }
  | { readonly url: string; readonly method: string; readonly headers: Readonly<Record<string, string>> };

/** What a program expects of the trace. */
export interface TraceExpectation {
  readonly verdict?: string;
  readonly disposition?: string;
  readonly reason?: string;
  readonly clientSees?: { readonly outcome?: string };
  readonly seenByServer?: { readonly source?: string };
}
