import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { NetfilterProgram } from '../netfilter/program.js';

/** One way in which kube-proxy puts Services into the kernel. All modes keep the same promises to a Service's clients. */
export type ProxyMode = (settings: ClusterSettings) => NetfilterProgram;
