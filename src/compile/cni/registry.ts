import type { ClusterSettings } from '../../domain/cluster/settings.js';
import { bridgeCni } from './bridge.js';
import type { Cni } from './cni.js';

const PLUGINS: Readonly<Record<ClusterSettings['cni']['type'], Cni>> = { bridge: bridgeCni };

export const cniOf = (settings: ClusterSettings): Cni => PLUGINS[settings.cni.type];
