import { describe, expect, test } from 'vitest';
import { describeReason } from '../../../src/domain/trace/describe-reason.js';
import { reasonClause, REASONS, type ReasonCode } from '../../../src/domain/trace/reasons.js';
import { placeName } from '../../../src/domain/trace/place-name.js';

const codes = Object.keys(REASONS) as ReasonCode[];
const everything = {
  subject: 'Service default/web',
  address: '10.244.1.9',
  port: '80',
  protocol: 'TCP',
  node: 'node-1',
  pod: 'default/web-1',
  netns: 'node:node-1',
  name: 'web',
  interface: 'eth0',
  chain: 'FORWARD',
  container: 'app',
  holder: 'other',
  mtu: '1450',
  length: '1500',
  ttl: '3',
  source: '10.244.1.5',
  ports: '80/TCP',
  ranges: '198.51.100.0/24',
  via: 'nodePort',
  listens: '127.0.0.1',
  nodePortOf: 'Service default/web',
  externalIPOf: 'Service default/web',
};
const isSentence = /^[A-Za-z0-9].*\.$/s;

/** Those that the API's documentation names. */
const NAMED = [
  'SERVICE_NO_ENDPOINTS',
  'SERVICE_NO_LOCAL_ENDPOINTS',
  'SERVICE_PORT_NOT_FOUND',
  'LOAD_BALANCER_SOURCE_RANGES',
  'NETWORK_POLICY_INGRESS',
  'NETWORK_POLICY_EGRESS',
  'NO_LISTENER',
  'NO_SUCH_CONNECTION',
  'NO_PORT_DECLARED',
  'ADDRESS_IN_USE',
  'LISTENS_ON_LOOPBACK_ONLY',
  'POD_IP_UNASSIGNED',
  'NODE_DOWN',
  'IP_FORWARD_OFF',
  'HAIRPIN_OFF',
  'REPLY_BYPASSED_CONNTRACK',
  'ICMP_TO_VIRTUAL_IP',
  'MARTIAN_SOURCE',
  'DNS_NAME_NOT_FOUND',
  'INGRESS_NO_MATCH',
  'INGRESS_NO_BACKEND',
];

test('the catalogue has every reason code of the API', () => expect(codes).toEqual(expect.arrayContaining(NAMED)));

describe.each(codes)('%s', (code) => {
  test('has its default fix without details', () => expect(describeReason(code, {}).fix).toBe(REASONS[code].fix));

  test.each([['nothing', {}], ['everything', everything]])('is a sentence with %s as details', (_, details) => {
    const { message, fix } = describeReason(code, details);
    for (const text of [message, fix, REASONS[code].title]) expect(text).toMatch(isSentence);
    expect(message).not.toMatch(/undefined|null|node:| {2}| [.,]/);
  });
});

test.each<[code: ReasonCode, details: Record<string, string>, fix: RegExp]>([
  [
    'NETWORK_POLICY_INGRESS', { subject: 'NetworkPolicy a/b' },
    /^Add an ingress rule whose from and ports cover this client, or take the server's labels out of the policy's podSelector\.$/,
  ],
  ['NETWORK_POLICY_EGRESS', { subject: 'AdminNetworkPolicy b', rule: 'rule 1' }, /^Put a rule that allows or passes this traffic before the one that denies it/],
  ['SERVICE_NO_ENDPOINTS', { fix: 'Scale Deployment a/b up.' }, /^Scale Deployment a\/b up\.$/],
  ['DNS_NAME_NOT_FOUND', { subject: 'did you mean web?' }, /^Check the spelling/],
])('%s with %j has a more specific fix', (code, details, fix) => expect(describeReason(code, details).fix).toMatch(fix));

test.each<[code: string, details: Record<string, string>, message: string]>([
  [
    'SERVICE_NO_ENDPOINTS', { subject: 'Service default/web', port: '80', netns: 'node:node-1' },
    'Service default/web has no ready endpoint for port 80, so node-1 answers that the port is unreachable.',
  ],
  ['SERVICE_NO_ENDPOINTS', {}, 'The Service has no ready endpoint, so the node answers that the port is unreachable.'],
  ['NO_LISTENER', { port: '81', protocol: 'TCP', pod: 'default/web-1' }, 'Nothing listens on port 81/TCP in pod default/web-1, so its kernel refuses.'],
  ['NO_ROUTE', { netns: 'isp', address: '10.0.0.1' }, 'The internet\'s router has no route to 10.0.0.1.'],
  ['TTL_EXPIRED', { netns: 'node:node-1', ttl: '1' }, 'The TTL ran out at node-1: the packet was sent with 1.'],
  ['HEARD_OF_NOWHERE', { subject: 'node:node-1' }, 'Heard of nowhere: node-1.'],
])('the message of %s with %j', (code, details, message) => expect(describeReason(code, details).message).toBe(message));

test('a title can be used as a clause', () => expect(reasonClause('NO_ROUTE')).toBe('no route leads to the destination'));

test.each([
  ['node:node-1', 'node-1'], ['pod:default/web-1', 'pod default/web-1'], ['fabric', 'the switch'], ['gateway', 'the gateway'], ['isp', 'the internet\'s router'],
  ['cloud-lb', 'the cloud load balancer'], ['lan:printer', 'LAN host printer'], ['internet:198.51.100.10', 'internet host 198.51.100.10'], ['Service default/web', 'Service default/web'],
])('the place %s is called "%s"', (netns, words) => expect(placeName(netns)).toBe(words));
