import type { DnsService } from '../use-cases/dns.js';
import type { WorldReader } from '../world/world-reader.js';
import { refusal } from '../zod-problems.js';
import { readDnsRequest } from './dns-request.js';
import { lookUp, resolverOf } from './look-up.js';

export const createDnsService = (world: Pick<WorldReader, 'open'>): DnsService => ({
  async lookUp(viewer, cluster, question, further = []) {
    const { request, problems: own, pod } = readDnsRequest(question);
    const { index } = await world.open(viewer, cluster);
    if (request && further.length === 0) return lookUp(index, request);
    const problems = [...further, ...own];
    if (pod !== undefined) resolverOf(index, pod, problems);
    throw refusal('the question', problems, true);
  },
});
