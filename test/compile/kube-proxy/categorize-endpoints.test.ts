import { describe, expect, test } from 'vitest';

import { categorizeEndpoints } from '../../../src/compile/kube-proxy/categorize-endpoints.js';
import { ServiceChoice } from '../../../src/compile/kube-proxy/service-choice.js';
import { formatIpv4, ipv4 } from '../../../src/domain/values/ipv4.js';
import type { EndpointView } from '../../../src/domain/cluster/view.js';
import { fakeView, type FakeEndpoint, type FakeService } from '../../support/fake-view.js';

const HERE = 'node-1';
const at = (last: number, given: Partial<FakeEndpoint> = {}): FakeEndpoint => ({ ip: `10.244.0.${last}`, port: 80, node: 'node-2', ...given });
const terminating = { ready: false, terminating: true };

function categorize(service: Partial<FakeService>, endpoints: readonly FakeEndpoint[], labels: Record<string, string> = {}): ReturnType<typeof categorizeEndpoints> {
  const view = fakeView({
    nodes: [{ name: HERE, ip: '192.168.1.11', labels }],
    services: [{ name: 'web', clusterIP: '10.96.0.100', ports: [{ port: 80 }], ...service, endpoints }],
  });
  const web = view.service('default', 'web')!;
  return categorizeEndpoints(view.endpoints(web, web.ports[0]!), web, web.ports[0]!, view.node(HERE)!);
}

const last = (endpoints: readonly EndpointView[] | null): readonly number[] | null =>
  endpoints && endpoints.map(({ ip }) => Number(formatIpv4(ip).split('.')[3]));

const NODE_PORT = { ports: [{ port: 80, nodePort: 30080 }] };
const ZONE_A = { 'topology.kubernetes.io/zone': 'a' };

test.each<{ name: string; service: Partial<FakeService>; endpoints: readonly FakeEndpoint[]; labels?: Record<string, string>; cluster: readonly number[] | null; local: readonly number[] | null; reachable: readonly number[]; hasAny: boolean }>([
  { name: 'all ready endpoints, with policy Cluster', service: {}, endpoints: [at(1), at(2)], cluster: [1, 2], local: null, reachable: [1, 2], hasAny: true },
  { name: 'no endpoints', service: {}, endpoints: [], cluster: [], local: null, reachable: [], hasAny: false },
  {
    name: 'an endpoint that is not ready is not used', service: {}, endpoints: [at(1, { ready: false, serving: false }), at(2)], cluster: [2],
    local: null, reachable: [2], hasAny: true,
  },
  {
    name: 'where nothing is ready, what serves while it terminates', service: {},
    endpoints: [at(1, terminating), at(2, { ready: false, serving: false })], cluster: [1], local: null, reachable: [1], hasAny: true,
  },
  {
    name: 'a terminating endpoint gives way to a ready one', service: {}, endpoints: [at(1, terminating), at(2)], cluster: [2], local: null,
    reachable: [2], hasAny: true,
  },
  {
    name: 'internal policy Local uses no others', service: { internalTrafficPolicy: 'Local' }, endpoints: [at(1), at(2, { node: HERE })],
    cluster: null, local: [2], reachable: [2], hasAny: true,
  },
  {
    name: 'internal policy Local without an endpoint here', service: { internalTrafficPolicy: 'Local' }, endpoints: [at(1)], cluster: null, local: [],
    reachable: [], hasAny: true,
  },
  {
    name: 'external policy Local needs both lists', service: { ...NODE_PORT, externalTrafficPolicy: 'Local' },
    endpoints: [at(1), at(2, { node: HERE })], cluster: [1, 2], local: [2], reachable: [1, 2], hasAny: true,
  },
  {
    name: 'external policy Local without a way in from outside', service: { externalTrafficPolicy: 'Local' }, endpoints: [at(1, { node: HERE })],
    cluster: [1], local: null, reachable: [1], hasAny: true,
  },
  {
    name: 'Local falls back by itself', service: { ...NODE_PORT, externalTrafficPolicy: 'Local' },
    endpoints: [at(1), at(2, { node: HERE, ...terminating })], cluster: [1], local: [2], reachable: [1, 2], hasAny: true,
  },
  {
    name: 'hints for this zone', service: {}, labels: ZONE_A, endpoints: [at(1, { zoneHints: ['a'] }), at(2, { zoneHints: ['b'] })], cluster: [1],
    local: null, reachable: [1], hasAny: true,
  },
  {
    name: 'no hint for this zone: all', service: {}, labels: { 'topology.kubernetes.io/zone': 'c' },
    endpoints: [at(1, { zoneHints: ['a'] }), at(2, { zoneHints: ['b'] })], cluster: [1, 2], local: null, reachable: [1, 2], hasAny: true,
  },
  {
    name: 'one ready endpoint without hint: all', service: {}, labels: ZONE_A, endpoints: [at(1, { zoneHints: ['a'] }), at(2)], cluster: [1, 2],
    local: null, reachable: [1, 2], hasAny: true,
  },
  {
    name: 'a hint for this node is nearer than the zone', service: {}, labels: ZONE_A,
    endpoints: [at(1, { zoneHints: ['a'], nodeHints: [HERE] }), at(2, { zoneHints: ['a'], nodeHints: ['node-2'] })], cluster: [1], local: null,
    reachable: [1], hasAny: true,
  },
  {
    name: 'a local endpoint in another zone is reachable for Local', service: { ...NODE_PORT, externalTrafficPolicy: 'Local' }, labels: ZONE_A,
    endpoints: [at(1, { zoneHints: ['a'] }), at(2, { node: HERE, zoneHints: ['b'] })], cluster: [1], local: [2], reachable: [1, 2], hasAny: true,
  },
  {
    name: 'an endpoint that is not ready needs no hint', service: {}, labels: ZONE_A,
    endpoints: [at(1, { zoneHints: ['a'] }), at(2, { zoneHints: ['b'] }), at(3, { ready: false, serving: false })], cluster: [1], local: null,
    reachable: [1], hasAny: true,
  },
  {
    name: 'what serves while it terminates elsewhere is an endpoint somewhere', service: { internalTrafficPolicy: 'Local' },
    endpoints: [at(1, terminating)], cluster: null, local: [], reachable: [], hasAny: true,
  },
  {
    name: 'what serves and is not ready is none unless it terminates', service: { internalTrafficPolicy: 'Local' },
    endpoints: [at(1, { node: HERE, ready: false, serving: true })], cluster: null, local: [], reachable: [], hasAny: false,
  },
  {
    name: 'external policy Local at an external IP', service: { externalIPs: ['203.0.113.5'], externalTrafficPolicy: 'Local' },
    endpoints: [at(1), at(2, { node: HERE })], cluster: [1, 2], local: [2], reachable: [1, 2], hasAny: true,
  },
  {
    name: 'external policy Local at a load balancer without node ports',
    service: { type: 'LoadBalancer', loadBalancerIPs: ['192.0.2.1'], externalTrafficPolicy: 'Local' }, endpoints: [at(1), at(2, { node: HERE })],
    cluster: [1, 2], local: [2], reachable: [1, 2], hasAny: true,
  },
  {
    name: 'both policies Local: who comes from inside to an outside address takes any',
    service: { ...NODE_PORT, internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' }, endpoints: [at(1), at(2, { node: HERE })],
    cluster: [1, 2], local: [2], reachable: [1, 2], hasAny: true,
  },
])('$name', ({ service, endpoints, labels, cluster: expectedCluster, local: expectedLocal, reachable: expectedReachable, hasAny: expectedAny }) => {
  const { cluster, local, reachable, hasAny } = categorize(service, endpoints, labels);
  expect([last(cluster), last(local), last(reachable), hasAny]).toEqual([expectedCluster, expectedLocal, expectedReachable, expectedAny]);
});

describe('the reasons why endpoints were not taken', () => {
  test.each<{ why: string; endpoint: Partial<FakeEndpoint>; onlyLocal: boolean; topology: 'NONE' | 'SAME_ZONE' | 'SAME_NODE' }>([
    { why: 'NOT_READY', endpoint: { ready: false, serving: false }, onlyLocal: false, topology: 'NONE' },
    { why: 'TERMINATING', endpoint: terminating, onlyLocal: false, topology: 'NONE' },
    { why: 'NOT_ON_THIS_NODE', endpoint: {}, onlyLocal: true, topology: 'NONE' },
    { why: 'OTHER_ZONE', endpoint: { zoneHints: ['b'] }, onlyLocal: false, topology: 'SAME_ZONE' },
    { why: 'NOT_ON_THIS_NODE', endpoint: { nodeHints: ['node-2'] }, onlyLocal: false, topology: 'SAME_NODE' },
  ])('$why (only local endpoints: $onlyLocal, topology: $topology)', ({ why, endpoint, onlyLocal, topology }) => {
    const view = fakeView({
      nodes: [{ name: HERE, ip: '192.168.1.11' }],
      services: [{ name: 'web', clusterIP: '10.96.0.100', ports: [{ port: 80 }], endpoints: [at(1), at(2, endpoint)] }],
    });
    const service = view.service('default', 'web')!;
    const all = view.endpoints(service, service.ports[0]!);
    const choice = new ServiceChoice(service, service.ports[0]!, all.slice(0, 1), all, view.node(HERE)!, onlyLocal, topology);
    expect(choice.notTaken).toEqual([{ endpoint: all[1], why }]);
    expect(choice.notTaken[0]!.endpoint.ip).toBe(ipv4('10.244.0.2'));
  });
});
