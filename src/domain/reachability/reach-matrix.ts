/** The reachability matrix of one port: a row for each source, a character for each destination. */
import type { PolicySet } from '../cluster/policy/policy-set.js';
import type { Direction, TransportProtocol } from '../cluster/policy/policy.js';
import { ClassDecisions, type ClassDecision, type ClassOutcome } from './class-decisions.js';
import { ClassOutcomes } from './class-outcomes.js';
import { PolicyClasses } from './policy-classes.js';
import type { PodEnd, ReachEnd } from './reach-end.js';
import type { Way, Ways } from './way.js';

/**
 * `.` reaches it, `X` does not, `#` is itself (or two external ranges), `/` reaches only a part of a range,
 * `?` nothing known prevents it, but a stored object that is not modelled could.
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

/** Number of ends processed between two pauses. */
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

  /** Reads all it needs of the cluster, with pauses. Must be run to its end before rows are asked for. */
  *prepare(): Generator<void> {
    const classes = this.#classes;
    yield* classes.survey(this.ends);
    for (const end of this.ends) {
      this.#ofEnd.push({ egress: classes.subjectOf(end, 'EGRESS'), ingress: classes.subjectOf(end, 'INGRESS'), peer: classes.peerOf(end) });
      if (this.#ofEnd.length % TOGETHER === 0) yield;
    }
  }

  /** Yields one row of cells at a time, so that the caller can pause between them. */
  *rows(protocol: TransportProtocol, port: number): Iterable<string> {
    const egress = new ClassOutcomes(this.#policies, this.#classes, 'EGRESS', protocol, port);
    const ingress = new ClassOutcomes(this.#policies, this.#classes, 'INGRESS', protocol, port);
    // Not by concatenation, which would make a tree of a million pieces.
    const row = new Uint16Array(this.ends.length);
    for (let source = 0; source < row.length; source += 1) {
      for (let destination = 0; destination < row.length; destination += 1) {
        row[destination] = this.#cell(source, destination, protocol, port, egress, ingress).charCodeAt(0);
      }
      yield String.fromCharCode(...row);
    }
  }

  /** The same rows, with the reason for each cell. */
  *explained(protocol: TransportProtocol, port: number): Iterable<readonly CellReason[]> {
    const egress = new ClassDecisions(this.#policies, this.#classes, 'EGRESS', protocol, port);
    const ingress = new ClassDecisions(this.#policies, this.#classes, 'INGRESS', protocol, port);
    for (let source = 0; source < this.ends.length; source += 1) {
      yield this.ends.map((_, destination) => this.#reason(source, destination, protocol, port, egress, ingress));
    }
  }

  #cell(source: number, destination: number, protocol: TransportProtocol, port: number, egress: ClassOutcomes, ingress: ClassOutcomes): Cell {
    const [from, to] = [this.ends[source]!, this.ends[destination]!];
    if (isItself(source, destination, from, to)) return ITSELF.cell;
    const way = this.#ways.between(source, destination, protocol, port);
    const lost = this.#lost(way, destination, protocol, port);
    if (lost !== null) return 'X';
    return cellOf(from, to, this.#sent(source, destination, way, egress), this.#received(source, destination, way, ingress), lost);
  }

  #reason(source: number, destination: number, protocol: TransportProtocol, port: number, egress: ClassDecisions, ingress: ClassDecisions): CellReason {
    const [from, to] = [this.ends[source]!, this.ends[destination]!];
    if (isItself(source, destination, from, to)) return ITSELF;
    const way = this.#ways.between(source, destination, protocol, port);
    const sent = this.#sent(source, destination, way, egress);
    const received = this.#received(source, destination, way, ingress);
    const lost = this.#lost(way, destination, protocol, port);
    return { cell: cellOf(from, to, sent?.outcome, received?.outcome, lost), egress: sent ?? null, ingress: received ?? null, lost };
  }

  #lost(way: Way, destination: number, protocol: TransportProtocol, port: number): string | null {
    return way.lost ?? (this.#ways.listens(destination, protocol, port) ? null : NO_LISTENER);
  }

  #sent<Answer>(source: number, destination: number, way: Way, egress: Judge<Answer>): Answer | undefined {
    const subject = this.#ofEnd[source]!.egress;
    return !way.asksSender || subject < 0 ? undefined : egress.decide(subject, this.#ofEnd[destination]!.peer);
  }

  #received<Answer>(source: number, destination: number, way: Way, ingress: Judge<Answer>): Answer | undefined {
    const subject = this.#ofEnd[destination]!.ingress;
    if (!way.asksReceiver || subject < 0) return undefined;
    const from = this.ends[source]!;
    const sendersNode = from.kind === 'pod' ? from.node : null;
    const seenAs = way.seenAs === 'SENDERS_NODE' ? sendersNode : way.seenAs;
    const node = seenAs ?? (from.kind === 'pod' && from.pod.hostNetwork ? sendersNode : null);
    const peer = seenAs ? this.#classes.nodePeer(seenAs) : this.#ofEnd[source]!.peer;
    const home = (this.ends[destination] as PodEnd).pod.node;
    return node !== null && node.name === home ? ingress.decideOwnNode(subject, peer, home) : ingress.decide(subject, peer);
  }
}

/** Decisions for classes, without or with reasons. */
interface Judge<Answer> {
  decide(subject: number, peer: number): Answer;
  decideOwnNode(subject: number, peer: number, node: string): Answer;
}

const isItself = (source: number, destination: number, from: ReachEnd, to: ReachEnd): boolean =>
  source === destination || (from.kind === 'range' && to.kind === 'range');

function cellOf(from: ReachEnd, to: ReachEnd, sent: ClassOutcome | undefined, received: ClassOutcome | undefined, lost: string | null): Cell {
  if (lost !== null || sent === 'DENIED' || received === 'DENIED') return 'X';
  if (isUndetermined(from, 'EGRESS') || isUndetermined(to, 'INGRESS')) return '?';
  return sent === 'PARTLY' || received === 'PARTLY' ? '/' : '.';
}

const isUndetermined = (end: ReachEnd, direction: Direction): boolean => end.kind === 'pod' && end.unenforced[direction].length > 0;
