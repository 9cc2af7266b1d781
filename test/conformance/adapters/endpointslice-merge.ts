/** endpointslice-merge.json: the endpoints of a Service's ports, merged from all of its slices. */
import { defaultObject } from '../../../src/domain/cluster/default-object.js';
import { extractFacts } from '../../../src/domain/cluster/extract-facts.js';
import type { ServiceFacts } from '../../../src/domain/cluster/facts.js';
import { ClusterIndex } from '../../../src/domain/cluster/index/cluster-index.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import type { ServicePortView } from '../../../src/domain/cluster/view.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';
import { adapter, type ConformanceCase } from '../adapter.js';
import { listOf } from '../stated.js';
import { sliceObject, type SliceOfCase } from '../slice-object.js';

interface ExpectedEndpoint {
  readonly endpoint: string;
  readonly isLocal: boolean;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

interface MergeCase extends ConformanceCase {
  /** `null` or empty if it is none of the endpoints' nodes. */
  readonly localNode: string | null;
  readonly service: string;
  readonly endpointSlices: readonly SliceOfCase[] | null;
  readonly expected: Readonly<Record<string, readonly ExpectedEndpoint[] | null>>;
}

const byEndpoint = (one: ExpectedEndpoint, other: ExpectedEndpoint): number => (one.endpoint < other.endpoint ? -1 : 1);

export const endpointSliceMerge = adapter<MergeCase>({
  families: ['endpointslice-merge'],
  run({ localNode, service, endpointSlices: given, expected }) {
    const endpointSlices = listOf(given);
    const [namespace = '', name = ''] = service.split('/');
    const index = ClusterIndex.open('conformance', DEFAULT_SETTINGS, 1);
    index.load(endpointSlices.map((slice, ordinal) => extractFacts(defaultObject(sliceObject(slice, ordinal) as KubeObject), ordinal)!));
    const own = endpointSlices.filter((slice) => slice.namespace === namespace && slice.service === name);
    const portNames = new Set([...Object.keys(expected), ...own.flatMap(({ ports }) => listOf(ports).map((port) => port.name))]);
    return [...portNames].map((portName) => {
      const endpoints = expected[portName] ?? [];
      const port: ServicePortView = { name: portName, protocol: 'TCP', port: 80, targetPort: 80, nodePort: 0 };
      const found = index.endpoints({ namespace, name } as ServiceFacts, port).map(({ ip, port: number, node, ready, serving, terminating }): ExpectedEndpoint => (
        { endpoint: `${formatIpv4(ip)}:${number}`, isLocal: node !== null && node === localNode, ready, serving, terminating }));
      return { name: portName, expected: endpoints.toSorted(byEndpoint), actual: found.toSorted(byEndpoint) };
    });
  },
});
