import type { ClusterSettings } from '../../domain/cluster/settings.js';
import { iptablesMode } from './iptables/iptables-mode.js';
import type { ProxyMode } from './proxy-mode.js';

const MODES: Readonly<Record<ClusterSettings['kubeProxy']['mode'], ProxyMode>> = { iptables: iptablesMode };

export const kubeProxyOf = (settings: ClusterSettings): ReturnType<ProxyMode> => MODES[settings.kubeProxy.mode](settings);
