import { MANAGED_BY_LABEL, SERVICE_NAME_LABEL, SLICE_CONTROLLER } from '../../domain/cluster/extract/endpoint-slice-facts.js';
import { HEADLESS_LABEL } from '../../domain/cluster/extract/proxy-labels.js';
import type { ServiceFacts } from '../../domain/cluster/facts.js';
import type { KubeObject, ObjectMeta } from '../../domain/cluster/objects.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { DesiredEndpoint } from './desired-endpoints.js';
import type { PlannedSlice } from './plan-slices.js';

/**
 * The labels of a managed slice: those of the Service, those that identify the slice, and the headless label if the Service
 * has no cluster IP.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice `setEndpointSliceLabels`
 */
export function sliceLabels({ name, labels, clusterIP }: ServiceFacts): Readonly<Record<string, string>> {
  const { [HEADLESS_LABEL]: _headless, ...own } = labels;
  return { ...own, ...(clusterIP === null && { [HEADLESS_LABEL]: '' }), [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: SLICE_CONTROLLER };
}

/** Has the slice all labels of its Service? The headless label is not compared. */
export function hasLabelsOf(service: ServiceFacts, { metadata }: KubeObject): boolean {
  const { [HEADLESS_LABEL]: _wanted, ...wanted } = sliceLabels(service);
  const { [HEADLESS_LABEL]: _headless, ...labels } = metadata.labels ?? {};
  return deepEqual(labels, wanted);
}

/** The body of a managed slice. @param metadata of the slice that is replaced, or name and generateName of a new one */
export function sliceObject(service: ServiceFacts, { ports, endpoints }: PlannedSlice, metadata: ObjectMeta): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...metadata,
      namespace: service.namespace,
      labels: sliceLabels(service),
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: service.name, uid: service.uid, controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    endpoints: endpoints.map(endpointObject),
    ports: ports.map(({ port, ...rest }) => ({ ...rest, ...(port !== null && { port }) })),
  };
}

function endpointObject({ facts, pod }: DesiredEndpoint): object {
  const { ip, node, ready, serving, terminating, zone, zoneHints, nodeHints, hostname } = facts;
  const hints = {
    ...(zoneHints.length > 0 && { forZones: zoneHints.map((name) => ({ name })) }),
    ...(nodeHints.length > 0 && { forNodes: nodeHints.map((name) => ({ name })) }),
  };
  return {
    addresses: [formatIpv4(ip)],
    conditions: { ready, serving, terminating },
    ...(hostname !== null && { hostname }),
    ...(node !== null && { nodeName: node }),
    ...(zone !== null && { zone }),
    ...(Object.keys(hints).length > 0 && { hints }),
    targetRef: { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid },
  };
}
