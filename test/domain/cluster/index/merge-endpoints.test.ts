import { expect, test } from 'vitest';
import type { EndpointFacts, EndpointSliceFacts, ServiceFacts } from '../../../../src/domain/cluster/facts.js';
import { ClusterIndex } from '../../../../src/domain/cluster/index/cluster-index.js';
import { formatIpv4, ipv4 } from '../../../../src/domain/values/ipv4.js';
import { settings } from './arbitrary-facts.js';

const HTTP = { name: 'http', protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 0 } as const;
const service = { namespace: 'default', name: 'web' } as ServiceFacts;
const port8080: EndpointSliceFacts['ports'] = [{ name: 'http', protocol: 'TCP', port: 8080 }];

/** `10.244.1.5 ready`, `10.244.1.5 serving terminating`, `10.244.1.5` */
function endpoint(text: string): EndpointFacts {
  const [address = '', ...conditions] = text.split(' ');
  const [ready, terminating] = [conditions.includes('ready'), conditions.includes('terminating')];
  return {
    ip: ipv4(address),
    node: null,
    ready,
    serving: ready || conditions.includes('serving'),
    terminating,
    zone: null,
    zoneHints: [],
    nodeHints: [],
    pod: null,
    hostname: null,
  };
}

const CONDITIONS = ['ready', 'serving', 'terminating'] as const;

interface Row {
  readonly name: string;
  readonly slices: readonly { readonly ports?: EndpointSliceFacts['ports']; readonly endpoints: readonly string[] }[];
  readonly expected: readonly string[];
}

/** @source kubernetes `pkg/proxy/endpointslicecache_test.go` for the rules, not the rows */
test.each<Row>([
  { name: 'no slice, no endpoint', slices: [], expected: [] },
  {
    name: 'slices follow each other', slices: [{ endpoints: ['10.244.1.9 ready'] }, { endpoints: ['10.244.1.5 ready'] }],
    expected: ['10.244.1.9:8080 ready', '10.244.1.5:8080 ready'],
  },
  {
    name: 'one address in two slices is one endpoint', slices: [{ endpoints: ['10.244.1.5 ready'] }, { endpoints: ['10.244.1.5 ready'] }],
    expected: ['10.244.1.5:8080 ready'],
  },
  {
    name: 'ready wins, in the place of the first', slices: [{ endpoints: ['10.244.1.5', '10.244.1.6 ready'] }, { endpoints: ['10.244.1.5 ready'] }],
    expected: ['10.244.1.5:8080 ready', '10.244.1.6:8080 ready'],
  },
  { name: 'ready is not overruled', slices: [{ endpoints: ['10.244.1.5 ready'] }, { endpoints: ['10.244.1.5'] }], expected: ['10.244.1.5:8080 ready'] },
  {
    name: 'serving wins over neither', slices: [{ endpoints: ['10.244.1.5'] }, { endpoints: ['10.244.1.5 serving terminating'] }],
    expected: ['10.244.1.5:8080 serving terminating'],
  },
  {
    name: 'one address with two ports is two endpoints',
    slices: [{ endpoints: ['10.244.1.5 ready'] }, { ports: [{ name: 'http', protocol: 'TCP', port: 9090 }], endpoints: ['10.244.1.5 ready'] }], expected: ['10.244.1.5:8080 ready', '10.244.1.5:9090 ready'],
  },
  { name: 'a port of another name is not meant', slices: [{ ports: [{ name: 'metrics', protocol: 'TCP', port: 8080 }], endpoints: ['10.244.1.5 ready'] }], expected: [] },
  { name: 'nor one of another protocol', slices: [{ ports: [{ name: 'http', protocol: 'UDP', port: 8080 }], endpoints: ['10.244.1.5 ready'] }], expected: [] },
  { name: 'a port without a number leads nowhere', slices: [{ ports: [{ name: 'http', protocol: 'TCP', port: null }], endpoints: ['10.244.1.5 ready'] }], expected: [] },
  {
    name: 'a hundred endpoints overlap as two do',
    slices: [{ endpoints: Array.from({ length: 100 }, (_, last) => `10.244.1.${String(last)}`) }, { endpoints: ['10.244.1.99 ready', '10.244.2.1 ready'] }],
    expected: [...Array.from({ length: 99 }, (_, last) => `10.244.1.${String(last)}:8080`), '10.244.1.99:8080 ready', '10.244.2.1:8080 ready'],
  },
])('$name', ({ slices, expected }) => {
  const index = ClusterIndex.open('c1', settings, 1);
  index.load(
    slices.map(({ ports = port8080, endpoints }, ordinal) => ({
      kind: 'EndpointSlice',
      namespace: 'default',
      name: `web-${String(ordinal)}`,
      uid: '',
      service: 'web',
      managed: true,
      watched: true,
      ports,
      endpoints: endpoints.map(endpoint),
      ordinal,
    })),
  );
  const found = index.endpoints(service, HTTP).map((one) => {
    const held = CONDITIONS.filter((condition) => one[condition] && !(condition === 'serving' && one.ready));
    return [`${formatIpv4(one.ip)}:${String(one.port)}`, ...held].join(' ');
  });
  expect(found).toEqual(expected);
});
