/** Rules for the nodes that a new cluster is to have. */
import { duplicateValue, invalidValue } from '../api-messages.js';
import type { NodeSeedInput } from '../cluster-settings-schema.js';
import { dnsSubdomainProblem } from '../name-syntax.js';
import { extraRoutes } from '../node-seed.js';
import { cloudLoadBalancerAddress, FIRST_NODE_OFFSET } from '../node-network.js';
import type { Report } from '../object-problem.js';
import { addressAt, cidrOf, contains, formatCidr, overlaps, type Cidr } from '../../values/cidr.js';
import { parseIpv4 } from '../../values/ipv4.js';
import { readCidr, type AddressPlan } from './address-plan.js';
import { readAddress, type HostAddresses } from './host-address.js';
import { machineNameProblem } from './machine-name.js';
import { checkLabels } from './metadata-rules.js';
import { Seen } from './seen.js';
import { checkRoutes, type Attached } from './route-rules.js';

/** @param count number of nodes; @param maskSize prefix of each node's podCIDR */
export function checkNodeCount(count: number, plan: AddressPlan, maskSize: number, report: Report): void {
  const { pod } = plan;
  const podBlocks = pod && maskSize >= pod.prefix ? 2 ** (maskSize - pod.prefix) : Infinity;
  if (pod && count > podBlocks) {
    report(
      'nodes',
      invalidValue(
        count,
        `podCIDR ${formatCidr(pod)} has room for ${podBlocks} nodes with a /${maskSize} each: use a shorter prefix, or a larger nodeCIDRMaskSize`,
      ),
    );
  }
}

/** @param count number of nodes that need an address @param machines the addresses taken so far */
export function checkNodeAddresses(count: number, { node }: AddressPlan, machines: HostAddresses, report: Report): void {
  if (!node) return;
  const [first, last] = [addressAt(node, FIRST_NODE_OFFSET), cloudLoadBalancerAddress(node) - 1];
  const free = last - first + 1 - machines.countBetween(first, last);
  if (count > free) report('nodes', invalidValue(count, `underlay.nodeCIDR ${formatCidr(node)} has addresses for ${free} nodes: use a shorter prefix`));
}

/** Blocks in order, so that overlapping ones are neighbours. */
function checkPodBlocks(blocks: readonly { readonly block: Cidr; readonly path: string }[], report: Report): void {
  const sorted = blocks.toSorted((a, b) => a.block.base - b.block.base || a.block.prefix - b.block.prefix);
  for (const [index, { block, path }] of sorted.entries()) {
    const earlier = sorted[index - 1];
    if (earlier && overlaps(earlier.block, block)) report(path, invalidValue(formatCidr(block), `overlaps ${earlier.path} ${formatCidr(earlier.block)}`));
  }
}

/** Its podCIDR and address are checked later, by `admitNode`. */
const attachedTo = ({ addresses = [] }: NodeSeedInput, { node, pod }: AddressPlan): Attached[] => [
  { name: 'underlay.nodeCIDR', block: node, isLink: true }, { name: 'podCIDR', block: pod },
  ...addresses.flatMap((address) => {
    const own = parseIpv4(address);
    return own === undefined ? [] : [{ name: 'its address', block: cidrOf(own, 32) }];
  }),
];

/** @param lanHosts names of the other machines on the node network */
export function checkNodeSeeds(seeds: readonly NodeSeedInput[], plan: AddressPlan, machines: HostAddresses, lanHosts: readonly string[], report: Report): void {
  const names = new Seen();
  const blocks: { readonly block: Cidr; readonly path: string }[] = [];
  for (const [index, seed] of seeds.entries()) {
    const path = `nodes[${index}]`;
    const problem = dnsSubdomainProblem(seed.name) ?? machineNameProblem(seed.name, lanHosts);
    if (problem !== undefined) report(`${path}.name`, invalidValue(seed.name, problem));
    else if (names.add(seed.name)) report(`${path}.name`, duplicateValue(seed.name));
    if (seed.internalIP !== undefined) machines.take(seed.internalIP, `${path}.internalIP`, `node ${seed.name}`, report);
    const block = seed.podCIDR === undefined ? undefined : readCidr(seed.podCIDR, `${path}.podCIDR`, report);
    if (block) {
      blocks.push({ block, path: `${path}.podCIDR` });
      if (plan.pod && !(contains(plan.pod, block.base) && block.prefix >= plan.pod.prefix)) {
        report(`${path}.podCIDR`, invalidValue(seed.podCIDR, `must lie in podCIDR ${formatCidr(plan.pod)}`));
      }
    }
    for (const [position, address] of (seed.addresses ?? []).entries()) readAddress(address, `${path}.addresses[${position}]`, report);
    for (const [position, address] of (seed.announces ?? []).entries()) readAddress(address, `${path}.announces[${position}]`, report);
    const attached = attachedTo(seed, plan);
    if (seed.routes) checkRoutes(extraRoutes(seed.routes), `${path}.routes`, attached, attached, report);
    if (seed.labels) checkLabels(seed.labels, `${path}.labels`, report);
  }
  checkPodBlocks(blocks, report);
}
