/** The order in which kube-proxy has the endpoints of a service port: that of their text, `10.0.0.10:80` before `10.0.0.9:80`. */
import type { EndpointView } from '../../domain/cluster/view.js';
import { byText } from '../../domain/values/by-text.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';

/** Places of the numbers of an address in the order of text, where `end` follows each of them. */
function placesWith(end: string): readonly number[] {
  const numbers = Array.from({ length: 256 }, (_, number) => `${number}${end}`);
  const inOrder = numbers.toSorted();
  return numbers.map((number) => inOrder.indexOf(number));
}

/** `.` comes before every digit and `:` after, so that the last number of an address is ordered otherwise than the first three. */
const INNER = placesWith('.');
const LAST = placesWith(':');

/** One number for the text of an address: comparing it costs nothing, where text would have to be made first. */
const placeOf = (ip: Ipv4): number =>
  INNER[ip >>> 24]! * 2 ** 24 + INNER[(ip >>> 16) & 255]! * 2 ** 16 + INNER[(ip >>> 8) & 255]! * 2 ** 8 + LAST[ip & 255]!;

/** @source Kubernetes `pkg/proxy/endpointslicecache.go` `endpointsMapFromEndpointInfo`, `byEndpoint` */
export const inProxyOrder = (endpoints: readonly EndpointView[]): readonly EndpointView[] =>
  endpoints.toSorted((a, b) => placeOf(a.ip) - placeOf(b.ip) || byText(String(a.port), String(b.port)));
