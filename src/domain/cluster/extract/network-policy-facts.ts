import { policyTypesOf } from '../defaults/network-policy-defaults.js';
import type { PolicyFacts } from '../facts.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kinds/network-policy.js';
import { parseLegacyCidr } from '../legacy-address.js';
import type { ObjectMeta } from '../objects.js';
import type { NamespaceMatch, PolicyPeer, PolicyPort, PolicyRule } from '../policy/policy.js';

interface Rule {
  readonly peers?: readonly NetworkPolicyPeer[] | undefined;
  readonly ports?: readonly NetworkPolicyPort[] | undefined;
}

/** Only IPv4 blocks: IPv6 is not modelled. */
export const blocksOf = (texts: readonly string[]): Extract<PolicyPeer, { kind: 'BLOCKS' }>['blocks'] =>
  texts.map(parseLegacyCidr).filter((block) => block !== undefined);

function peerOf({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): PolicyPeer {
  if (ipBlock) return { kind: 'BLOCKS', blocks: blocksOf([ipBlock.cidr]), except: blocksOf(ipBlock.except ?? []) };
  const namespaces: NamespaceMatch = namespaceSelector ? { kind: 'SELECTOR', selector: namespaceSelector } : { kind: 'OWN' };
  return podSelector || namespaceSelector ? { kind: 'PODS', namespaces, pods: podSelector ?? {} } : { kind: 'UNKNOWN' };
}

function portOf({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): PolicyPort {
  if (port === undefined) return { kind: 'RANGE', protocol, from: 0, to: 65535 };
  return typeof port === 'string' ? { kind: 'NAMED', protocol, name: port } : { kind: 'RANGE', protocol, from: port, to: endPort ?? port };
}

/** An empty list of peers or ports means the same as a missing one. */
const ruleOf = ({ peers = [], ports = [] }: Rule): PolicyRule => ({
  name: null, action: 'ALLOW', peers: peers.length > 0 ? peers.map(peerOf) : null, ports: ports.length > 0 ? ports.map(portOf) : null,
});

export function extractNetworkPolicyFacts({ spec = {} }: NetworkPolicy, metadata: ObjectMeta, ordinal: number): PolicyFacts {
  const { ingress = [], egress = [], podSelector = {} } = spec;
  const types = policyTypesOf(spec);
  return {
    kind: 'NetworkPolicy', namespace: metadata.namespace ?? 'default', name: metadata.name, uid: metadata.uid ?? '', priority: 0,
    subject: { namespaces: { kind: 'OWN' }, pods: podSelector },
    ingress: types.includes('Ingress') ? ingress.map(({ from, ports }) => ruleOf({ peers: from, ports })) : null,
    egress: types.includes('Egress') ? egress.map(({ to, ports }) => ruleOf({ peers: to, ports })) : null,
    unmodelled: false, ordinal,
  };
}
