/** The parents of resolvers that are not the presented JSON itself. */
import type { KubeObject } from '../domain/cluster/objects.js';
import type { ClusterSettings } from '../domain/cluster/settings.js';
import type { TraceJson } from '../render/json/trace-json.js';
import type { CapturedFrame } from '../domain/trace/trace.js';
import type { ClusterSummary } from '../services/use-cases/clusters.js';
import type { TraceListItem } from '../services/use-cases/traces.js';
import type { TraceRequest } from '../services/traces/trace-request.js';
import type { Page } from './page.js';

/** A cluster as REST shows it: the settings' fields beside its own. */
export type ClusterParent = ClusterSettings & Omit<ClusterSummary, 'settings'>;

export const clusterParent = ({ settings, ...summary }: ClusterSummary): ClusterParent => ({ ...settings, ...summary });

/** A Kubernetes object, and the id or name of its cluster, as in the request. */
export interface ObjectParent {
  readonly cluster: string;
  readonly object: KubeObject;
  /** The warnings of the write that returned it; empty after a read. */
  readonly warnings: readonly string[];
}

export const objectParent = (cluster: string, object: KubeObject, warnings: readonly string[] = []): ObjectParent => ({ cluster, object, warnings });

/** An endpoint of a slice, with the slice's cluster and namespace. */
export interface EndpointParent {
  readonly cluster: string;
  readonly namespace: string;
  readonly endpoint: EndpointOfSlice;
}

/** As in `discovery.k8s.io/v1`. */
export interface EndpointOfSlice {
  readonly addresses?: readonly string[];
  readonly conditions?: { readonly ready?: boolean | null; readonly serving?: boolean | null; readonly terminating?: boolean | null };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
}

export interface FullTrace extends TraceJson<TraceRequest> {
  /** Frames of an unrecorded trace by path, including flooded copies; `null` if they were not requested. */
  readonly captures?: readonly (readonly CapturedFrame[] | null)[];
}
/** A trace in a list, whose steps are read only if they are selected. */
export interface ListedTrace extends TraceListItem {
  /** The name of its cluster. */
  readonly cluster: string;
}
export type TraceParent = FullTrace | ListedTrace;

export type ObjectPage = Page<ObjectParent>;
export type TracePage = Page<TraceParent>;
