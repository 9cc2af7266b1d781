/** @source k8s.io/kubernetes `pkg/apis/discovery/validation` */
import { duplicateValue, invalidValue, requiredValue, tooMany } from '../api-messages.js';
import { isIpv6 } from '../ip-syntax.js';
import { parseLegacyIpv4 } from '../legacy-address.js';
import type { EndpointSlice } from '../kinds/endpoint-slice.js';
import { dnsLabelProblem, dnsSubdomainProblem, fqdnProblem, labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { isLoopback, UNSPECIFIED, type Ipv4 } from '../../values/ipv4.js';
import { parseIpv6 } from '../../values/ipv6.js';
import { ZONE_LABEL } from '../zone-label.js';
import { checkSyntax } from './check-syntax.js';
import type { DeepPartial } from './deep-partial.js';
import { checkLabels } from './metadata-rules.js';
import { Seen } from './seen.js';

type Slice = DeepPartial<EndpointSlice>;

const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_TOPOLOGY_LABELS = 16;

type Special = 'unspecified' | 'loopback' | 'linkLocal' | 'linkLocalMulticast';

function kindOfIpv4(address: Ipv4): Special | undefined {
  if (address === UNSPECIFIED) return 'unspecified';
  if (isLoopback(address)) return 'loopback';
  if (address >>> 16 === 0xa9fe) return 'linkLocal';
  return address >>> 8 === 0xe00000 ? 'linkLocalMulticast' : undefined;
}

function kindOfIpv6(address: bigint): Special | undefined {
  if (address === 0n) return 'unspecified';
  if (address === 1n) return 'loopback';
  if (address >> 118n === 0xfe80n >> 6n) return 'linkLocal';
  // The flags of a multicast address do not matter: its scope is the link.
  return address >> 120n === 0xffn && ((address >> 112n) & 0xfn) === 2n ? 'linkLocalMulticast' : undefined;
}

/** Addresses that no endpoint may have: traffic to them never leaves the node that sends it. @source k8s.io/kubernetes `ValidateEndpointIP` */
export function specialAddressProblem(text: string): string | undefined {
  const [ipv4, ipv6] = [parseLegacyIpv4(text), parseIpv6(text)];
  const kind = ipv4 === undefined ? ipv6 !== undefined && kindOfIpv6(ipv6) : kindOfIpv4(ipv4);
  switch (kind) {
    case 'unspecified': return `may not be unspecified (${text})`;
    case 'loopback': return 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
    case 'linkLocal': return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
    case 'linkLocalMulticast': return 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
    default: return undefined;
  }
}

function addressProblem(type: Slice['addressType'], address: string): string | undefined {
  switch (type) {
    case 'IPv4': return parseLegacyIpv4(address) === undefined ? 'must be a valid IPv4 address' : specialAddressProblem(address);
    case 'IPv6': return isIpv6(address) ? specialAddressProblem(address) : 'must be a valid IPv6 address';
    case 'FQDN': return fqdnProblem(address);
    default: return undefined;
  }
}

const MAX_HINTS = 8;

function checkHintNames(names: readonly (string | undefined)[], syntax: (name: string) => string | undefined, path: string, report: Report): void {
  if (names.length > MAX_HINTS) return report(path, tooMany(names.length, MAX_HINTS));
  const seen = new Seen();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    if (seen.add(name)) report(`${path}[${index}].name`, duplicateValue(name));
    const problem = syntax(name);
    if (problem !== undefined) report(`${path}[${index}].name`, invalidValue(name, problem));
  }
}

/** Which zones and nodes an endpoint is for. */
function checkHints({ forZones, forNodes }: NonNullable<NonNullable<Slice['endpoints']>[number]['hints']>, path: string, report: Report): void {
  if (forZones) checkHintNames(forZones.map(({ name }) => name), labelValueProblem, `${path}.forZones`, report);
  if (forNodes) checkHintNames(forNodes.map(({ name }) => name), dnsSubdomainProblem, `${path}.forNodes`, report);
}

/** The zone is not counted, since it has a field of its own. */
function checkTopology(labels: Readonly<Record<string, string | undefined>>, path: string, report: Report): void {
  const { [ZONE_LABEL]: _zone, ...topology } = labels;
  const count = Object.keys(topology).length;
  if (count > MAX_TOPOLOGY_LABELS) report(path, tooMany(count, MAX_TOPOLOGY_LABELS));
  checkLabels(topology, path, report);
}

function checkEndpoints(slice: Slice, report: Report): void {
  const { endpoints = [], addressType } = slice;
  if (endpoints.length > MAX_ENDPOINTS) report('endpoints', tooMany(endpoints.length, MAX_ENDPOINTS));
  for (const [index, { addresses, nodeName, hostname, hints, deprecatedTopology }] of endpoints.entries()) {
    const at = `endpoints[${index}]`;
    if (addresses?.length === 0) report(`${at}.addresses`, requiredValue('must contain at least 1 address'));
    if (addresses && addresses.length > MAX_ADDRESSES) report(`${at}.addresses`, tooMany(addresses.length, MAX_ADDRESSES));
    for (const [position, address] of (addresses ?? []).entries()) {
      const problem = addressProblem(addressType, address);
      if (problem !== undefined) report(`${at}.addresses[${position}]`, invalidValue(address, problem));
    }
    checkSyntax(nodeName, dnsSubdomainProblem, `${at}.nodeName`, report);
    checkSyntax(hostname, dnsLabelProblem, `${at}.hostname`, report);
    if (deprecatedTopology) checkTopology(deprecatedTopology, `${at}.deprecatedTopology`, report);
    if (hints) checkHints(hints, `${at}.hints`, report);
  }
}

function checkPorts({ ports = [] }: Slice, report: Report): void {
  if (ports.length > MAX_PORTS) report('ports', tooMany(ports.length, MAX_PORTS));
  const names = new Seen();
  for (const [index, { name = '', appProtocol }] of ports.entries()) {
    const protocolProblem = appProtocol === undefined ? undefined : qualifiedNameProblem(appProtocol);
    if (protocolProblem !== undefined) report(`ports[${index}].appProtocol`, invalidValue(appProtocol, protocolProblem));
    const problem = name === '' ? undefined : dnsLabelProblem(name);
    if (problem !== undefined) report(`ports[${index}].name`, invalidValue(name, problem));
    else if (names.add(name)) report(`ports[${index}].name`, duplicateValue(name));
  }
}

export function checkEndpointSlice(slice: Slice, report: Report): void {
  checkEndpoints(slice, report);
  checkPorts(slice, report);
}
