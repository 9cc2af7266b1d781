/** kube-proxy sorts the endpoints of a service port as text: `10.0.0.10:80` comes before `10.0.0.9:80`. */
import type { EndpointView } from '../../domain/cluster/view.js';
import { byText } from '../../domain/values/by-text.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';

/** Ranks of the numbers 0–255 when sorted as text, each followed by `end`. */
function placesWith(end: string): readonly number[] {
  const numbers = Array.from({ length: 256 }, (_, number) => `${number}${end}`);
  const inOrder = numbers.toSorted();
  return numbers.map((number) => inOrder.indexOf(number));
}

/** `.` sorts before every digit and `:` after, so the last number of an address needs ranks of its own. */
const INNER = placesWith('.');
const LAST = placesWith(':');

/** A number that sorts like the address as text, without making the text. */
const placeOf = (ip: Ipv4): number =>
  INNER[ip >>> 24]! * 2 ** 24 + INNER[(ip >>> 16) & 255]! * 2 ** 16 + INNER[(ip >>> 8) & 255]! * 2 ** 8 + LAST[ip & 255]!;

/** @source Kubernetes `pkg/proxy/endpointslicecache.go` `endpointsMapFromEndpointInfo`, `byEndpoint` */
export const inProxyOrder = (endpoints: readonly EndpointView[]): readonly EndpointView[] =>
  endpoints.toSorted((a, b) => placeOf(a.ip) - placeOf(b.ip) || byText(String(a.port), String(b.port)));
