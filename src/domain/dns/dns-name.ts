/** Absolute names; case does not matter. @source RFC 1035 §2.3.3, §3.5 */
import { parseIpv4, type Ipv4 } from '../values/ipv4.js';

export const absolute = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

/** The labels of a name, in order; none for the root. */
export const labelsOf = (name: string): readonly string[] => name.split('.').filter((label) => label !== '');

/** @param zone in lower case, `.` for the root */
export function isWithin(name: string, zone: string): boolean {
  const lower = name.toLowerCase();
  return zone === '.' || lower === zone || lower.endsWith(`.${zone}`);
}

/** The longest of the zones that contain the name. */
export function zoneOf(name: string, zones: readonly string[]): string | undefined {
  return zones
    .filter((zone) => isWithin(name, zone))
    .reduce<string | undefined>((best, zone) => (best !== undefined && best.length >= zone.length ? best : zone), undefined);
}

const REVERSE = '.in-addr.arpa.';

export const isReverse = (name: string): boolean => isWithin(name, 'in-addr.arpa.') || isWithin(name, 'ip6.arpa.');

/** @returns `undefined` if it is not the complete reverse name of an IPv4 address */
export function addressOfReverse(name: string): Ipv4 | undefined {
  const lower = name.toLowerCase();
  return lower.endsWith(REVERSE) ? parseIpv4(lower.slice(0, -REVERSE.length).split('.').toReversed().join('.')) : undefined;
}

/** Why a name cannot be queried; `undefined` if it can. @source RFC 1035 §2.3.4; CoreDNS takes any character but the dot in a label */
export function queryNameProblem(name: string): string | undefined {
  const labels = name.replace(/\.$/, '').split('.');
  if (name === '') return 'must be a name such as web.default.svc.cluster.local';
  if (name === '.') return undefined;
  if (labels.some((label) => label === '')) return 'must have no empty label: two dots in a row, or one at the beginning';
  const long = labels.find((label) => label.length > 63);
  if (long !== undefined) return `must have labels of no more than 63 characters: ${long.slice(0, 20)}… has ${long.length}`;
  if (labels.join('.').length > 253) return 'must be no more than 253 characters';
  if (!/^[\w.*-]+$/.test(name)) return 'must consist of letters, digits, "-", "_", "*" and "."';
  return undefined;
}
