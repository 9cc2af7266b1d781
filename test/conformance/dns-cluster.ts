/** Converts the objects and settings of a DNS case to those of the API. */
import { blockAround } from './blocks.js';
import type { ClusterApi } from './api.js';
import { listOf } from './stated.js';

export interface ServiceOfDnsCase {
  readonly namespace: string;
  readonly name: string;
  readonly type?: string | null;
  readonly clusterIPs?: readonly string[] | null;
  readonly externalName?: string | null;
  readonly ports?: readonly { readonly name: string; readonly protocol: string; readonly port: number }[] | null;
}

export interface SliceOfDnsCase {
  /** `namespace/name` */
  readonly service: string;
  readonly slice?: string;
  readonly addresses: readonly { readonly ip: string; readonly hostname?: string | null; readonly ready?: boolean | null }[] | null;
  readonly ports?: readonly { readonly name: string; readonly protocol: string; readonly port: number }[] | null;
}

export interface DnsRecordOfCase {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly data?: string;
  /** Only in an SRV record, which has no `data`. */
  readonly priority?: number;
  readonly weight?: number;
  readonly port?: number;
  readonly target?: string;
}

interface DnsAnswer {
  readonly rcode: string;
  readonly answers: readonly DnsRecordOfCase[];
  readonly additional: readonly DnsRecordOfCase[];
  readonly authority: readonly DnsRecordOfCase[];
}

const isIpv4 = (text: string): boolean => /^\d+(\.\d+){3}$/.test(text);
const ipv4sOf = ({ clusterIPs }: ServiceOfDnsCase): readonly string[] => listOf(clusterIPs).filter(isIpv4);

/** Settings with one node for all pods, with ranges that contain the case's addresses, and without DNS pods. */
export function dnsSettings(zone: string, services: readonly ServiceOfDnsCase[]): object {
  const serviceCIDR = blockAround(services.flatMap(ipv4sOf), 16);
  return {
    clusterDomain: zone, ...(serviceCIDR === undefined ? {} : { serviceCIDR }), podCIDR: '10.224.0.0/11', nodeCIDRMaskSize: 11,
    underlay: { nodeCIDR: '172.20.0.0/24' }, dns: { replicas: 0 }, nodes: 1,
  };
}

export const namespaceObject = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

/** The objects for a Service; none if it has only IPv6 addresses, since it cannot be created here. */
export function dnsServiceObjects(service: ServiceOfDnsCase): readonly object[] {
  const { namespace, name, externalName } = service;
  const [type, clusterIPs, ports] = [service.type ?? 'ClusterIP', listOf(service.clusterIPs), listOf(service.ports)];
  const isHeadless = clusterIPs.length === 0 || clusterIPs.includes('None');
  const [clusterIP] = ipv4sOf(service);
  if (type !== 'ExternalName' && !isHeadless && clusterIP === undefined) return [];
  const address = type === 'ExternalName' ? { externalName: externalName?.replace(/\.$/, '') } : { clusterIP: isHeadless ? 'None' : clusterIP };
  return [{ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { type, ...address, ...(ports.length > 0 ? { ports } : {}) } }];
}

/** A slice for each address family. */
export function dnsSliceObjects({ service, slice, addresses: given, ports }: SliceOfDnsCase): readonly object[] {
  const addresses = listOf(given);
  const [namespace = '', name = ''] = service.split('/');
  const families = [{ addressType: 'IPv4', own: addresses.filter(({ ip }) => isIpv4(ip)) }, { addressType: 'IPv6', own: addresses.filter(({ ip }) => !isIpv4(ip)) }];
  return families.filter(({ own, addressType }) => own.length > 0 || addressType === 'IPv4').map(({ addressType, own }) => ({
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType, ports: listOf(ports),
    metadata: { namespace, name: `${slice ?? name}-${addressType.toLowerCase()}`, labels: { 'kubernetes.io/service-name': name } },
    endpoints: own.map(({ ip, hostname, ready }) => ({ addresses: [ip], conditions: { ready: ready ?? true }, ...(hostname ? { hostname } : {}) })),
  }));
}

export const askDns = async (cluster: ClusterApi, { name, type }: { readonly name: string; readonly type: string }): Promise<DnsAnswer> =>
  (await cluster.send('GET', `dns?name=${encodeURIComponent(name)}&type=${type}`)) as DnsAnswer;

/** The serial of a zone is not compared, since each server computes its own. */
const withoutSerial = (data: string): string => data.split(' ').toSpliced(2, 1).join(' ');

const dataOf = ({ type, data, priority, weight, port, target }: DnsRecordOfCase): string =>
  data === undefined ? [priority, weight, port, target].join(' ') : type === 'SOA' ? withoutSerial(data) : data;

/** Each record in one line, sorted by text, since servers shuffle the records of a section. @param withTtl whether the TTL is compared too */
export const recordTexts = (records: readonly DnsRecordOfCase[] | null | undefined, withTtl: boolean): readonly string[] =>
  listOf(records).map((record) => [record.name, ...(withTtl ? [record.ttl] : []), record.type, dataOf(record)].join(' ')).toSorted();
