/** A pod as columns of numbers and texts, as stored beside its body: the index reads it without making an object per pod. */
import { toIpv4 } from '../../values/ipv4.js';
import type { Owned, PodFacts } from '../facts.js';

export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string | null;
  readonly ip: number | null;
  /** Sum of `POD_FLAG`s. */
  readonly flags: number;
  /** JSON of the labels. */
  readonly labels: string;
  /** JSON of `[containers, listen, hostname, subdomain, dns, interPod, waiting]`, at least the first two; missing ones at the end are left out. */
  readonly shape: string;
  /** JSON of `[kind, name, uid]` of the controller. */
  readonly owner: string | null;
  readonly ordinal: number;
  /** JSON of the other owners' uids. */
  readonly owners: string | null;
}

export const POD_FLAG = { HOST_NETWORK: 1, READY: 2, TERMINATING: 4, FINISHED: 8, SUCCEEDED: 16, /** Uses ports of its node. */ HOST_PORTS: 32 } as const;

export const flagsOf = ({ hostNetwork, ready, terminating, finished, succeeded, containers }: PodFacts): number =>
  (hostNetwork ? POD_FLAG.HOST_NETWORK : 0) | (ready ? POD_FLAG.READY : 0) | (terminating ? POD_FLAG.TERMINATING : 0) |
  (finished ? POD_FLAG.FINISHED : 0) | (succeeded ? POD_FLAG.SUCCEEDED : 0) | (containers.some(hasHostPort) ? POD_FLAG.HOST_PORTS : 0);

const hasHostPort = ({ ports }: PodFacts['containers'][number]): boolean => ports.some(({ hostPort }) => hostPort !== null);

/**
 * The fields that pods of one template share, and for pods without a node also the reason for that. `hostname` is
 * `OWN_NAME` if it equals the pod's name, as with a StatefulSet.
 */
export type PodShape = Pick<PodFacts, 'containers' | 'listen' | 'hostname' | 'subdomain' | 'dns' | 'interPod' | 'waiting'>;

/** Not a valid hostname, so it cannot collide with one. */
const OWN_NAME = '.';

export const shapeOf = ({ containers, listen, hostname, subdomain, dns, interPod, waiting, name }: PodShape & { readonly name: string }): PodShape => ({
  containers, listen, hostname: hostname === name ? OWN_NAME : hostname, subdomain, dns, interPod, waiting,
});

export const hostnameOf = (shape: PodShape, name: string): string | null => (shape.hostname === OWN_NAME ? name : shape.hostname);

export function encodeShape({ containers, listen, hostname, subdomain, dns, interPod, waiting }: PodShape): string {
  const rare = [hostname, subdomain, dns, interPod, waiting];
  return JSON.stringify([containers, listen, ...rare.slice(0, rare.findLastIndex((field) => field !== null) + 1)]);
}

export function decodeShape(text: string): PodShape {
  const [containers, listen, hostname = null, subdomain = null, dns = null, interPod = null, waiting = null] = JSON.parse(text) as [
    PodShape['containers'],
    PodShape['listen'],
    (string | null)?,
    (string | null)?,
    PodShape['dns']?,
    PodShape['interPod']?,
    (string | null)?,
  ];
  return { containers, listen, hostname, subdomain, dns, interPod, waiting };
}

export function decodeOwner(text: string): NonNullable<PodFacts['owner']> {
  const [kind, name, uid] = JSON.parse(text) as [string, string, string];
  return { kind, name, uid };
}

export const encodePodFacts = (facts: PodFacts & Owned): PodRow => ({
  namespace: facts.namespace,
  name: facts.name,
  uid: facts.uid,
  node: facts.node,
  ip: facts.ip,
  flags: flagsOf(facts),
  labels: JSON.stringify(facts.labels),
  shape: encodeShape(shapeOf(facts)),
  owner: facts.owner && JSON.stringify([facts.owner.kind, facts.owner.name, facts.owner.uid]),
  ordinal: facts.ordinal,
  owners: facts.owners ? JSON.stringify(facts.owners) : null,
});

export const decodePodFacts = (row: PodRow): PodFacts & Owned => withShape(row, decodeShape(row.shape));

const withShape = (row: PodRow, shape: PodShape): PodFacts & Owned => ({
  kind: 'Pod',
  namespace: row.namespace,
  name: row.name,
  uid: row.uid,
  node: row.node,
  ip: row.ip === null ? null : toIpv4(row.ip),
  hostNetwork: (row.flags & POD_FLAG.HOST_NETWORK) !== 0,
  ready: (row.flags & POD_FLAG.READY) !== 0,
  terminating: (row.flags & POD_FLAG.TERMINATING) !== 0,
  finished: (row.flags & POD_FLAG.FINISHED) !== 0,
  succeeded: (row.flags & POD_FLAG.SUCCEEDED) !== 0,
  labels: JSON.parse(row.labels) as PodFacts['labels'],
  ...shape,
  hostname: hostnameOf(shape, row.name),
  owner: row.owner === null ? null : decodeOwner(row.owner),
  ordinal: row.ordinal,
  ...(row.owners !== null && { owners: JSON.parse(row.owners) as readonly string[] }),
});

/** All columns in one text, one per line: neither JSON nor names contain line breaks. An empty line is `null`. */
export const formatPodRow = (row: PodRow): string =>
  [
    row.namespace,
    row.name,
    row.uid,
    row.node ?? '',
    row.ip ?? '',
    row.flags,
    row.labels,
    row.shape,
    row.owner ?? '',
    row.ordinal,
    ...(row.owners === null ? [] : [row.owners]),
  ].join('\n');

export function parsePodRow(text: string): PodRow {
  const [namespace = '', name = '', uid = '', node = '', ip = '', flags = '', labels = '', shape = '', owner = '', ordinal = '', owners = ''] =
    text.split('\n');
  return {
    namespace, name, uid, node: node === '' ? null : node, ip: ip === '' ? null : Number(ip), flags: Number(flags),
    labels, shape, owner: owner === '' ? null : owner, ordinal: Number(ordinal), owners: owners === '' ? null : owners,
  };
}
