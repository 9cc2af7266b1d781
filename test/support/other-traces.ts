/** Further traces for renderers: a refusal, several paths, several connections. */
import { at, connection, frame, icmpError, ip, leg, mac, path, record, rule, tcp, whoHas, type BuiltRecord } from './trace-builder.js';
import { serviceRecord } from './service-trace.js';
import { describeReason } from '../../src/domain/trace/describe-reason.js';

const asked = tcp('10.244.1.5:40000', '10.96.0.12:80');
const refusal = icmpError('10.96.0.12', '10.244.1.5', 3, asked, { id: 2 });
const noEndpoints = rule({ kind: 'REJECT', with: 'icmp-port-unreachable' }, {
  destination: { value: { base: ip('10.96.0.12'), prefix: 32 }, negate: false }, protocol: 'TCP',
  matches: [{ kind: 'comment', text: 'default/web:http has no endpoints' }, { kind: 'destinationPort', port: { from: 80, to: 80 } }],
  cause: { code: 'SERVICE_NO_ENDPOINTS', subject: 'Service default/web' },
});
const refused = connection(
  leg('REJECTED',
    at('pod:default/client', 'eth0', asked, { kind: 'ORIGINATE', container: 'app', what: 'request' }),
    at('node:node-1', 'cbr0', asked,
      {
        kind: 'NETFILTER', hook: 'FORWARD', table: 'filter', chain: 'FORWARD', hits: [{ chain: 'KUBE-SERVICES', rule: noEndpoints }],
        verdict: 'REJECT', byPolicy: false, bridged: false, inInterface: 'cbr0', outInterface: 'eth0', markBefore: 0, markAfter: 0,
      },
      { kind: 'REJECT', cause: noEndpoints.cause!, chain: 'KUBE-SERVICES', rule: noEndpoints, icmpCode: 3 })),
  leg('ACCEPTED',
    at('node:node-1', null, refusal, { kind: 'ORIGINATE', container: null, what: 'error' }),
    at('pod:default/client', 'eth0', refusal, { kind: 'DELIVER', socket: null, to: 'client' })),
  { disposition: 'REJECTED' });
const { message, fix } = describeReason('SERVICE_NO_ENDPOINTS', { subject: 'Service default/web', port: '80', netns: 'node:node-1' });

export const refusedRecord: BuiltRecord = record([path([refused], {
  disposition: 'REJECTED', reason: { code: 'SERVICE_NO_ENDPOINTS', message, step: 'connections/0/forward/2', fix },
  clientSees: { outcome: 'refused', from: '10.96.0.12', afterSeconds: 0 },
})], { warnings: ['Service default/web selects no pod: its selector is app=web.'] });

const missing = tcp('10.244.1.5:40000', '10.244.1.99:8080');
const lost = connection(leg('NEIGHBOUR_UNREACHABLE',
  at('pod:default/client', 'eth0', missing,
    { kind: 'ORIGINATE', container: 'app', what: 'request' },
    { kind: 'NEIGHBOUR_LOOKUP', nextHop: ip('10.244.1.99'), answer: 'INCOMPLETE', entry: null, state: null },
    { kind: 'ARP_REQUEST', packet: null, frame: whoHas(ip('10.244.1.99'), ip('10.244.1.5'), mac.pod('10.244.1.5')), attempts: 3, answeredBy: null })), null);
const reached = serviceRecord.trace.paths[0]!;
const dead = describeReason('POD_NOT_FOUND', { address: '10.244.1.99', by: 'ARP', netns: 'pod:default/client' });

export const allRecord: BuiltRecord = record([
  { ...reached, weight: '1/2', connections: [{ ...reached.connections[0]!, forward: leg('ACCEPTED', reached.connections[0]!.forward.steps.slice(0, 2)), return: null }] },
  path([lost], {
    weight: '1/2', backend: { ip: ip('10.244.1.99'), port: 8080, pod: null, node: null }, reason: { code: 'POD_NOT_FOUND', message: dead.message, step: 'connections/0/forward/2', fix: dead.fix },
    clientSees: { outcome: 'host-unreachable', from: null, afterSeconds: 3 },
  }),
], { verdict: 'PARTIAL' }, [{ field: 'verdict', expected: 'REACHABLE', actual: 'PARTIAL' }]);

const query = tcp('10.244.1.5:5353', '10.96.0.10:53', { protocol: 'UDP', flags: null });
const longName = `${'a-very-long-label-'.repeat(3)}x.`.repeat(3) + 'svc.cluster.local';
const dns = connection(
  leg(
    'ACCEPTED',
    at('pod:default/client', null, null, {
      kind: 'DNS_LOOKUP',
      name: longName,
      type: 'A',
      server: ip('10.96.0.10'),
      rcode: 'NOERROR',
      answers: [ip('10.96.0.12')],
      queries: [{ name: longName, type: 'A', rcode: 'NOERROR', answers: ['10.96.0.12'] }],
      resolver: { nameservers: ['10.96.0.10'], search: [], options: [] },
      assumption: null,
    }),
    at('pod:default/client', 'eth0', query, {
      kind: 'TRANSMIT',
      frame: frame(mac.pod('10.244.1.5'), mac.pod('10.244.1.1'), query),
      peer: { netns: 'node:node-1', name: 'vethaaaa0001' },
    }),
  ),
  leg('ACCEPTED'),
  { role: 'DNS' },
);

export const dnsRecord: BuiltRecord = record(
  [path([dns, connection(leg('ACCEPTED', reached.connections[0]!.forward.steps.slice(0, 1)), leg('ACCEPTED'), { data: leg('ACCEPTED', []) })])],
  {
    request: { from: { pod: 'default/client', container: 'app' }, to: { host: 'web.default', port: 80 }, protocol: 'TCP', include: [] },
  },
);
