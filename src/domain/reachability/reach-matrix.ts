/** Who reaches whom at one port: a row for each source, a character for each destination. */
import type { PolicySet } from '../cluster/policy/policy-set.js';
import type { TransportProtocol } from '../cluster/policy/policy.js';
import { ClassDecisions, type ClassDecision } from './class-decisions.js';
import { PolicyClasses } from './policy-classes.js';
import type { PodEnd, ReachEnd } from './reach-end.js';
import type { Way, Ways } from './way.js';

/**
 * `.` reaches it, `X` doesn't, `#` itself (and one range outside of the cluster and another), `/` parts of a range only,
 * `?` nothing known is against it, but an object that is stored and not modelled decides too.
 */
export type Cell = '.' | 'X' | '#' | '/' | '?';

/** Why a cell is what it is. */
export interface CellReason {
  readonly cell: Cell;
  /** `null`: not asked, or no policy selects the pod. */
  readonly egress: ClassDecision | null;
  readonly ingress: ClassDecision | null;
  /** Code of what loses the packets, policies aside; `null` where they arrive. */
  readonly lost: string | null;
}

interface EndClasses {
  readonly egress: number;
  readonly ingress: number;
  readonly peer: number;
}

/** Ends that are looked at between two pauses. */
const TOGETHER = 64;

export const NO_LISTENER = 'NO_LISTENER';
const ITSELF: CellReason = { cell: '#', egress: null, ingress: null, lost: null };

export class ReachMatrix {
  readonly ends: readonly ReachEnd[];
  readonly #policies: PolicySet;
  readonly #ways: Ways;
  readonly #classes: PolicyClasses;
  readonly #ofEnd: EndClasses[] = [];

  constructor(policies: PolicySet, ends: readonly ReachEnd[], ways: Ways) {
    this.ends = ends;
    this.#policies = policies;
    this.#ways = ways;
    this.#classes = new PolicyClasses(policies);
  }

  /** Reads all that is read of the cluster, with pauses; to be run to its end before rows are asked for. */
  *prepare(): Generator<void> {
    const classes = this.#classes;
    yield* classes.survey(this.ends);
    for (const end of this.ends) {
      this.#ofEnd.push({ egress: classes.subjectOf(end, 'EGRESS'), ingress: classes.subjectOf(end, 'INGRESS'), peer: classes.peerOf(end) });
      if (this.#ofEnd.length % TOGETHER === 0) yield;
    }
  }

  /** One row after the other, so that whoever asks can pause between them. */
  *rows(protocol: TransportProtocol, port: number): Iterable<readonly CellReason[]> {
    const egress = new ClassDecisions(this.#policies, this.#classes, 'EGRESS', protocol, port);
    const ingress = new ClassDecisions(this.#policies, this.#classes, 'INGRESS', protocol, port);
    for (let source = 0; source < this.ends.length; source += 1) {
      yield this.ends.map((_, destination) => this.#cell(source, destination, protocol, port, egress, ingress));
    }
  }

  #cell(source: number, destination: number, protocol: TransportProtocol, port: number, egress: ClassDecisions, ingress: ClassDecisions): CellReason {
    const [from, to] = [this.ends[source]!, this.ends[destination]!];
    if (source === destination || (from.kind === 'range' && to.kind === 'range')) return ITSELF;
    const way = this.#ways.between(source, destination, protocol, port);
    const sent = way.asksSender ? this.#sent(source, destination, egress) : null;
    const received = way.asksReceiver ? this.#received(source, destination, way, ingress) : null;
    const lost = way.lost ?? (this.#ways.listens(destination, protocol, port) ? null : NO_LISTENER);
    return { cell: cellOf(from, to, sent, received, lost), egress: sent, ingress: received, lost };
  }

  #sent(source: number, destination: number, egress: ClassDecisions): ClassDecision | null {
    const subject = this.#ofEnd[source]!.egress;
    return subject < 0 ? null : egress.decide(subject, this.#ofEnd[destination]!.peer);
  }

  #received(source: number, destination: number, way: Way, ingress: ClassDecisions): ClassDecision | null {
    const subject = this.#ofEnd[destination]!.ingress;
    if (subject < 0) return null;
    const from = this.ends[source]!;
    const sendersNode = from.kind === 'pod' ? from.node : null;
    const seenAs = way.seenAs === 'SENDERS_NODE' ? sendersNode : way.seenAs;
    const node = seenAs ?? (from.kind === 'pod' && from.pod.hostNetwork ? sendersNode : null);
    const peer = seenAs ? this.#classes.nodePeer(seenAs) : this.#ofEnd[source]!.peer;
    const home = (this.ends[destination] as PodEnd).pod.node;
    return node !== null && node.name === home ? ingress.decideOwnNode(subject, peer, home) : ingress.decide(subject, peer);
  }
}

function cellOf(from: ReachEnd, to: ReachEnd, sent: ClassDecision | null, received: ClassDecision | null, lost: string | null): Cell {
  if (lost !== null || sent?.outcome === 'DENIED' || received?.outcome === 'DENIED') return 'X';
  if (isUndetermined(from) || isUndetermined(to)) return '?';
  return sent?.outcome === 'PARTLY' || received?.outcome === 'PARTLY' ? '/' : '.';
}

const isUndetermined = (end: ReachEnd): boolean => end.kind === 'pod' && end.unenforced.length > 0;
