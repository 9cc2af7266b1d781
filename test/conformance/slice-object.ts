/** Converts an EndpointSlice of a case to an object of the API. */
import { listOf, stated } from './stated.js';

export interface SliceOfCase {
  readonly namespace: string;
  readonly service: string;
  readonly addressType: string;
  readonly endpoints: null | readonly {
    readonly addresses: readonly string[];
    readonly nodeName: string | null;
    readonly conditions: Readonly<Record<string, boolean | null>> | null;
    readonly hints?: { readonly forZones: readonly string[] | null; readonly forNodes: readonly string[] | null };
  }[];
  readonly ports: readonly { readonly name: string; readonly port: number | null; readonly protocol: string }[] | null;
}

const namesOf = (names: readonly string[] | null | undefined): readonly object[] | null => names?.map((name) => ({ name })) ?? null;

/** @param index makes the name unique, since overlapping slices have the same name upstream */
export const sliceObject = ({ namespace, service, addressType, endpoints, ports }: SliceOfCase, index: number): object => ({
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType,
  metadata: { namespace, name: `${service}-${index}`, labels: { 'kubernetes.io/service-name': service } },
  endpoints: listOf(endpoints).map(({ addresses, nodeName, conditions, hints }) => stated({
    addresses, nodeName, conditions: stated(conditions ?? {}), hints: stated({ forZones: namesOf(hints?.forZones), forNodes: namesOf(hints?.forNodes) }),
  })),
  ports: listOf(ports).map(stated),
});
