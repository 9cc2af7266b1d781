/** The clusters and flows of the recorded scenarios, for running them again on this machine's kernel. */
import { changesOf, clusterBody, manifestsOf, SCENARIOS, topologyOf, type Scenario } from '../recording.js';
import { DATAGRAM_BYTES, sourceOf } from '../questions.js';
import type { LabCase, TitledFlow } from './compare.js';

const VARIANTS = ['base', 'no-bridge-nf', 'no-hairpin', 'rp-strict', 'random-fully', 'policy-drop', 'policy-reject'];

/** The cases with only the scenarios of one packet and its answer. Scenarios without changes share a cluster. */
export function recordedCases(): LabCase[] {
  const byCluster = new Map<string, { readonly scenario: Scenario; readonly flows: TitledFlow[] }>();
  for (const scenario of SCENARIOS) {
    const [probe] = scenario.probes;
    if (!VARIANTS.includes(scenario.variant) || !probe || !['tcp', 'udp', 'ping'].includes(probe.type) || scenario.after_warm_up) continue;
    const key = JSON.stringify([scenario.variant, scenario.setup ?? []]);
    const known = byCluster.get(key) ?? { scenario, flows: [] };
    byCluster.set(key, known);
    known.flows.push(flowOf(scenario));
  }
  return Array.from(byCluster.values(), ({ scenario, flows }, index) => {
    const topology = topologyOf(scenario.variant);
    const changes = changesOf(scenario);
    const { name: _, ...settings } = clusterBody('', topology, changes) as Record<string, unknown>;
    return { name: `public-${scenario.variant}-${index + 1}`, cluster: { settings, manifests: manifestsOf(topology), cut: [...changes.linksDown] }, flows };
  });
}

function flowOf({ id, title, client, probes, cache, variant }: Scenario): TitledFlow {
  const probe = probes[0]!;
  const [[kind, name]] = Object.entries(sourceOf(client, topologyOf(variant))) as [[string, string]];
  const protocol = probe.type === 'ping' ? 'icmp' : (probe.type as 'tcp' | 'udp');
  return {
    title: `${id}: ${title}`, from: `${kind}:${name}`, protocol, to: probe.dst,
    ...(probe.port !== undefined && protocol !== 'icmp' && { port: probe.port }), ...(protocol !== 'icmp' && { sourcePort: probe.sport ?? 40000 }),
    ...(probe.source !== undefined && { source: probe.source }), ...(probe.ttl !== undefined && { ttl: probe.ttl }),
    ...(protocol === 'udp' && { payloadBytes: DATAGRAM_BYTES }), ...(cache === 'warm' && { neighbours: 'WARM' as const }),
  };
}
