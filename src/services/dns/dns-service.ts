import type { DnsService } from '../types.js';
import type { WorldReader } from '../world/world-reader.js';
import { lookUp } from './look-up.js';

export const createDnsService = (world: Pick<WorldReader, 'open'>): DnsService => ({
  async lookUp(viewer, cluster, request) {
    const { index } = await world.open(viewer, cluster);
    return lookUp(index, request);
  },
});
