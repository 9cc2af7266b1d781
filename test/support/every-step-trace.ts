/** A trace with a step of every kind, for tests of presenters and renderers. No real flow has these steps. */
import { PolicyEvidence } from '../../src/domain/cluster/policy/policy-evidence.js';
import type { Policy } from '../../src/domain/cluster/policy/policy.js';
import type { PolicyPod } from '../../src/domain/cluster/policy/question.js';
import type { Step, StepKind } from '../../src/domain/trace/step.js';
import type { Trace } from '../../src/domain/trace/trace.js';
import type { TraceRequest } from '../../src/services/traces/trace-request.js';
import { serviceRecord } from './service-trace.js';
import { at, connection, icmpError, ip, leg, path, route, rule, tcp } from './trace-builder.js';

export const TRACE_REQUEST: TraceRequest = {
  from: { pod: 'default/client' }, to: { service: 'default/web', port: 80, via: 'clusterIP' }, protocol: 'TCP', sourcePort: 40000, ttl: 64, payloadBytes: 0,
  dontFragment: true, choice: { mode: 'SEEDED', seed: 0 }, neighbours: 'COLD', conntrack: 'FRESH', record: true, include: [],
};

const asked = tcp('10.244.1.5:40000', '10.96.0.12:80');
const nobody = { code: 'SERVICE_NO_ENDPOINTS', subject: 'Service default/web' };
const refusal = rule({ kind: 'REJECT', with: 'icmp-port-unreachable' }, { cause: nobody });

const pod: PolicyPod = { namespace: 'default', name: 'web-1', labels: {}, node: 'node-1', hostNetwork: false, finished: false, containers: [] };
const policy = (name: string, rules: Policy['ingress']): Policy => ({
  kind: 'NetworkPolicy',
  namespace: 'default',
  name,
  priority: 0,
  subject: { namespaces: { kind: 'OWN' }, pods: {} },
  ingress: rules,
  egress: null,
  unmodelled: false,
  ordinal: 0,
});
const denied = new PolicyEvidence(
  {
    direction: 'INGRESS',
    subject: pod,
    allowed: false,
    basis: 'ISOLATED',
    considered: [
      { outcome: 'NO_RULES', policy: policy('deny', []) },
      { outcome: 'NO_PORT', policy: policy('web', [{ name: null, action: 'ALLOW', peers: null, ports: [] }]), rule: 0 },
    ],
  },
  false,
);

const others: readonly Step[] = [
  ...at('pod:default/client', 'eth0', asked,
    {
      kind: 'DNS_LOOKUP', name: 'web', type: 'A', server: ip('10.96.0.10'), rcode: 'NOERROR', answers: [ip('10.96.0.12')],
      queries: [
        { name: 'web.default.svc.cluster.local.', type: 'A', rcode: 'NOERROR', answers: ['10.96.0.12'] },
        { name: 'web.default.svc.cluster.local.', type: 'AAAA', rcode: 'NOERROR', answers: [] },
      ],
      resolver: { nameservers: ['10.96.0.10'], search: ['default.svc.cluster.local'], options: ['ndots:5'] }, assumption: null,
    },
    { kind: 'LOOPBACK' },
    {
      kind: 'PROXY_ACCEPT', proxy: 'ingress',
      http: {
        method: 'GET', host: 'shop.example', path: '/cart', tls: { serverName: 'shop.example', certificate: 'Secret default/shop' },
        rules: [{ text: 'Ingress default/shop: shop.example/cart (Prefix)', taken: true }], status: null, location: null,
      },
    },
    { kind: 'PROXY_CONNECT', proxy: 'ingress', backend: '10.244.2.8:8080', headers: { 'X-Forwarded-For': '198.51.100.10' } }),
  ...at('gateway', 'eth0', asked, { kind: 'LOAD_BALANCE', address: ip('192.0.2.1'), route: route('192.0.2.1/32', 'eth0', { via: ip('192.168.1.11') }) }),
  ...at('node:node-1', 'eth0', asked,
    { kind: 'ROUTE_LOOKUP', purpose: 'input', destination: ip('10.99.0.1'), route: null, pickedSource: null, failure: 'NO_ROUTE' },
    { kind: 'POLICY', hook: 'FORWARD', table: 'filter', chain: 'KUBE-POD-FW-DEUW4K4PFPXUEHU6', verdict: 'DENY', explanation: denied },
    { kind: 'DROP', cause: { code: 'RULE_DROP', subject: '' } },
    { kind: 'REJECT', cause: nobody, chain: 'FORWARD', rule: refusal, icmpCode: 3 }),
];
const refused = icmpError('10.244.1.1', '10.244.1.5', 3, asked, { id: 2 });

export function everyStepTrace(): Trace<TraceRequest> {
  const { trace } = serviceRecord;
  const failed = path([connection(leg('REJECTED', others), leg('ACCEPTED', at('node:node-1', 'cbr0', refused, { kind: 'ORIGINATE', container: null, what: 'error' })))], {
    weight: '1/2', disposition: 'REJECTED', clientSees: { outcome: 'host-unreachable', from: '10.244.1.1', afterSeconds: 3.1 },
    reason: { code: 'SERVICE_NO_ENDPOINTS', message: 'Service default/web has no ready endpoint.', step: 'connections/0/forward/7', fix: 'Start a pod.' }, frames: [],
  });
  return { ...trace, request: TRACE_REQUEST, verdict: 'PARTIAL', paths: [...trace.paths, failed], totalPaths: 2 };
}

export const kindsOf = ({ paths }: Trace<TraceRequest>): ReadonlySet<StepKind> =>
  new Set(paths.flatMap(({ connections }) => connections.flatMap(({ forward, return: back }) => [...forward.steps, ...(back?.steps ?? [])].map(({ kind }) => kind))));
