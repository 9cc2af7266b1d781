import type { Adapter } from './adapter.js';
import { dnsCoreDns } from './adapters/dns-coredns.js';
import { dnsSpec } from './adapters/dns-spec.js';
import { endpointSliceMerge } from './adapters/endpointslice-merge.js';
import { gatewayHttpRoute } from './adapters/gateway-httproute.js';
import { ingressConformance, ingressHostTable, ingressPathTable } from './adapters/ingress.js';
import { ipMasq } from './adapters/ip-masq.js';
import { kubeProxy } from './adapters/kube-proxy.js';
import { networkPolicyE2e } from './adapters/networkpolicy-e2e.js';
import { nodeCidr } from './adapters/node-cidr.js';
import { nodePortAddresses } from './adapters/nodeport-addresses.js';
import { npGuard } from './adapters/np-guard.js';
import { policyAssistant } from './adapters/policy-assistant.js';
import { clusterIPBandsAdapter, nodePortBandsAdapter } from './adapters/service-bands.js';
import { topologyHints } from './adapters/topology-hints.js';

/** The adapters of all families. */
export const ADAPTERS: readonly Adapter[] = [
  kubeProxy, topologyHints, endpointSliceMerge, nodePortAddresses, nodeCidr, clusterIPBandsAdapter, nodePortBandsAdapter, ipMasq, dnsSpec, dnsCoreDns,
  networkPolicyE2e, npGuard, policyAssistant,
  ingressPathTable, ingressHostTable, ingressConformance, gatewayHttpRoute,
];
