import { describe, expect, test } from 'vitest';
import { defaultObject } from '../../../src/domain/cluster/default-object.js';
import { validateObject } from '../../../src/domain/cluster/validate-object.js';

const pod = (spec: object, rest: object = {}): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec, ...rest });
const service = (spec: object, rest: object = {}): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec, ...rest });
const node = (annotations: Record<string, string>, rest: object = {}): object => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', annotations }, ...rest });
const slice = (rest: object): object => ({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'web-1' }, addressType: 'IPv4', ...rest });
const deployment = (spec: object): object => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app' }] } }, ...spec },
});
const app = { containers: [{ name: 'app' }] };

/** Problems as `category path: message`, which is how the rows below write them. */
const problemsOf = (input: unknown): readonly string[] => validateObject(input).errors.map(({ category, path, message }) => `${category} ${path}: ${message}`);

describe('accepted', () => {
  test.each([
    { name: 'a pod without an image', object: pod(app) },
    { name: 'a Service with one unnamed port', object: service({ ports: [{ port: 80 }] }) },
    { name: 'one port for two protocols', object: service({ ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53 }] }) },
    { name: 'a headless Service without ports', object: service({ clusterIP: 'None', selector: { app: 'web' } }) },
    { name: 'an ExternalName', object: service({ type: 'ExternalName', externalName: 'db.example.com.' }) },
    { name: 'a dual-stack dump', object: service({ clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9', 'fd00::9'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack', ports: [{ port: 80 }] }) },
    { name: 'a listen annotation', object: { ...pod(app), metadata: { name: 'a', annotations: { 'packetwalk.dev/listen': '127.0.0.1:9000/tcp, 0.0.0.0:8080/udp' } } } },
    { name: 'a node that is cut', object: node({ 'packetwalk.dev/link': 'down' }) },
    { name: 'a Deployment', object: deployment({}) },
    { name: 'a slice without endpoints', object: slice({ endpoints: null, ports: null }) },
    { name: 'a kind that is not modelled', object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'system:node', creationTimestamp: null }, rules: [] } },
    { name: 'two containers that want one port', object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 80 }] }, { name: 'b', ports: [{ containerPort: 80 }] }] }) },
  ])('$name', ({ object }) => {
    expect(problemsOf(object)).toEqual([]);
  });

  test.each([
    { name: 'a pod on the host network', object: pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] }) },
    { name: 'a load balancer', object: service({ type: 'LoadBalancer', ports: [{ port: 80 }], sessionAffinity: 'ClientIP' }, { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }) },
    { name: 'an ExternalName', object: service({ type: 'ExternalName', externalName: 'a.b' }) },
    { name: 'a headless Service', object: service({ clusterIP: 'None', ports: [{ port: 80 }] }) },
    { name: 'a Deployment', object: deployment({}) },
    { name: 'a slice', object: slice({ ports: [{ port: 80 }], endpoints: [{ addresses: ['10.0.0.1'] }] }) },
    { name: 'a node', object: node({}) },
  ])('$name, also with its defaults', ({ object }) => {
    const complete = defaultObject(validateObject(object).object);
    expect(validateObject(complete)).toMatchObject({ errors: [], unknownFields: [] });
  });
});

describe('wrong shapes', () => {
  test.each([
    { name: 'no object', object: 'x', problems: ['shape : expected a Kubernetes object, got a string ("x")'] },
    { name: 'a list', object: [], problems: ['shape : expected a Kubernetes object, got a list'] },
    { name: 'no type', object: {}, problems: ['shape apiVersion: Required value: e.g. v1', 'shape kind: Required value: e.g. Pod'] },
    { name: 'no name', object: { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: app }, problems: ['shape metadata.name: Required value'] },
    { name: 'a generated name', object: { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'a-' }, spec: app }, problems: ['shape metadata.name: Required value: name is required; generateName is not supported'] },
    { name: 'a port as text', object: service({ ports: [{ port: '80' }] }), problems: ['shape spec.ports[0].port: expected a number, got a string ("80")'] },
    { name: 'ports as an object', object: service({ ports: { port: 80 } }), problems: ['shape spec.ports: expected a list, got an object'] },
    { name: 'a label that is a number', object: pod(app, { metadata: { name: 'a', labels: { tier: 1 } } }), problems: ['shape metadata.labels.tier: expected a string, got a number (1)'] },
    { name: 'a target port that is neither', object: service({ ports: [{ port: 80, targetPort: true }] }), problems: ['shape spec.ports[0].targetPort: expected an integer or a string, got a boolean (true)'] },
  ])('$name', ({ object, problems }) => {
    expect(problemsOf(object)).toEqual(problems);
  });

  test('all at once, with what is wrong with the rest', () => {
    expect(problemsOf(service({ type: 'NodePort', ports: [{ name: 'A', port: 'x', nodePort: 0 }, { port: 70000 }], externalIPs: ['1.2.3'], sessionAffinity: 'Sometimes' }))).toEqual([
      'shape spec.ports[0].port: expected a number, got a string ("x")',
      'value spec.ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'value spec.sessionAffinity: Unsupported value: "Sometimes": supported values: "ClientIP", "None"',
      expect.stringContaining('value spec.ports[0].name: Invalid value: "A": a lowercase RFC 1123 label'),
      'value spec.ports[1].name: Required value',
      'value spec.externalIPs[0]: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]);
  });

  test('of a list with a broken element the rest is still judged elsewhere', () => {
    expect(problemsOf(service({ externalIPs: [5], clusterIP: 'x', ports: [{ port: 80 }] }))).toEqual([
      'shape spec.externalIPs[0]: expected a string, got a number (5)',
      'value spec.clusterIP: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]);
  });
});

describe('values that a pod refuses', () => {
  test.each([
    { name: 'no containers', object: pod({ containers: [] }), problem: 'spec.containers: Required value' },
    { name: 'two containers of one name', object: pod({ containers: [{ name: 'a' }, { name: 'a' }] }), problem: 'spec.containers[1].name: Duplicate value: "a"' },
    { name: 'a port out of range', object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 0 }] }] }), problem: 'spec.containers[0].ports[0].containerPort: Invalid value: 0: must be between 1 and 65535, inclusive' },
    { name: 'a port name that is too long', object: pod({ containers: [{ name: 'a', ports: [{ name: 'a-very-long-name', containerPort: 1 }] }] }), problem: 'spec.containers[0].ports[0].name: Invalid value: "a-very-long-name": must be no more than 15 characters' },
    { name: 'one port name twice', object: pod({ containers: [{ name: 'a', ports: [{ name: 'x', containerPort: 1 }, { name: 'x', containerPort: 2 }] }] }), problem: 'spec.containers[0].ports[1].name: Duplicate value: "x"' },
    { name: 'another host port on the host network', object: pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 81 }] }] }), problem: 'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true' },
    { name: 'one port twice on the host network', object: pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }, { name: 'b', ports: [{ containerPort: 80 }] }] }), problem: 'spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"' },
    { name: 'one host port twice', object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 1, hostPort: 80 }, { containerPort: 2, hostPort: 80 }] }] }), problem: 'spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"' },
    { name: 'an address that is none', object: pod(app, { status: { podIP: '10.0.0' } }), problem: 'status.podIP: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)' },
    { name: 'IPv6 alone', object: pod(app, { status: { podIP: 'fd00::1' } }), problem: 'status.podIP: Invalid value: "fd00::1": IPv6 is not modelled: use an IPv4 address' },
    { name: 'an unknown protocol', object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 1, protocol: 'tcp' }] }] }), problem: 'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"' },
    { name: 'no nameserver', object: pod({ ...app, dnsPolicy: 'None' }), problem: 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None' },
    { name: 'a resolver without a nameserver', object: pod({ ...app, dnsPolicy: 'None', dnsConfig: { searches: ['a.b'] } }), problem: 'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None' },
    { name: 'four nameservers', object: pod({ ...app, dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }), problem: 'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: must not have more than 3 nameservers' },
    { name: 'a search domain that is none', object: pod({ ...app, dnsConfig: { searches: ['ok.example.', 'not_ok'] } }), problem: expect.stringContaining('spec.dnsConfig.searches[1]: Invalid value: "not_ok": a lowercase RFC 1123 subdomain') },
    { name: 'too long a list of search domains', object: pod({ ...app, dnsConfig: { searches: Array(32).fill(`${'a'.repeat(60)}.${'b'.repeat(10)}`) } }), problem: expect.stringContaining('must not have more than 2048 characters (including spaces) in the search list') },
    { name: 'an option without a name', object: pod({ ...app, dnsConfig: { options: [{ value: '1' }] } }), problem: 'spec.dnsConfig.options[0]: Required value: must not be empty' },
    { name: 'a policy for names that is none', object: pod({ ...app, dnsPolicy: 'Host' }), problem: 'spec.dnsPolicy: Unsupported value: "Host": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"' },
    { name: 'a restart policy that is none', object: pod({ ...app, restartPolicy: 'always' }), problem: 'spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"' },
    { name: 'a container that is restarted by itself', object: pod({ containers: [{ name: 'a', restartPolicy: 'Always' }] }), problem: 'spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers' },
    { name: 'an init container that is restarted sometimes', object: pod({ ...app, initContainers: [{ name: 'a', restartPolicy: 'OnFailure' }] }), problem: 'spec.initContainers[0].restartPolicy: Unsupported value: "OnFailure": supported values: "Always"' },
    { name: 'an init container of the name of another', object: pod({ ...app, initContainers: [{ name: 'app' }] }), problem: 'spec.initContainers[0].name: Duplicate value: "app"' },
    { name: 'an image with a blank', object: pod({ containers: [{ name: 'a', image: 'nginx ' }] }), problem: 'spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing whitespace' },
    { name: 'a toleration for some seconds of what evicts nobody', object: pod({ ...app, tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] }), problem: 'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set' },
    { name: 'a toleration with a value too many', object: pod({ ...app, tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] }), problem: 'spec.tolerations[0].operator: Invalid value: {"key":"a","operator":"Exists","value":"x"}: value must be empty when `operator` is \'Exists\'' },
    { name: 'a host alias that is no name', object: pod({ ...app, hostAliases: [{ ip: '10.0.0.1', hostnames: ['a', 'B'] }] }), problem: expect.stringContaining('spec.hostAliases[0].hostnames[1]: Invalid value: "B": a lowercase RFC 1123 subdomain') },
    { name: 'a readiness gate that is no condition', object: pod({ ...app, readinessGates: [{ conditionType: 'a b' }] }), problem: expect.stringContaining('spec.readinessGates[0].conditionType: Invalid value: "a b": name part') },
    { name: 'two addresses of one family', object: pod(app, { status: { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] } }), problem: 'status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]: may specify no more than one IP for each IP family' },
    { name: 'an owner without a uid', object: pod(app, { metadata: { name: 'a', ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: '' }] } }), problem: 'metadata.ownerReferences[0].uid: Invalid value: "": must not be empty' },
    { name: 'a finalizer that is no name', object: pod(app, { metadata: { name: 'a', finalizers: ['a b'] } }), problem: expect.stringContaining('metadata.finalizers[0]: Invalid value: "a b": name part') },
    { name: 'a listen annotation that is none', object: pod(app, { metadata: { name: 'a', annotations: { 'packetwalk.dev/listen': '8080' } } }), problem: expect.stringContaining('metadata.annotations[packetwalk.dev/listen]: Invalid value: "8080": "8080" must be address:port/protocol') },
    { name: 'a name in capitals', object: pod(app, { metadata: { name: 'Web' } }), problem: expect.stringContaining('metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain') },
    { name: 'a label key with two slashes', object: pod(app, { metadata: { name: 'a', labels: { 'a/b/c': 'x' } } }), problem: expect.stringContaining('metadata.labels: Invalid value: "a/b/c": name part') },
    { name: 'a label value with a blank', object: pod(app, { metadata: { name: 'a', labels: { a: 'x y' } } }), problem: expect.stringContaining('metadata.labels: Invalid value: "x y": a valid label') },
  ])('$name', ({ object, problem }) => {
    expect(validateObject(object).errors.map(({ category, path, message }) => [category, `${path}: ${message}`])).toEqual([['value', problem]]);
  });
});

describe('values that a Service refuses', () => {
  const port = { port: 80 };
  test.each([
    { name: 'no ports', spec: {}, problem: 'spec.ports: Required value' },
    { name: 'a node port on a ClusterIP', spec: { ports: [{ port: 80, nodePort: 30080 }] }, problem: "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'" },
    { name: 'one name twice', spec: { ports: [{ name: 'a', port: 80 }, { name: 'a', port: 81 }] }, problem: 'spec.ports[1].name: Duplicate value: "a"' },
    { name: 'one port twice', spec: { ports: [{ name: 'a', port: 80 }, { name: 'b', port: 80 }] }, problem: 'spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}' },
    { name: 'one node port twice', spec: { type: 'NodePort', ports: [{ name: 'a', port: 80, nodePort: 30080 }, { name: 'b', port: 81, nodePort: 30080 }] }, problem: 'spec.ports[1].nodePort: Duplicate value: 30080' },
    { name: 'a headless load balancer', spec: { type: 'LoadBalancer', clusterIP: 'None', ports: [port] }, problem: 'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for LoadBalancer services' },
    { name: 'a type that is none', spec: { type: 'Internal', ports: [port] }, problem: 'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"' },
    { name: 'a policy for outside traffic without any', spec: { externalTrafficPolicy: 'Local', ports: [port] }, problem: 'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services' },
    { name: 'affinity for more than a day', spec: { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } }, ports: [port] }, problem: 'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400' },
    { name: 'source ranges without a load balancer', spec: { loadBalancerSourceRanges: ['10.0.0.0/8'], ports: [port] }, problem: "spec.loadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'" },
    { name: 'a source range that is none', spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'], ports: [port] }, problem: 'spec.loadBalancerSourceRanges[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)' },
    { name: 'a loopback as external IP', spec: { externalIPs: ['127.0.0.1'], ports: [port] }, problem: 'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)' },
    { name: 'an ExternalName without one', spec: { type: 'ExternalName' }, problem: 'spec.externalName: Required value' },
    { name: 'a health check without a local policy', spec: { type: 'LoadBalancer', healthCheckNodePort: 32000, ports: [port] }, problem: "spec.healthCheckNodePort: Invalid value: 32000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'" },
    { name: 'two first addresses', spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.2'], ports: [port] }, problem: 'spec.clusterIPs: Invalid value: ["10.96.0.2"]: first value must match `clusterIP`' },
    { name: 'None beside an address', spec: { clusterIP: 'None', clusterIPs: ['None', '10.96.0.2'], ports: [port] }, problem: 'spec.clusterIPs: Invalid value: ["None","10.96.0.2"]: \'None\' must be the first and only value' },
    { name: 'two addresses of one family', spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', '10.96.0.2'], ports: [port] }, problem: 'spec.clusterIPs: Invalid value: ["10.96.0.1","10.96.0.2"]: may specify no more than one IP for each IP family' },
    { name: 'an address of another family than it says', spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1'], ipFamilies: ['IPv4', 'IPv4'], ports: [port] }, problem: 'spec.ipFamilies[1]: Duplicate value: "IPv4"', more: ['spec.clusterIPs[1]: Invalid value: "fd00::1": expected an IPv4 value as indicated by `ipFamilies[1]`'] },
    { name: 'an ExternalName with an address', spec: { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.1', ipFamilyPolicy: 'SingleStack' }, problem: 'spec.clusterIP: Forbidden: may not be set for ExternalName services', more: ['spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services'] },
    { name: "the kubelet's port on every node", spec: { type: 'LoadBalancer', ports: [{ port: 10250 }] }, problem: 'spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet' },
    { name: 'an application protocol that is none', spec: { ports: [{ port: 80, appProtocol: 'a b' }] }, problem: expect.stringContaining('spec.ports[0].appProtocol: Invalid value: "a b": name part') },
    { name: 'a class without a load balancer', spec: { loadBalancerClass: 'a.b/c', ports: [port] }, problem: "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'" },
    { name: 'a distribution that is none', spec: { trafficDistribution: 'Near', ports: [port] }, problem: 'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"' },
    { name: 'IPv6 first', spec: { ipFamilies: ['IPv6'], ports: [port] }, problem: 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster' },
    { name: 'a target port that is no name', spec: { ports: [{ port: 80, targetPort: 'HTTP' }] }, problem: 'spec.ports[0].targetPort: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)' },
  ] as readonly { readonly name: string; readonly spec: object; readonly problem: unknown; readonly more?: readonly string[] }[])('$name', ({ spec, problem, more = [] }) => {
    const found = validateObject(service(spec)).errors;
    expect(found.every(({ category }) => category === 'value')).toBe(true);
    expect(found.map(({ path, message }) => `${path}: ${message}`)).toEqual([problem, ...more]);
  });
});

describe('values that other kinds refuse', () => {
  test.each([
    { name: 'a link that is neither up nor down', object: node({ 'packetwalk.dev/link': 'cut' }), problem: 'metadata.annotations[packetwalk.dev/link]: Unsupported value: "cut": supported values: "down", "up"' },
    { name: 'wiring that cannot be read', object: node({ 'packetwalk.dev/routes': 'default via x' }), problem: 'metadata.annotations[packetwalk.dev/routes]: Invalid value: "default via x": must be a JSON list of {"to": CIDR, "via": address, "src"?: address}' },
    { name: 'a podCIDR that is none', object: node({}, { spec: { podCIDR: '10.244.0.0' } }), problem: 'spec.podCIDR: Invalid value: "10.244.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)' },
    { name: 'a node in a namespace', object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', namespace: 'b' } }, problem: 'metadata.namespace: Forbidden: not allowed on this type' },
    { name: 'a selector that misses its own template', object: deployment({ selector: { matchLabels: { app: 'db' } } }), problem: 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`' },
    { name: 'an empty selector', object: deployment({ selector: {} }), problem: 'spec.selector: Invalid value: {}: empty selector is invalid for deployment' },
    { name: 'fewer than no replicas', object: deployment({ replicas: -1 }), problem: 'spec.replicas: Invalid value: -1: must be greater than or equal to 0' },
    { name: 'pods that end', object: deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { ...app, restartPolicy: 'Never' } } }), problem: 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"' },
    { name: 'an endpoint without an address', object: slice({ endpoints: [{ addresses: [] }] }), problem: 'endpoints[0].addresses: Required value: must contain at least 1 address' },
    { name: 'a loopback endpoint', object: slice({ endpoints: [{ addresses: ['127.0.0.1'] }] }), problem: 'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)' },
    { name: 'source ranges in the form of old, without a load balancer', object: service({ ports: [{ port: 80 }] }, { metadata: { name: 'a', annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8' } } }), problem: "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Forbidden: may only be used when `type` is 'LoadBalancer'" },
    { name: 'a load balancer named by its address', object: service({ type: 'LoadBalancer', ports: [{ port: 80 }] }, { status: { loadBalancer: { ingress: [{ hostname: '192.0.2.1' }] } } }), problem: 'status.loadBalancer.ingress[0].hostname: Invalid value: "192.0.2.1": must be a DNS name, not an IP address' },
    { name: 'Endpoints without addresses', object: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' }, subsets: [{ ports: [{ port: 80 }] }] }, problem: 'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`' },
    { name: 'Endpoints on loopback', object: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' }, subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] }, problem: 'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)' },
    { name: 'Endpoints with two ports and one name', object: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' }, subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'a', port: 80 }, { port: 81 }] }] }, problem: 'subsets[0].ports[1].name: Required value' },
    { name: 'an unspecified endpoint', object: slice({ endpoints: [{ addresses: ['0.0.0.0'] }] }), problem: 'endpoints[0].addresses[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)' },
    { name: 'two podCIDRs of one family', object: node({}, { spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24', '10.244.1.0/24'] } }), problem: 'spec.podCIDRs: Invalid value: ["10.244.0.0/24","10.244.1.0/24"]: may specify no more than one CIDR for each IP family' },
    { name: 'a deadline shorter than what counts as ready', object: deployment({ minReadySeconds: 600 }), problem: 'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds' },
    { name: 'an empty selector of a DaemonSet', object: { ...deployment({ selector: {} }), kind: 'DaemonSet' }, problem: 'spec.selector: Invalid value: {}: empty selector is invalid for daemonset' },
    { name: 'an API version of old', object: { apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'a' } }, problem: 'apiVersion: no matches for kind "Ingress" in version "extensions/v1beta1": use networking.k8s.io/v1' },
    { name: 'an operator without values', object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } }, problem: "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'" },
  ])('$name', ({ object, problem }) => {
    expect(problemsOf(object)).toEqual([`value ${problem}`]);
  });
});

describe('fields that the API does not have', () => {
  test.each([
    { name: 'at the top', object: service({ ports: [{ port: 80 }] }, { sepc: {} }), messages: ['unknown field "sepc"; did you mean "spec"?'] },
    { name: 'in a list', object: service({ ports: [{ port: 80, targetport: 8080 }] }), messages: ['unknown field "spec.ports[0].targetport"; did you mean "targetPort"?'] },
    { name: 'in a template', object: deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', port: 80 }], xyzzy: 1 } } }), messages: ['unknown field "spec.template.spec.containers[0].port"; did you mean "ports"?', 'unknown field "spec.template.spec.xyzzy"'] },
    { name: 'not in a kind that is not modelled', object: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, anything: 1 }, messages: [] },
  ])('$name', ({ object, messages }) => {
    const { unknownFields, errors } = validateObject(object);
    expect(unknownFields.map(({ message }) => message)).toEqual(messages);
    expect(errors).toEqual([]);
  });

  test('are not kept, nor are fields that are null; the input stays as it was', () => {
    const input = service({ ports: [{ port: 80, x: 1, name: null }], y: 2 }, { status: null });
    const before = structuredClone(input);
    expect(validateObject(input).object).toEqual(service({ ports: [{ port: 80 }] }));
    expect(input).toEqual(before);
  });

  test('an object in order is given back itself', () => {
    const input = pod(app);
    expect(validateObject(input).object).toBe(input);
  });
});

describe('the kind of a route', () => {
  const expected = { group: 'apps', version: 'v1', kind: 'Deployment' };

  test('stands in for a type that is missing', () => {
    const { apiVersion: _, kind: __, ...rest } = deployment({}) as Record<string, unknown>;
    expect(validateObject(rest, expected)).toMatchObject({ errors: [], object: { apiVersion: 'apps/v1', kind: 'Deployment' } });
  });

  test('refuses another', () => {
    expect(validateObject(pod(app), expected).errors).toEqual([
      { path: 'apiVersion', category: 'shape', message: 'the API version in the data (v1) does not match the expected API version (apps/v1)' },
      { path: 'kind', category: 'shape', message: 'the kind in the data (Pod) does not match the expected kind (Deployment)' },
    ]);
  });
});
