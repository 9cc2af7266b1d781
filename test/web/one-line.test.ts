/** The explorer's one-line summaries of policies and routes. */
import { expect, test } from 'vitest';

const { adminPolicyLines, gatewayListeners, ingressRoutes, policyLines, routeParents, routeRules, sliceLines } = (await import(
  new URL('../../src/web/one-line.js', import.meta.url).href
)) as Record<string, (object: object) => unknown>;

const metadata = { name: 'a', namespace: 'shop' };

test.each([
  { name: 'nobody gets in or out', spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, lines: ['all pods', 'nobody', 'nobody'] },
  {
    name: 'everyone gets in', spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress: [{}] },
    lines: ['pods app=web', 'anyone on any port', 'not limited'],
  },
  {
    name: 'peers and ports',
    spec: {
      podSelector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }, { key: 'old', operator: 'DoesNotExist' }] }, policyTypes: ['Egress'],
      egress: [
        {
          to: [{ podSelector: { matchLabels: { app: 'db' } } }, { namespaceSelector: {}, podSelector: { matchLabels: { app: 'dns' } } }],
          ports: [{ port: 'sql', protocol: 'TCP' }, { port: 53, endPort: 54, protocol: 'UDP' }],
        },
        {
          to: [{ namespaceSelector: { matchLabels: { team: 'x' } } }, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] } }],
          ports: [{ protocol: 'SCTP' }],
        },
      ],
    },
    lines: [
      'pods app=web,tier in (a, b),!old', 'not limited',
      'pods app=db or pods app=dns of all namespaces on sql/TCP, 53-54/UDP; all pods of namespaces team=x or 10.0.0.0/8 except 10.1.0.0/16 and 10.2.0.0/16 on any/SCTP',
    ],
  },
])('NetworkPolicy: $name', ({ spec, lines }) => { expect(policyLines!({ metadata, spec })).toEqual(lines); });

test('an AdminNetworkPolicy in one line', () => {
  const spec = {
    priority: 5, subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } },
    ingress: [
      {
        action: 'Allow',
        from: [{ namespaces: { matchLabels: { team: 'a' } } }, { pods: { namespaceSelector: { matchLabels: { team: 'b' } }, podSelector: {} } }],
        ports: [{ portNumber: { port: 80 } }, { portRange: { protocol: 'UDP', start: 5, end: 9 } }, { namedPort: 'http' }],
      },
      { action: 'Deny', from: [{ namespaces: {} }] },
    ],
    egress: [{ action: 'Pass', to: [{ networks: ['10.0.0.0/8', '192.0.2.0/24'] }, { nodes: {} }] }],
  };
  expect(adminPolicyLines!({ metadata, spec })).toEqual([
    'pods app=web of all namespaces',
    'Allow namespaces team=a or all pods of namespaces team=b on 80/TCP, 5-9/UDP, http; Deny all namespaces',
    'Pass 10.0.0.0/8, 192.0.2.0/24 or all nodes',
  ]);
  expect(adminPolicyLines!({ metadata, spec: { subject: { namespaces: { matchLabels: { team: 'a' } } } } })).toEqual(['namespaces team=a', '–', '–']);
});

test('the routes of an Ingress in one line', () => {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const paths = [{ path: '/', pathType: 'Prefix', backend }, { path: '/q', pathType: 'Exact', backend: { service: { name: 'ask', port: { name: 'http' } } } }];
  expect(
    ingressRoutes!({
      metadata,
      spec: {
        rules: [{ host: 'a.example', http: { paths } }, { http: { paths: [{ pathType: 'Prefix', backend: { resource: { kind: 'Bucket', name: 'b' } } }] } }],
        defaultBackend: backend,
      },
    }),
  ).toBe('a.example/ → web:80, a.example/q exactly → ask:http, */ → Bucket b, anything else → web:80');
  expect(ingressRoutes!({ metadata })).toBe('–');
});

test('the listeners of a Gateway and the rules of an HTTPRoute in one line', () => {
  expect(
    gatewayListeners!({
      metadata,
      spec: {
        gatewayClassName: 'c',
        listeners: [
          { name: 'web', port: 80, protocol: 'HTTP' },
          { name: 'safe', port: 443, protocol: 'HTTPS', hostname: '*.example' },
        ],
      },
    }),
  ).toBe('web 80/HTTP, safe 443/HTTPS for *.example');
  const route = {
    metadata,
    spec: {
      parentRefs: [{ kind: 'Gateway', name: 'edge', namespace: 'shop' }, { name: 'edge', namespace: 'infra', sectionName: 'safe' }, { kind: 'Service', name: 'web' }],
      rules: [
        {
          matches: [
            { path: { type: 'PathPrefix', value: '/v1' }, method: 'GET', headers: [{ name: 'X-V', value: '2' }], queryParams: [{ name: 'q', value: '1' }] },
            { path: { type: 'Exact', value: '/x' } },
          ],
          backendRefs: [{ kind: 'Service', name: 'a', port: 80, weight: 9 }, { name: 'b', port: 80 }],
        },
        { filters: [{ type: 'RequestRedirect' }] }, { backendRefs: [{ name: 'a', port: 80, weight: 1 }] }, {},
      ],
    },
  };
  expect(routeParents!(route)).toBe('edge; infra/edge, safe; Service web');
  expect(routeRules!(route)).toBe('GET /v1 with X-V: 2 and ?q=1 or /x exactly → a:80 (weight 9) or b:80 (weight 1); / → a redirect; / → a:80; / → nothing');
});

test('a slice names its Service, its endpoints and what is wrong with them', () => {
  const endpoint = (address: string, conditions?: object, name?: string) => ({
    addresses: [address],
    ...(conditions ? { conditions } : {}),
    ...(name ? { targetRef: { kind: 'Pod', name } } : {}),
  });
  const slice = (endpoints: object[], ports?: object[]) => sliceLines!({ metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web' } }, endpoints, ports });
  expect(
    slice(
      [endpoint('10.244.0.2', { ready: true }, 'web-1'), endpoint('10.244.0.3', { ready: false }), endpoint('10.244.0.4', { ready: false, terminating: true })],
      [{ port: 8080, protocol: 'TCP' }, {}],
    ),
  ).toEqual(['web', '10.244.0.2 web-1, 10.244.0.3 (not ready), 10.244.0.4 (terminating)', '8080/TCP, any/TCP']);
  expect(slice(Array.from({ length: 12 }, (_, index) => endpoint(`10.0.0.${index}`)))).toEqual([
    'web',
    expect.stringMatching(/^10\.0\.0\.0, .*10\.0\.0\.9, 2 more$/),
    '–',
  ]);
  expect(sliceLines!({ metadata })).toEqual(['–', '–', '–']);
});
