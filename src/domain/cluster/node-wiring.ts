/**
 * Network configuration of a node that Kubernetes has no fields for, stored in annotations so that exports contain it.
 * Lists of addresses are comma-separated, routes are JSON.
 */
import { parseCidr } from '../values/cidr.js';
import { parseIpv4 } from '../values/ipv4.js';
import type { ExtraRoute, NodeWiring } from './settings.js';

export const WIRING_ANNOTATIONS = {
  addresses: 'packetwalk.dev/addresses',
  routes: 'packetwalk.dev/routes',
  forwardPolicy: 'packetwalk.dev/forward-policy',
  announces: 'packetwalk.dev/announces',
} as const;

/** `down` cuts the node's link, `up` or nothing leaves it. */
export const LINK_ANNOTATION = 'packetwalk.dev/link';

export const PLAIN_WIRING: NodeWiring = { addresses: [], routes: [], forwardPolicy: 'ACCEPT', announces: [] };

type Annotations = Readonly<Record<string, string | undefined>>;

interface WiringProblem {
  readonly annotation: string;
  readonly value: string;
  readonly message: string;
}

/** The annotations for what differs from `PLAIN_WIRING`. */
export function encodeNodeWiring({ addresses, routes, forwardPolicy, announces }: NodeWiring): Readonly<Record<string, string>> {
  return {
    ...(addresses.length > 0 && { [WIRING_ANNOTATIONS.addresses]: addresses.join(',') }),
    ...(routes.length > 0 && { [WIRING_ANNOTATIONS.routes]: JSON.stringify(routes) }),
    ...(forwardPolicy !== 'ACCEPT' && { [WIRING_ANNOTATIONS.forwardPolicy]: forwardPolicy }),
    ...(announces.length > 0 && { [WIRING_ANNOTATIONS.announces]: announces.join(',') }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a list of addresses, comma-separated or as a JSON array. @returns `undefined` if one of them is invalid. */
function decodeAddresses(text: string): readonly string[] | undefined {
  const parts: unknown = text.trimStart().startsWith('[') ? parseJson(text) : text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (!Array.isArray(parts)) return undefined;
  return parts.every((part): part is string => typeof part === 'string' && parseIpv4(part) !== undefined) ? parts : undefined;
}

function decodeRoute(route: unknown): ExtraRoute | undefined {
  if (typeof route !== 'object' || route === null) return undefined;
  const { to, via, src } = route as { readonly to?: unknown; readonly via?: unknown; readonly src?: unknown };
  if (typeof to !== 'string' || parseCidr(to) === undefined || typeof via !== 'string' || parseIpv4(via) === undefined) return undefined;
  if (src === undefined || src === null) return { to, via };
  return typeof src === 'string' && parseIpv4(src) !== undefined ? { to, via, src } : undefined;
}

function decodeRoutes(text: string): readonly ExtraRoute[] | undefined {
  const routes = parseJson(text);
  if (!Array.isArray(routes)) return undefined;
  const decoded = routes.map(decodeRoute);
  return decoded.every((route): route is ExtraRoute => route !== undefined) ? decoded : undefined;
}

const isForwardPolicy = (text: string): text is NodeWiring['forwardPolicy'] => text === 'ACCEPT' || text === 'DROP';

/** Reads the annotations of a node. An invalid one is a problem, and is then treated as absent. */
export function decodeNodeWiring(annotations: Annotations): { readonly wiring: NodeWiring; readonly problems: readonly WiringProblem[] } {
  const problems: WiringProblem[] = [];
  const read = <Value>(annotation: string, decode: (text: string) => Value | undefined, fallback: Value, message: string): Value => {
    const value = annotations[annotation];
    if (value === undefined) return fallback;
    const decoded = decode(value);
    if (decoded === undefined) problems.push({ annotation, value, message });
    return decoded ?? fallback;
  };
  const wiring: NodeWiring = {
    addresses: read(WIRING_ANNOTATIONS.addresses, decodeAddresses, PLAIN_WIRING.addresses, 'must be IPv4 addresses separated by commas'),
    routes: read(WIRING_ANNOTATIONS.routes, decodeRoutes, PLAIN_WIRING.routes, 'must be a JSON list of {"to": CIDR, "via": address, "src"?: address}'),
    forwardPolicy: read(
      WIRING_ANNOTATIONS.forwardPolicy,
      (text) => (isForwardPolicy(text) ? text : undefined),
      PLAIN_WIRING.forwardPolicy,
      'must be ACCEPT or DROP',
    ),
    announces: read(WIRING_ANNOTATIONS.announces, decodeAddresses, PLAIN_WIRING.announces, 'must be IPv4 addresses separated by commas'),
  };
  return { wiring: Object.values(WIRING_ANNOTATIONS).some((annotation) => annotations[annotation] !== undefined) ? wiring : PLAIN_WIRING, problems };
}
