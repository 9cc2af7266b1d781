import { parseLegacyIpv4 } from '../legacy-address.js';
import type { EndpointFacts, EndpointSliceFacts } from '../facts.js';
import type { EndpointSlice } from '../kinds/endpoint-slice.js';
import type { ObjectMeta } from '../objects.js';
import { isWatched } from './proxy-labels.js';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
/** Value of the managed-by label on the slices that the control plane keeps. */
export const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const NO_NAMES: readonly string[] = Object.freeze([]);

const namesOf = (hints: readonly { readonly name: string }[] | undefined): readonly string[] => (hints ? hints.map(({ name }) => name) : NO_NAMES);

/**
 * An unset condition takes the healthy value: ready, serving, not terminating.
 *
 * @source k8s.io/kubernetes `pkg/proxy/endpointslicecache.go`: of several addresses only the first is used
 */
function endpointOf({ addresses, conditions, hints, hostname, nodeName, targetRef, zone }: Endpoint): EndpointFacts | undefined {
  const ip = parseLegacyIpv4(addresses[0] ?? '');
  if (ip === undefined) return undefined;
  return {
    ip,
    node: nodeName ?? null,
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    zone: zone ?? null,
    zoneHints: namesOf(hints?.forZones),
    nodeHints: namesOf(hints?.forNodes),
    pod: targetRef?.kind === 'Pod' ? (targetRef.name ?? null) : null,
    hostname: hostname || null,
  };
}

/** Slices of IPv6 addresses or domain names get no endpoints, since they carry no traffic here. */
export function extractEndpointSliceFacts(slice: EndpointSlice, metadata: ObjectMeta, ordinal: number): EndpointSliceFacts {
  return {
    kind: 'EndpointSlice',
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    uid: metadata.uid ?? '',
    service: metadata.labels?.[SERVICE_NAME_LABEL] || null,
    managed: metadata.labels?.[MANAGED_BY_LABEL] === SLICE_CONTROLLER,
    watched: isWatched(metadata.labels ?? {}),
    ports: (slice.ports ?? []).map(({ name = '', protocol = 'TCP', port, appProtocol }) => ({
      name,
      protocol,
      port: port ?? null,
      ...(typeof appProtocol === 'string' && { appProtocol }),
    })),
    endpoints: slice.addressType === 'IPv4' ? (slice.endpoints ?? []).map(endpointOf).filter((endpoint) => endpoint !== undefined) : [],
    ordinal,
  };
}
