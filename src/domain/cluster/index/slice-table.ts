import { toIpv4, type Ipv4 } from '../../values/ipv4.js';
import type { EndpointFacts, EndpointSliceFacts } from '../facts.js';
import type { EndpointView } from '../view.js';
import { Arena } from './arena.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';
import { Interner } from './interner.js';
import { deepFreeze, ownCopy } from './own-copy.js';
import type { PodTable } from './pod-table.js';

/** The four words of an endpoint: address, number of the node, row of the pod (−1 for none), number of the rare fields with the flags. */
const WORDS = 4;
const READY = 1;
const SERVING = 2;
const TERMINATING = 4;
/** The hostname equals the pod's name, as with a StatefulSet. A flag, since otherwise each such endpoint would have rare fields of its own. */
const NAMED_AS_POD = 8;
const FLAG_BITS = 4;

/** A `targetRef` may hold any text; only a valid pod name fits into the table of pods. */
const POD_NAME = /^[!-~]{1,253}$/;

/** Fields that few endpoints have, or that many share; `pod` only if it is not a valid pod name. */
type Rarities = Pick<EndpointFacts, 'zone' | 'zoneHints' | 'nodeHints' | 'hostname' | 'pod'>;
const NO_RARITIES: Rarities = deepFreeze({ zone: null, zoneHints: [], nodeHints: [], hostname: null, pod: null });

/** A slice without its endpoints, which are held as numbers. */
export interface StoredSlice {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly service: string | null;
  readonly managed: boolean;
  readonly watched: boolean;
  readonly ordinal: number;
  readonly table: SliceTable;
  /** Number of its list of ports, which slices of a service mostly share. */
  readonly portsId: number;
  readonly count: number;
  /** The position of its first endpoint in the arena; changes on compaction. */
  start: number;
}

/** Endpoint slices by name and by service. Endpoints are numbers in one array, and become objects only when read. */
export class SliceTable extends FactTable<StoredSlice> {
  readonly #pods: PodTable;
  readonly #nodes: Interner<string>;
  readonly #ports = new Interner((text) => deepFreeze(JSON.parse(text) as EndpointSliceFacts['ports']));
  readonly #rarities = new Interner((text) => deepFreeze(JSON.parse(text) as Rarities));
  readonly #byService = new Buckets<string, StoredSlice>();
  readonly #words: Arena<Int32Array>;
  #watchedEndpoints = 0;

  /** @param pods holds the names of the endpoints' pods */
  constructor(pods: PodTable, nodes: Interner<string>) {
    super();
    this.#pods = pods;
    this.#nodes = nodes;
    this.#words = new Arena((length) => new Int32Array(length), (relocate) => {
      for (const slice of this.all()) slice.start = relocate(slice.start, slice.count * WORDS);
    });
  }

  /** Endpoints of the slices that kube-proxy watches, each counted once for every port of its slice. */
  get watchedEndpoints(): number {
    return this.#watchedEndpoints;
  }

  /** Slices labelled with the service's name. */
  ofService(namespace: string, service: string): readonly StoredSlice[] {
    return inOrder(this.#byService.get(`${namespace}/${service}`));
  }

  /** Slices with an endpoint of this address. A linear search over all endpoints: a millisecond for 150,000. */
  holding(address: Ipv4): readonly StoredSlice[] {
    const wanted = address | 0;
    return this.all().filter(({ start, count }) => {
      const words = this.#words.data;
      for (let index = 0; index < count; index += 1) if (words[start + index * WORDS] === wanted) return true;
      return false;
    });
  }

  /** Adds or replaces. */
  store(slice: EndpointSliceFacts): void {
    const { namespace, name, uid, service } = ownCopy({ namespace: slice.namespace, name: slice.name, uid: slice.uid, service: slice.service });
    const stored: StoredSlice = {
      namespace, name, uid, service, managed: slice.managed, watched: slice.watched, ordinal: slice.ordinal, table: this,
      portsId: this.#ports.acquire(JSON.stringify(slice.ports)), count: slice.endpoints.length, start: this.#words.append(slice.endpoints.length * WORDS),
    };
    for (const [index, endpoint] of slice.endpoints.entries()) {
      const words = this.#words.data;
      const at = stored.start + index * WORDS;
      const { zone, zoneHints, nodeHints } = endpoint;
      const nameable = endpoint.pod !== null && POD_NAME.test(endpoint.pod);
      const namedAsPod = nameable && endpoint.hostname === endpoint.pod;
      const hostname = namedAsPod ? null : endpoint.hostname;
      const pod = nameable ? null : endpoint.pod;
      const plain = zone === null && zoneHints.length === 0 && nodeHints.length === 0 && hostname === null && pod === null;
      const rarities = plain ? 0 : this.#rarities.acquire(JSON.stringify({ zone, zoneHints, nodeHints, hostname, pod })) + 1;
      words[at] = endpoint.ip;
      words[at + 1] = endpoint.node === null ? -1 : this.#nodes.acquire(endpoint.node);
      words[at + 2] = endpoint.pod === null || !nameable ? -1 : this.#pods.reference(namespace, endpoint.pod);
      words[at + 3] =
        (rarities << FLAG_BITS) |
        (endpoint.ready ? READY : 0) |
        (endpoint.serving ? SERVING : 0) |
        (endpoint.terminating ? TERMINATING : 0) |
        (namedAsPod ? NAMED_AS_POD : 0);
    }
    this.put(stored);
  }

  portsOf(slice: StoredSlice): EndpointSliceFacts['ports'] {
    return this.#ports.valueOf(slice.portsId);
  }

  addressOf(slice: StoredSlice, index: number): Ipv4 {
    return toIpv4(this.#word(slice, index, 0));
  }

  /** 2: ready, 1: serving only, 0: neither. */
  rankOf(slice: StoredSlice, index: number): number {
    const flags = this.#word(slice, index, 3);
    if ((flags & READY) !== 0) return 2;
    return (flags & SERVING) !== 0 ? 1 : 0;
  }

  /** @param port the slice's port for the service port in question */
  viewOf(slice: StoredSlice, index: number, port: number): EndpointView {
    const last = this.#word(slice, index, 3);
    const { zone, zoneHints, nodeHints, hostname } = this.#raritiesOf(last);
    const pod = this.#podOf(slice, index);
    return {
      ip: this.addressOf(slice, index), port, node: this.#nodeOf(slice, index),
      ready: (last & READY) !== 0, serving: (last & SERVING) !== 0, terminating: (last & TERMINATING) !== 0,
      zone, zoneHints, nodeHints,
      pod: pod === null ? null : `${slice.namespace}/${pod}`,
      hostname: (last & NAMED_AS_POD) === 0 ? hostname : pod,
    };
  }

  factsOf(slice: StoredSlice): EndpointSliceFacts {
    const { namespace, name, uid, service, managed, watched, ordinal } = slice;
    const endpoints = Array.from({ length: slice.count }, (_, index) => this.#endpoint(slice, index));
    return { kind: 'EndpointSlice', namespace, name, uid, service, managed, watched, ports: this.portsOf(slice), endpoints, ordinal };
  }

  protected override added(slice: StoredSlice): void {
    this.#watchedEndpoints += this.#watchedEndpointsOf(slice);
    if (slice.service !== null) this.#byService.add(`${slice.namespace}/${slice.service}`, slice);
  }

  protected override removed(slice: StoredSlice): void {
    this.#watchedEndpoints -= this.#watchedEndpointsOf(slice);
    if (slice.service !== null) this.#byService.remove(`${slice.namespace}/${slice.service}`, slice);
    for (let index = 0; index < slice.count; index += 1) {
      const node = this.#word(slice, index, 1);
      const pod = this.#word(slice, index, 2);
      const rarities = this.#word(slice, index, 3) >>> FLAG_BITS;
      if (node >= 0) this.#nodes.release(node);
      if (pod >= 0) this.#pods.dereference(pod);
      if (rarities > 0) this.#rarities.release(rarities - 1);
    }
    this.#ports.release(slice.portsId);
    this.#words.release(slice.count * WORDS);
  }

  #watchedEndpointsOf(slice: StoredSlice): number {
    return slice.watched ? slice.count * this.portsOf(slice).length : 0;
  }

  #endpoint(slice: StoredSlice, index: number): EndpointFacts {
    const last = this.#word(slice, index, 3);
    const { zone, zoneHints, nodeHints, hostname } = this.#raritiesOf(last);
    const pod = this.#podOf(slice, index);
    return {
      ip: this.addressOf(slice, index), node: this.#nodeOf(slice, index),
      ready: (last & READY) !== 0, serving: (last & SERVING) !== 0, terminating: (last & TERMINATING) !== 0,
      zone, zoneHints, nodeHints, pod, hostname: (last & NAMED_AS_POD) === 0 ? hostname : pod,
    };
  }

  #nodeOf(slice: StoredSlice, index: number): string | null {
    const node = this.#word(slice, index, 1);
    return node < 0 ? null : this.#nodes.valueOf(node);
  }

  #podOf(slice: StoredSlice, index: number): string | null {
    const row = this.#word(slice, index, 2);
    return row < 0 ? this.#raritiesOf(this.#word(slice, index, 3)).pod : this.#pods.nameOf(row);
  }

  #raritiesOf(last: number): Rarities {
    const id = last >>> FLAG_BITS;
    return id === 0 ? NO_RARITIES : this.#rarities.valueOf(id - 1);
  }

  #word(slice: StoredSlice, index: number, word: number): number {
    return this.#words.data[slice.start + index * WORDS + word] as number;
  }
}
