/** The address ranges of a cluster: each well-formed, none overlapping another. */
import { CIDR_SYNTAX, invalidValue } from '../api-messages.js';
import type { ClusterInput } from '../cluster-settings-schema.js';
import { isIpv6 } from '../ip-syntax.js';
import type { Report } from '../object-problem.js';
import { addressAt, formatCidr, overlaps, parseCidr, type Cidr } from '../../values/cidr.js';
import { formatIpv4, parseIpv4, type Ipv4 } from '../../values/ipv4.js';

/** The parts of the plan that could be read; `undefined` for one with a problem. */
export interface AddressPlan {
  readonly pod: Cidr | undefined;
  readonly service: Cidr | undefined;
  readonly node: Cidr | undefined;
  /** `cidr` first, then the additional blocks. */
  readonly loadBalancer: readonly (Cidr | undefined)[];
  /** The network between the gateway and the ISP, and the gateway's address in it. */
  readonly external: { readonly network: Cidr; readonly address: Ipv4 } | undefined;
}

/** Reads a block, or reports a problem. `10.1.2.3/16` is refused: it could mean the block or the address. */
export function readCidr(text: string, path: string, report: Report): Cidr | undefined {
  const block = parseCidr(text);
  if (!block) {
    report(path, invalidValue(text, isIpv6(text.split('/')[0] ?? '') ? 'IPv6 is not modelled: use an IPv4 block' : CIDR_SYNTAX));
    return undefined;
  }
  if (formatCidr(block) === text) return block;
  report(path, invalidValue(text, `has bits set beyond its prefix: use ${formatCidr(block)}`));
  return undefined;
}

/** `203.0.113.1/24`: the gateway's address and its network. */
function readExternal(text: string, report: Report): AddressPlan['external'] {
  const path = 'underlay.gateway.externalIP';
  const network = parseCidr(text);
  const address = parseIpv4(text.split('/')[0] ?? '');
  if (network && address !== undefined && network.prefix <= 30) return { network, address };
  report(path, invalidValue(text, 'must be an IPv4 address with a prefix length of at most 30, e.g. 203.0.113.1/24'));
  return undefined;
}

/** The ranges with a minimum size, and the longest prefix that is large enough. */
function checkSizes(plan: AddressPlan, input: ClusterInput, report: Report): void {
  const { pod, service, node } = plan;
  const maskSize = input.nodeCIDRMaskSize;
  if (pod && maskSize < pod.prefix) {
    report('nodeCIDRMaskSize', invalidValue(maskSize, `must be at least ${pod.prefix}, the prefix of podCIDR ${input.podCIDR}`));
  }
  if (pod && maskSize - pod.prefix > 16) {
    report('nodeCIDRMaskSize', invalidValue(maskSize, `must be at most ${pod.prefix + 16}, 16 more than the prefix of podCIDR ${input.podCIDR}`));
  }
  if (service && service.prefix > 28) {
    report('serviceCIDR', invalidValue(input.serviceCIDR, 'must have a prefix of at most 28: the tenth address is the cluster DNS'));
  }
  if (node && node.prefix > 28) {
    report('underlay.nodeCIDR', invalidValue(input.underlay.nodeCIDR, 'must have a prefix of at most 28: nodes begin at the eleventh address'));
  }
}

const loadBalancerBlocks = ({ underlay }: ClusterInput): readonly { readonly path: string; readonly text: string }[] => [
  { path: 'underlay.loadBalancer.cidr', text: underlay.loadBalancer.cidr },
  ...(underlay.loadBalancer.furtherCIDRs ?? []).map((text, index) => ({ path: `underlay.loadBalancer.furtherCIDRs[${index}]`, text })),
];

function checkOverlaps(plan: AddressPlan, input: ClusterInput, report: Report): void {
  const ranges = [
    { path: 'podCIDR', text: input.podCIDR, block: plan.pod },
    { path: 'serviceCIDR', text: input.serviceCIDR, block: plan.service },
    { path: 'underlay.nodeCIDR', text: input.underlay.nodeCIDR, block: plan.node },
    ...loadBalancerBlocks(input).map((range, index) => ({ ...range, block: plan.loadBalancer[index] })),
    { path: 'underlay.gateway.externalIP', text: input.underlay.gateway.externalIP, block: plan.external?.network },
  ];
  for (const [index, range] of ranges.entries()) {
    for (const earlier of ranges.slice(0, index)) {
      if (range.block && earlier.block && overlaps(range.block, earlier.block)) {
        report(range.path, invalidValue(range.text, `overlaps ${earlier.path} ${earlier.text}`));
      }
    }
  }
}

export function checkAddressPlan(input: ClusterInput, report: Report): AddressPlan {
  const plan: AddressPlan = {
    pod: readCidr(input.podCIDR, 'podCIDR', report),
    service: readCidr(input.serviceCIDR, 'serviceCIDR', report),
    node: readCidr(input.underlay.nodeCIDR, 'underlay.nodeCIDR', report),
    loadBalancer: loadBalancerBlocks(input).map(({ text, path }) => readCidr(text, path, report)),
    external: readExternal(input.underlay.gateway.externalIP, report),
  };
  checkSizes(plan, input, report);
  checkOverlaps(plan, input, report);
  return plan;
}

/** The first host address of a block. */
export const firstHostOf = (block: Cidr): string => formatIpv4(addressAt(block, 1));
