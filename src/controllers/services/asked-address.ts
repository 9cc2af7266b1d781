import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import type { ServiceObject } from '../object-shapes.js';

/** MetalLB's annotations, the current one first. @source metallb/metallb controller/service.go `getDesiredLbIPs` */
const ANNOTATIONS = ['metallb.io/loadBalancerIPs', 'metallb.universe.tf/loadBalancerIPs'];

interface AskedAddress {
  readonly ip: string;
  /** The annotation with the address; `null` if it is from `spec.loadBalancerIP`. */
  readonly annotation: string | null;
}

/** The load balancer address that a Service asks for; of a list the first IPv4 address. */
export function askedAddress({
  metadata: { annotations },
  spec,
}: Pick<ServiceObject, 'metadata'> & Partial<Pick<ServiceObject, 'spec'>>): AskedAddress | undefined {
  if (spec?.loadBalancerIP) return { ip: spec.loadBalancerIP, annotation: null };
  const annotation = ANNOTATIONS.find((name) => annotations?.[name] !== undefined);
  const text = annotation && annotations?.[annotation];
  if (!annotation || !text) return undefined;
  return {
    ip:
      text
        .split(',')
        .map((each) => each.trim())
        .find((each) => parseLegacyIpv4(each) !== undefined) ?? text,
    annotation,
  };
}
