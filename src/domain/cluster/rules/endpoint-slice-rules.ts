/** @source k8s.io/kubernetes `pkg/apis/discovery/validation` */
import { duplicateValue, invalidValue, requiredValue, tooMany } from '../api-messages.js';
import { isIpv6 } from '../ip-syntax.js';
import { parseLegacyIpv4 } from '../legacy-address.js';
import type { EndpointSlice } from '../kinds/endpoint-slice.js';
import { dnsLabelProblem, dnsSubdomainProblem, fqdnProblem, labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { isLoopback, UNSPECIFIED } from '../../values/ipv4.js';
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

/** Addresses that no endpoint may have: traffic to them never leaves the node that sends it. */
export function specialAddressProblem(text: string): string | undefined {
  const address = parseLegacyIpv4(text);
  if (address === undefined) return undefined;
  if (address === UNSPECIFIED) return `may not be unspecified (${text})`;
  if (isLoopback(address)) return 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
  if (address >>> 16 === 0xa9fe) return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
  if (address >>> 8 === 0xe00000) return 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';
  return undefined;
}

function addressProblem(type: Slice['addressType'], address: string): string | undefined {
  switch (type) {
    case 'IPv4': return parseLegacyIpv4(address) === undefined ? 'must be a valid IPv4 address' : specialAddressProblem(address);
    case 'IPv6': return isIpv6(address) ? undefined : 'must be a valid IPv6 address';
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

/** The zone has a field of its own, and does not count. */
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
    const protocolProblem = typeof appProtocol === 'string' ? qualifiedNameProblem(appProtocol) : undefined;
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
