import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../../src/domain/cluster/validate-object.js';

const netpol = (spec: object): object => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: {}, ...spec } });
const ports = (...list: object[]): object => netpol({ ingress: [{ ports: list }] });
const from = (...list: object[]): object => netpol({ ingress: [{ from: list }] });
const everybody = [{ namespaces: {} }];
const anp = (spec: object): object => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'a' },
  spec: { priority: 1, subject: { namespaces: {} }, ...spec },
});
const banp = (spec: object, name = 'default'): object => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  metadata: { name },
  spec: { subject: { namespaces: {} }, ...spec },
});
const allow = (to: object[], rest: object = {}): object => anp({ egress: [{ action: 'Allow', to, ...rest }] });

const problemsOf = (object: object): string[] => validateObject(object).errors.map(({ path, message }) => `${path}: ${message}`);

describe('accepted', () => {
  test.each([
    { name: 'no rules', object: netpol({}) }, { name: 'a range', object: ports({ port: 80, endPort: 80 }) }, { name: 'SCTP without a port', object: ports({ protocol: 'SCTP' }) },
    { name: 'an IPv6 block with its exception', object: from({ ipBlock: { cidr: 'fd00::/8', except: ['fd00:1::/32'] } }) },
    { name: 'blocks with leading zeros', object: from({ ipBlock: { cidr: '192.168.000.0/016', except: ['192.168.007.0/24'] } }) },
    { name: 'an admin policy of nodes and networks', object: allow([{ nodes: {} }, { networks: ['0.0.0.0/0', 'fd00::/8'] }]) },
    {
      name: 'fields that the admin policies once had',
      object: allow([{ namespaces: { sameLabels: ['a'] } }, { pods: { namespaces: { namespaceSelector: {} }, podSelector: {} } }]),
    },
    { name: 'a baseline', object: banp({ ingress: [{ action: 'Deny', from: everybody }] }) },
  ])('$name', ({ object }) => {
    expect([problemsOf(object), validateObject(object).unknownFields]).toEqual([[], []]);
  });
});

describe('refused, as the API server does', () => {
  test.each([
    { object: netpol({ policyTypes: ['Both'] }), problem: 'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"' },
    {
      object: netpol({ policyTypes: ['Ingress', 'Egress', 'Ingress'] }),
      problem: 'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes',
    },
    { object: ports({ port: 0 }), problem: 'spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive' },
    {
      object: ports({ port: 'a_b' }),
      problem: 'spec.ingress[0].ports[0].port: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    },
    { object: ports({ port: 80, endPort: 79 }), problem: 'spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`' },
    { object: ports({ port: 80, endPort: 65536 }), problem: 'spec.ingress[0].ports[0].endPort: Invalid value: 65536: must be between 1 and 65535, inclusive' },
    { object: ports({ port: 'http', endPort: 90 }), problem: 'spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is non-numeric' },
    { object: ports({ endPort: 90 }), problem: 'spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is not specified' },
    { object: ports({ protocol: 'ICMP' }), problem: 'spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"' },
    { object: from({}), problem: 'spec.ingress[0].from[0]: Required value: must specify a peer' },
    { object: from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }), problem: 'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer' },
    { object: from({ ipBlock: { cidr: '' } }), problem: 'spec.ingress[0].from[0].ipBlock.cidr: Required value' },
    {
      object: from({ ipBlock: { cidr: '10.0.0.0' } }),
      problem: 'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    },
    {
      object: from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } }),
      problem: 'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/8": must be a strict subset of `cidr`',
    },
    {
      object: from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
      problem: 'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    },
    {
      object: from({ ipBlock: { cidr: 'fd00:192:168:1::/64', except: ['fd00:192:168:2::/64'] } }),
      problem: 'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "fd00:192:168:2::/64": must be a strict subset of `cidr`',
    },
    {
      object: from({ ipBlock: { cidr: 'fd00::/8', except: ['fd00::/8'] } }),
      problem: 'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "fd00::/8": must be a strict subset of `cidr`',
    },
    {
      object: from({ ipBlock: { cidr: '0.0.0.0/0', except: ['::/1'] } }),
      problem: 'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "::/1": must be a strict subset of `cidr`',
    },
    {
      object: from({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }),
      problem: 'spec.ingress[0].from[0].podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    },
    {
      object: netpol({ egress: [{ to: [{ namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }] }] }),
      problem: "spec.egress[0].to[0].namespaceSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    },
    { object: anp({ priority: 1001 }), problem: 'spec.priority: Invalid value: 1001: should be less than or equal to 1000' },
    { object: anp({ subject: {} }), problem: 'spec.subject: Invalid value: {}: spec.subject in body should have at least 1 properties' },
    { object: anp({ subject: { namespaces: {}, pods: { namespaceSelector: {}, podSelector: {} } } }), problem: 'spec.subject: Too many: 2: must have at most 1 items' },
    {
      object: anp({ ingress: [{ action: 'Reject', from: everybody }] }),
      problem: 'spec.ingress[0].action: Unsupported value: "Reject": supported values: "Allow", "Deny", "Pass"',
    },
    { object: allow([]), problem: 'spec.egress[0].to: Invalid value: []: spec.egress[0].to in body should have at least 1 items' },
    { object: allow([{}]), problem: 'spec.egress[0].to[0]: Invalid value: {}: spec.egress[0].to[0] in body should have at least 1 properties' },
    { object: allow([{ networks: ['10.0.0.1'] }]), problem: 'spec.egress[0].to[0].networks[0]: Invalid value: "10.0.0.1": Invalid CIDR format provided' },
    { object: allow([{ networks: ['10.0.0.0/8', '10.0.0.0/8'] }]), problem: 'spec.egress[0].to[0].networks[1]: Duplicate value: "10.0.0.0/8"' },
    {
      object: allow([{ domainNames: ['*.shop.example', '*shop.example'] }]),
      problem: expect.stringContaining('spec.egress[0].to[0].domainNames[1]: Invalid value: "*shop.example": spec.egress[0].to[0].domainNames in body should match'),
    },
    {
      object: allow([{ domainNames: ['shop.example'] }], { ports: [{ namedPort: 'http' }] }),
      problem: expect.stringContaining('domainNames peer cannot be set with namedPorts'),
    },
    { object: allow(everybody, { ports: [] }), problem: 'spec.egress[0].ports: Invalid value: []: spec.egress[0].ports in body should have at least 1 items' },
    { object: allow(everybody, { name: 'x'.repeat(101) }), problem: 'spec.egress[0].name: Too long: may not be more than 100 bytes' },
    {
      object: allow([{ nodes: {} }], { ports: [{ namedPort: 'http' }] }),
      problem: 'spec.egress[0]: Invalid value: "object": networks/nodes/domainNames peer cannot be set with namedPorts since there are no namedPorts for networks/nodes/domainNames',
    },
    {
      object: allow(everybody, { ports: [{ portRange: { start: 81, end: 80 } }] }),
      problem: 'spec.egress[0].ports[0].portRange: Invalid value: {"start":81,"end":80}: Start port must be less than End port',
    },
    { object: banp({ egress: [{ action: 'Pass', to: everybody }] }), problem: 'spec.egress[0].action: Unsupported value: "Pass": supported values: "Allow", "Deny"' },
    {
      object: banp({}, 'other'),
      problem: 'metadata.name: Invalid value: "other": Only one baseline admin network policy with metadata.name="default" can be created in the cluster',
    },
  ])('$problem', ({ object, problem }) => {
    expect(problemsOf(object)).toEqual([problem]);
  });

  test('several problems are reported at once', () => {
    expect(problemsOf(ports({ port: '!@#$' }))).toEqual(
      ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)', 'must contain at least one letter (a-z)'].map(
        (words) => `spec.ingress[0].ports[0].port: Invalid value: "!@#$": ${words}`,
      ),
    );
    const problems = problemsOf(netpol({ ingress: [{ from: [{}], ports: [{ port: 0 }] }], egress: [{ to: [{ ipBlock: { cidr: 'x' } }] }] }));
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['spec.ingress[0].ports[0].port', 'spec.ingress[0].from[0]', 'spec.egress[0].to[0].ipBlock.cidr']);
  });
});
