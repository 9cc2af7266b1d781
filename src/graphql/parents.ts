/** What resolvers are given as their parent, where it is not the presented JSON itself. */
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

/** A Kubernetes object, and the id or name of the cluster it lives in, as it was asked for. */
export interface ObjectParent {
  readonly cluster: string;
  readonly object: KubeObject;
  /** Of the write that returned it; empty for a read. */
  readonly warnings: readonly string[];
}

export const objectParent = (cluster: string, object: KubeObject, warnings: readonly string[] = []): ObjectParent => ({ cluster, object, warnings });

/** An endpoint of a slice, and where that slice is. */
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
  /** By path, of a trace that is not kept: every frame, with the copies off the path; null where they were not asked for. */
  readonly captures?: readonly (readonly CapturedFrame[] | null)[];
}
/** A trace of a list, whose steps are read only when they are asked for. */
export interface ListedTrace extends TraceListItem {
  /** Name of its cluster. */
  readonly cluster: string;
}
export type TraceParent = FullTrace | ListedTrace;

export type ObjectPage = Page<ObjectParent>;
export type TracePage = Page<TraceParent>;
