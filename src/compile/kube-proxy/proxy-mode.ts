import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { NetfilterProgram } from '../netfilter/program.js';

/** One way in which kube-proxy implements Services in the kernel. All modes behave alike for the clients of a Service. */
export type ProxyMode = (settings: ClusterSettings) => NetfilterProgram;
