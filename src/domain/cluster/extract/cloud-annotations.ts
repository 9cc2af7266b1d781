import type { ObjectMeta } from '../objects.js';

const ANY = /^.+$/;
const TRUE = /^(?!false$).+$/i;

/**
 * Annotations by which the load balancer of a cloud serves only clients in its own network or in some ranges, and the
 * values that make it so.
 *
 * @source https://kubernetes.io/docs/concepts/services-networking/service "Internal load balancer"; k8s.io/cloud-provider
 *   service/helpers `AnnotationLoadBalancerSourceRangesKey`; the references of AWS, Azure and OCI
 */
const RESTRICTING: Readonly<Record<string, RegExp>> = {
  'service.beta.kubernetes.io/load-balancer-source-ranges': ANY,
  'networking.gke.io/load-balancer-type': /^internal$/i,
  'cloud.google.com/load-balancer-type': /^internal$/i,
  'service.beta.kubernetes.io/aws-load-balancer-internal': TRUE,
  'service.beta.kubernetes.io/aws-load-balancer-scheme': /^internal$/,
  'service.beta.kubernetes.io/azure-load-balancer-internal': TRUE,
  'service.beta.kubernetes.io/azure-allowed-ip-ranges': ANY,
  'service.beta.kubernetes.io/azure-allowed-service-tags': ANY,
  'service.beta.kubernetes.io/openstack-internal-load-balancer': TRUE,
  'service.beta.kubernetes.io/cce-load-balancer-internal-vpc': TRUE,
  'service.kubernetes.io/qcloud-loadbalancer-internal-subnetid': ANY,
  'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type': /^intranet$/,
  'service.beta.kubernetes.io/oci-load-balancer-internal': TRUE,
  'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type': /^private$/,
};

/** The keys of a Service's annotations that may keep clients away from its load balancer. */
export const restrictingAnnotations = ({ annotations = {} }: ObjectMeta): readonly string[] =>
  Object.entries(annotations).filter(([key, value]) => Object.hasOwn(RESTRICTING, key) && RESTRICTING[key]!.test(value)).map(([key]) => key).sort();
