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
const job = (spec: object, name = 'a'): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { template: { spec: { ...app, restartPolicy: 'Never' } }, ...spec },
});
const cronJob = (spec: object, ofJobs: object = {}): object => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'a' },
  spec: { schedule: '@daily', jobTemplate: { spec: { template: { spec: { ...app, restartPolicy: 'Never' } }, ...ofJobs } }, ...spec },
});
const controller = (spec: object): object => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name: 'web' },
  spec: { template: { metadata: { labels: { app: 'web' } }, spec: app }, ...spec },
});

/** Problems as `category path: message`, which is how the rows below write them. */
const problemsOf = (input: unknown): readonly string[] => validateObject(input).errors.map(({ category, path, message }) => `${category} ${path}: ${message}`);

describe('accepted', () => {
  test.each([
    { name: 'a pod without an image', object: pod(app) },
    { name: 'a Service with one unnamed port', object: service({ ports: [{ port: 80 }] }) },
    { name: 'one port for two protocols', object: service({ ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53 }] }) },
    { name: 'a headless Service without ports', object: service({ clusterIP: 'None', selector: { app: 'web' } }) },
    { name: "a load balancer of the kubelet's port", object: service({ type: 'LoadBalancer', ports: [{ port: 10250 }] }) },
    { name: 'an ExternalName', object: service({ type: 'ExternalName', externalName: 'db.example.com.' }) },
    {
      name: 'an ExternalName with a node port, which means nothing',
      object: service({ type: 'ExternalName', externalName: 'a.b', ports: [{ port: 80, nodePort: 30080 }] }),
    },
    {
      name: 'empty texts where a default is filled in',
      object: service({ type: '', sessionAffinity: '', externalTrafficPolicy: '', ports: [{ port: 80, protocol: '' }] }),
    },
    {
      name: 'empty texts of a pod, where a default is filled in',
      object: pod({ restartPolicy: '', dnsPolicy: '', tolerations: [{ operator: '', key: 'a' }], containers: [{ name: 'a', imagePullPolicy: '', ports: [{ containerPort: 80, protocol: '' }] }] }),
    },
    {
      name: 'a DaemonSet that waits for deletions, whatever it says of updates',
      object: { ...deployment({ updateStrategy: { type: 'OnDelete', rollingUpdate: { maxUnavailable: 0 } } }), kind: 'DaemonSet' },
    },
    {
      name: 'a Job as a dump has it',
      object: job({ selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } }, template: { metadata: { labels: { 'batch.kubernetes.io/controller-uid': 'u', 'job-name': 'a' } }, spec: { ...app, restartPolicy: 'Never' } } }),
    },
    { name: 'a CronJob in a time zone', object: cronJob({ schedule: '0 3 * * MON', timeZone: 'Europe/Berlin' }) },
    {
      name: 'endpoints with zeros before their numbers',
      object: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' }, subsets: [{ addresses: [{ ip: '010.0.0.1' }], ports: [{ port: 80 }] }] },
    },
    {
      name: 'a dual-stack dump',
      object: service({ clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9', 'fd00::9'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack', ports: [{ port: 80 }] }),
    },
    { name: 'a listen annotation', object: { ...pod(app), metadata: { name: 'a', annotations: { 'packetwalk.dev/listen': '127.0.0.1:9000/tcp, 0.0.0.0:8080/udp' } } } },
    { name: 'a cost of deletion', object: pod(app, { metadata: { name: 'a', annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-100' } } }) },
    {
      name: 'a spread over the pods of one template, as it is stored',
      object: pod({ ...app, topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['hash'], labelSelector: { matchExpressions: [{ key: 'hash', operator: 'In', values: ['1'] }] } }] }),
    },
    {
      name: 'affinity to the pods of one template, as it is stored',
      object: pod({ ...app, affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', matchLabelKeys: ['hash'], mismatchLabelKeys: ['app'], labelSelector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'hash', operator: 'In', values: ['1'] }] } }] } } }, { metadata: { name: 'a', labels: { hash: '1', app: 'a' } } }),
    },
    { name: 'a node that is cut', object: node({ 'packetwalk.dev/link': 'down' }) },
    { name: 'a Deployment', object: deployment({}) },
    {
      name: 'a StatefulSet whose pods mount what is claimed for them',
      object: {
        ...deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } }, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] }),
        kind: 'StatefulSet',
      },
    },
    { name: 'a slice without endpoints', object: slice({ endpoints: null, ports: null }) },
    { name: 'a cluster-wide object that names a namespace', object: node({}, { metadata: { name: 'a', namespace: 'b' } }) },
    { name: 'a kind that has grown up', object: { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicy', metadata: { name: 'a' }, spec: {} } },
    {
      name: 'a kind that is not modelled',
      object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'system:node', creationTimestamp: null }, rules: [] },
    },
    { name: 'a kind of a version that is not served any more', object: { apiVersion: 'policy/v1beta1', kind: 'PodSecurityPolicy', metadata: { name: 'a' } } },
    { name: 'a beta kind', object: { apiVersion: 'autoscaling/v2beta2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'a' } } },
    { name: 'a kind of another group, whatever it is called', object: { apiVersion: 'example.com/v1', kind: 'Servce', metadata: { name: 'a' } } },
    {
      name: 'two containers that want one port',
      object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 80 }] }, { name: 'b', ports: [{ containerPort: 80 }] }] }),
    },
  ])('$name', ({ object }) => {
    expect(problemsOf(object)).toEqual([]);
  });

  test.each([
    { name: 'a pod on the host network', object: pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] }) },
    {
      name: 'a load balancer',
      object: service({ type: 'LoadBalancer', ports: [{ port: 80 }], sessionAffinity: 'ClientIP' }, { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
    },
    { name: 'an ExternalName', object: service({ type: 'ExternalName', externalName: 'a.b' }) },
    {
      name: 'a pod with numbers of 64 bits, and times',
      object: pod({ ...app, terminationGracePeriodSeconds: 5_000_000_000 }, { metadata: { name: 'a', generation: 5_000_000_000, creationTimestamp: '2026-01-31T12:00:00.25+01:00' } }),
    },
    { name: 'a headless Service', object: service({ clusterIP: 'None', ports: [{ port: 80 }] }) },
    { name: 'a Deployment', object: deployment({}) },
    { name: 'a slice', object: slice({ ports: [{ port: 80 }], endpoints: [{ addresses: ['10.0.0.1'] }] }) },
    { name: 'a node', object: node({}) },
  ])('$name is valid, also with its defaults', ({ object }) => {
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
    {
      name: 'a generated name', object: { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'a-' }, spec: app },
      problems: ['shape metadata.name: Required value: generateName is for an object that is created by itself, not for manifests'],
    },
    {
      name: 'a protocol that is a number', object: slice({ ports: [{ port: 80, appProtocol: 5 }] }),
      problems: ['shape ports[0].appProtocol: expected a string, got a number (5)'],
    },
    {
      name: 'a ReplicaSet without a template',
      object: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } } } },
      problems: ['shape spec.template: Required value'],
    },
    { name: 'a port as text', object: service({ ports: [{ port: '80' }] }), problems: ['shape spec.ports[0].port: expected a number, got a string ("80")'] },
    { name: 'ports as an object', object: service({ ports: { port: 80 } }), problems: ['shape spec.ports: expected a list, got an object'] },
    {
      name: 'a label that is a number', object: pod(app, { metadata: { name: 'a', labels: { tier: 1 } } }),
      problems: ['shape metadata.labels.tier: expected a string, got a number (1)'],
    },
    {
      name: 'more replicas than 32 bits hold', object: deployment({ replicas: 3_000_000_000 }),
      problems: ['value spec.replicas: Invalid value: 3000000000: must be less than or equal to 2147483647'],
    },
    {
      name: 'a time of one’s own', object: pod(app, { metadata: { name: 'a', creationTimestamp: 'yesterday' } }),
      problems: ['value metadata.creationTimestamp: Invalid value: "yesterday": must be a time in RFC 3339, e.g. 2026-01-31T12:00:00Z'],
    },
    {
      name: 'a time that there is not', object: pod(app, { metadata: { name: 'a', deletionTimestamp: '2026-13-01T00:00:00Z' } }),
      problems: [expect.stringContaining('value metadata.deletionTimestamp: Invalid value')],
    },
    {
      name: 'a target port that is neither', object: service({ ports: [{ port: 80, targetPort: true }] }),
      problems: ['shape spec.ports[0].targetPort: expected an integer or a string, got a boolean (true)'],
    },
  ])('$name', ({ object, problems }) => {
    expect(problemsOf(object)).toEqual(problems);
  });

  test('are reported together with the problems of the other values', () => {
    expect(
      problemsOf(
        service({ type: 'NodePort', ports: [{ name: 'A', port: 'x', nodePort: 0 }, { port: 70000 }], externalIPs: ['1.2.3'], sessionAffinity: 'Sometimes' }),
      ),
    ).toEqual([
      'shape spec.ports[0].port: expected a number, got a string ("x")',
      'value spec.ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'value spec.sessionAffinity: Unsupported value: "Sometimes": supported values: "ClientIP", "None"',
      expect.stringContaining('value spec.ports[0].name: Invalid value: "A": a lowercase RFC 1123 label'),
      'value spec.ports[1].name: Required value',
      'value spec.externalIPs[0]: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]);
  });

  test('in one element of a list do not hide the problems of other fields', () => {
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
    {
      name: 'a port out of range', object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 0 }] }] }),
      problem: 'spec.containers[0].ports[0].containerPort: Invalid value: 0: must be between 1 and 65535, inclusive',
    },
    {
      name: 'a port name that is too long', object: pod({ containers: [{ name: 'a', ports: [{ name: 'a-very-long-name', containerPort: 1 }] }] }),
      problem: 'spec.containers[0].ports[0].name: Invalid value: "a-very-long-name": must be no more than 15 characters',
    },
    {
      name: 'one port name twice',
      object: pod({ containers: [{ name: 'a', ports: [{ name: 'x', containerPort: 1 }, { name: 'x', containerPort: 2 }] }] }),
      problem: 'spec.containers[0].ports[1].name: Duplicate value: "x"',
    },
    {
      name: 'another host port on the host network',
      object: pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 81 }] }] }),
      problem: 'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
    },
    {
      name: 'one port twice on the host network',
      object: pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }, { name: 'b', ports: [{ containerPort: 80 }] }] }),
      problem: 'spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"',
    },
    {
      name: 'one host port twice',
      object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 1, hostPort: 80 }, { containerPort: 2, hostPort: 80 }] }] }),
      problem: 'spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"',
    },
    {
      name: 'an address that is none', object: pod(app, { status: { podIP: '10.0.0' } }),
      problem: 'status.podIP: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    },
    {
      name: 'IPv6 alone', object: pod(app, { status: { podIP: 'fd00::1' } }),
      problem: 'status.podIP: Invalid value: "fd00::1": IPv6 is not modelled: use an IPv4 address',
    },
    {
      name: 'an unknown protocol', object: pod({ containers: [{ name: 'a', ports: [{ containerPort: 1, protocol: 'tcp' }] }] }),
      problem: 'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    },
    { name: 'no nameserver', object: pod({ ...app, dnsPolicy: 'None' }), problem: 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None' },
    {
      name: 'a resolver without a nameserver', object: pod({ ...app, dnsPolicy: 'None', dnsConfig: { searches: ['a.b'] } }),
      problem: 'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
    },
    {
      name: 'four nameservers', object: pod({ ...app, dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }),
      problem: 'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: must not have more than 3 nameservers',
    },
    {
      name: 'a search domain that is none', object: pod({ ...app, dnsConfig: { searches: ['ok.example.', '.', '_ok.example', 'not ok'] } }),
      problem: expect.stringContaining('spec.dnsConfig.searches[3]: Invalid value: "not ok": a lowercase RFC 1123 subdomain'),
    },
    {
      name: 'too long a list of search domains',
      object: pod({ ...app, dnsConfig: { searches: Array(32).fill(`${'a'.repeat(60)}.${'b'.repeat(10)}`) } }),
      problem: expect.stringContaining('must not have more than 2048 characters (including spaces) in the search list'),
    },
    {
      name: 'an option without a name', object: pod({ ...app, dnsConfig: { options: [{ value: '1' }] } }),
      problem: 'spec.dnsConfig.options[0]: Required value: must not be empty',
    },
    {
      name: 'a policy for names that is none', object: pod({ ...app, dnsPolicy: 'Host' }),
      problem: 'spec.dnsPolicy: Unsupported value: "Host": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    },
    {
      name: 'a restart policy that is none', object: pod({ ...app, restartPolicy: 'always' }),
      problem: 'spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"',
    },
    {
      name: 'a container that is restarted by itself', object: pod({ containers: [{ name: 'a', restartPolicy: 'Always' }] }),
      problem: 'spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers',
    },
    {
      name: 'an init container that is restarted sometimes', object: pod({ ...app, initContainers: [{ name: 'a', restartPolicy: 'OnFailure' }] }),
      problem: 'spec.initContainers[0].restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
    },
    {
      name: 'an init container of the name of another', object: pod({ ...app, initContainers: [{ name: 'app' }] }),
      problem: 'spec.initContainers[0].name: Duplicate value: "app"',
    },
    {
      name: 'an image with a blank', object: pod({ containers: [{ name: 'a', image: 'nginx ' }] }),
      problem: 'spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing whitespace',
    },
    {
      name: 'a toleration for some seconds of what evicts nobody',
      object: pod({ ...app, tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] }),
      problem: 'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
    },
    {
      name: 'a toleration with a value too many', object: pod({ ...app, tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] }),
      problem: 'spec.tolerations[0].operator: Invalid value: {"key":"a","operator":"Exists","value":"x"}: value must be empty when `operator` is \'Exists\'',
    },
    {
      name: 'a host alias that is no name', object: pod({ ...app, hostAliases: [{ ip: '10.0.0.1', hostnames: ['a', 'B'] }] }),
      problem: expect.stringContaining('spec.hostAliases[0].hostnames[1]: Invalid value: "B": a lowercase RFC 1123 subdomain'),
    },
    {
      name: 'a readiness gate that is no condition', object: pod({ ...app, readinessGates: [{ conditionType: 'a b' }] }),
      problem: expect.stringContaining('spec.readinessGates[0].conditionType: Invalid value: "a b": name part'),
    },
    {
      name: 'two addresses of one family', object: pod(app, { status: { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] } }),
      problem: 'status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]: may specify no more than one IP for each IP family',
    },
    {
      name: 'an owner without a uid',
      object: pod(app, { metadata: { name: 'a', ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: '' }] } }),
      problem: 'metadata.ownerReferences[0].uid: Invalid value: "": must not be empty',
    },
    {
      name: 'a finalizer that is no name', object: pod(app, { metadata: { name: 'a', finalizers: ['a b'] } }),
      problem: expect.stringContaining('metadata.finalizers[0]: Invalid value: "a b": name part'),
    },
    {
      name: 'a listen annotation that is none', object: pod(app, { metadata: { name: 'a', annotations: { 'packetwalk.dev/listen': '8080' } } }),
      problem: expect.stringContaining('metadata.annotations[packetwalk.dev/listen]: Invalid value: "8080": "8080" must be address:port/protocol'),
    },
    ...['text', '008', '+10', '2147483648'].map((cost) => ({ name: `a cost of deletion that is none: ${cost}`, object: pod(app, { metadata: { name: 'a', annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } } }), problem: `metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "${cost}": must be a 32bit integer` })),
    {
      name: 'a mirror of no node', object: pod(app, { metadata: { name: 'a', annotations: { 'kubernetes.io/config.mirror': 'x' } } }),
      problem: 'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
    },
    ...([
      ['matchLabels', { matchLabels: { hash: '1' } }, { hash: '1' }],
      ['another requirement', { matchExpressions: [{ key: 'hash', operator: 'Exists' }] }, { hash: '1' }],
      ['two requirements, of a pod without it', { matchLabels: { hash: '1' }, matchExpressions: [{ key: 'hash', operator: 'Exists' }] }, {}],
    ] as const).map(([how, labelSelector, labels]) => ({
      name: `affinity by a label that is selected too: by ${how}`,
      object: pod({ ...app, affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector, matchLabelKeys: ['a', 'hash'] }] } } }, { metadata: { name: 'a', labels } }),
      problem: 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][1]: Invalid value: "hash": exists in both matchLabelKeys and labelSelector',
    })),
    {
      name: 'a spread by a label that is selected too',
      object: pod({ ...app, topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['hash'], labelSelector: { matchLabels: { hash: '1' } } }] }),
      problem: expect.stringContaining('exists in both matchLabelKeys and labelSelector'),
    },
    {
      name: 'a name in capitals', object: pod(app, { metadata: { name: 'Web' } }),
      problem: expect.stringContaining('metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain'),
    },
    {
      name: 'a label key with two slashes', object: pod(app, { metadata: { name: 'a', labels: { 'a/b/c': 'x' } } }),
      problem: expect.stringContaining('metadata.labels: Invalid value: "a/b/c": name part'),
    },
    {
      name: 'a label value with a blank', object: pod(app, { metadata: { name: 'a', labels: { a: 'x y' } } }),
      problem: expect.stringContaining('metadata.labels: Invalid value: "x y": a valid label'),
    },
  ])('$name', ({ object, problem }) => {
    expect(validateObject(object).errors.map(({ category, path, message }) => [category, `${path}: ${message}`])).toEqual([['value', problem]]);
  });
});

describe('values that a container refuses', () => {
  const probe = { httpGet: { path: '/', port: 80 } };
  const volumes = [{ name: 'data', emptyDir: {} }];
  const mount = { name: 'data', mountPath: '/data' };
  test.each([
    { name: 'a probe without a handler', container: { livenessProbe: { periodSeconds: 5 } }, problems: ['livenessProbe: Required value: must specify a handler type'] },
    {
      name: 'two handlers', container: { readinessProbe: { ...probe, exec: { command: ['true'] }, tcpSocket: { port: 80 } } },
      problems: [
        'readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type',
        'readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
      ],
    },
    { name: 'a command of nothing', container: { livenessProbe: { exec: {} } }, problems: ['livenessProbe.exec.command: Required value'] },
    {
      name: 'a probe of a port out of range', container: { livenessProbe: { tcpSocket: { port: 70000 } }, startupProbe: { grpc: { port: 0 } } },
      problems: [
        'livenessProbe.tcpSocket.port: Invalid value: 70000: must be between 1 and 65535, inclusive',
        'startupProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive',
      ],
    },
    {
      name: 'a port number as text', container: { readinessProbe: { httpGet: { port: '8080' } } },
      problems: ['readinessProbe.httpGet.port: Invalid value: "8080": must contain at least one letter (a-z)'],
    },
    {
      name: 'a scheme in small letters', container: { readinessProbe: { httpGet: { port: 80, scheme: 'https' } } },
      problems: ['readinessProbe.httpGet.scheme: Unsupported value: "https": supported values: "HTTP", "HTTPS"'],
    },
    {
      name: 'a header that is none', container: { readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'X_Y', value: '' }] } } },
      problems: [expect.stringContaining('readinessProbe.httpGet.httpHeaders: Invalid value: "X_Y": a valid HTTP header')],
    },
    {
      name: 'negative times',
      container: { livenessProbe: { ...probe, periodSeconds: -1, initialDelaySeconds: -2, terminationGracePeriodSeconds: 0 } },
      problems: [
        'livenessProbe.initialDelaySeconds: Invalid value: -2: must be greater than or equal to 0',
        'livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
        'livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0',
      ],
    },
    {
      name: 'alive after two answers', container: { livenessProbe: { ...probe, successThreshold: 2 } },
      problems: ['livenessProbe.successThreshold: Invalid value: 2: must be 1'],
    },
    {
      name: 'readiness that ends a pod', container: { readinessProbe: { ...probe, terminationGracePeriodSeconds: 5 } },
      problems: ['readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes'],
    },
    {
      name: 'a hook that sleeps longer than the pod may end', container: { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
      problems: ['lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)'],
    },
    { name: 'a hook that does nothing', container: { lifecycle: { postStart: {} } }, problems: ['lifecycle.postStart: Required value: must specify a handler type'] },

    { name: 'a variable without a name', container: { env: [{ name: '' }] }, problems: ['env[0].name: Required value'] },
    {
      name: 'a variable with an equals sign', container: { env: [{ name: 'A=B', value: '1' }] },
      problems: ["env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='"],
    },
    { name: 'a number as a variable', container: { env: [{ name: 'A', value: 1 }] }, problems: ['env[0].value: expected a string, got a number (1)'] },
    {
      name: 'a variable from nowhere', container: { env: [{ name: 'A', valueFrom: {} }] },
      problems: ['env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'],
    },
    {
      name: 'a variable from two places',
      container: { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b' }, configMapKeyRef: { name: 'a', key: 'b' } } }] },
      problems: ['env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time'],
    },
    {
      name: 'a variable that has a value, too', container: { env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }] },
      problems: ['env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
    },
    {
      name: 'a field that no variable can be',
      container: { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'spec.image' } } }] },
      problems: [
        expect.stringContaining('env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name"'),
        'env[1].valueFrom.fieldRef.fieldPath: Invalid value: "spec.image": error converting fieldPath: field label not supported: spec.image',
      ],
    },
    {
      name: 'a resource that is none',
      container: { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.disk' } } }, { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1Mi' } } }] },
      problems: [
        expect.stringContaining('env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.disk"'),
        "env[1].valueFrom.resourceFieldRef.divisor: Invalid value: \"limits.cpu\": only divisor's values 1m and 1 are supported with the cpu resource",
      ],
    },
    {
      name: 'a key that no ConfigMap has', container: { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'A', key: 'a b' } } }] },
      problems: [
        expect.stringContaining('env[0].valueFrom.configMapKeyRef.name: Invalid value: "A": a lowercase RFC 1123 subdomain'),
        expect.stringContaining('env[0].valueFrom.configMapKeyRef.key: Invalid value: "a b": a valid config key'),
      ],
    },
    {
      name: 'variables from nowhere, and from two places', container: { envFrom: [{ prefix: 'A_' }, { configMapRef: { name: 'a' }, secretRef: {} }] },
      problems: [
        'envFrom[0]: Invalid value: "": must specify one of: `configMapRef` or `secretRef`', 'envFrom[1].secretRef.name: Required value',
        'envFrom[1]: Invalid value: "": may not have more than one field specified at a time',
      ],
    },

    { name: 'a mount of no volume', container: { volumeMounts: [{ name: 'dat', mountPath: '/data' }] }, problems: ['volumeMounts[0].name: Not found: "dat"'] },
    {
      name: 'two mounts at one place', container: { volumeMounts: [mount, { ...mount, subPath: 'a' }] },
      problems: ['volumeMounts[1].mountPath: Invalid value: "/data": must be unique'],
    },
    {
      name: 'a mount of what is outside', container: { volumeMounts: [{ ...mount, subPath: '../a' }, { ...mount, mountPath: '/b', subPath: '/a' }] },
      problems: ['volumeMounts[0].subPath: Invalid value: "../a": must not contain \'..\'', 'volumeMounts[1].subPath: Invalid value: "/a": must be a relative path'],
    },
    {
      name: 'a mount that the node sees', container: { volumeMounts: [{ ...mount, mountPropagation: 'Bidirectional' }] },
      problems: ['volumeMounts[0].mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers'],
    },
    {
      name: 'a device that is files', container: { volumeDevices: [{ name: 'data', devicePath: '/dev/x' }] },
      problems: ['volumeDevices[0].name: Invalid value: "data": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'],
    },

    {
      name: 'more asked for than it may have',
      container: { resources: { requests: { memory: '1Gi', cpu: '0.3' }, limits: { memory: '512Mi', cpu: '300m' } } },
      problems: ['resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 512Mi'],
    },
    {
      name: 'an amount that is none', container: { resources: { limits: { cpu: '2 cores', memory: -1 } } },
      problems: [
        expect.stringContaining('resources.limits[cpu]: Invalid value: "2 cores": quantities must match the regular expression'),
        'resources.limits[memory]: Invalid value: -1: must be greater than or equal to 0',
      ],
    },
    {
      name: 'a resource that no container has', container: { resources: { limits: { gpu: 1, storage: '1Gi' } } },
      problems: [
        'resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
        'resources.limits[storage]: Invalid value: "storage": must be a standard resource for containers',
      ],
    },
    {
      name: 'half a device, and one without a limit',
      container: { resources: { requests: { 'nvidia.com/gpu': 1 }, limits: { 'example.com/x': '500m' } } },
      problems: [
        'resources.limits[example.com/x]: Invalid value: "500m": must be an integer',
        'resources.limits: Required value: Limit must be set for non overcommitable resources',
      ],
    },
    { name: 'huge pages alone', container: { resources: { limits: { 'hugepages-2Mi': '4Mi' } } }, problems: ['resources: Forbidden: HugePages require cpu or memory'] },

    {
      name: 'policies that are none', container: { imagePullPolicy: 'Sometimes', terminationMessagePolicy: 'Log' },
      problems: [
        'imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
        'terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"',
      ],
    },
    {
      name: 'a user that is none', container: { securityContext: { runAsUser: -1, seccompProfile: { type: 'Localhost' } } },
      problems: [
        'securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
        'securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      ],
    },
    {
      name: 'all rights, and no more than those', container: { securityContext: { privileged: true, allowPrivilegeEscalation: false } },
      problems: [expect.stringContaining('cannot set `allowPrivilegeEscalation` to false and `privileged` to true')],
    },
  ] as readonly { readonly name: string; readonly container: object; readonly problems: readonly unknown[] }[])('$name', ({ container, problems }) => {
    const found = validateObject(pod({ containers: [{ name: 'app', ...container }], volumes })).errors;
    expect(found.map(({ path, message }) => `${path}: ${message}`.replace('spec.containers[0].', ''))).toEqual(problems);
  });

  test.each([
    {
      name: 'an init container with a probe', spec: { initContainers: [{ name: 'a', readinessProbe: probe }] },
      problems: ['initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always'],
    },
    {
      name: 'an ephemeral container with ports, beside nobody',
      spec: { ephemeralContainers: [{ name: 'debug', ports: [{ containerPort: 80 }], resources: {}, targetContainerName: 'web' }] },
      problems: ['ephemeralContainers[0].targetContainerName: Not found: "web"', 'ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container'],
    },
    {
      name: 'a volume of two kinds, beside one of none', spec: { volumes: [{ name: 'a' }, { name: 'b', emptyDir: {}, configMap: { name: 'c' } }] },
      problems: ['volumes[1].configMap: Forbidden: may not specify more than 1 volume type'],
    },
    { name: 'one volume twice', spec: { volumes: [{ name: 'a', emptyDir: {} }, { name: 'a', emptyDir: {} }] }, problems: ['volumes[1].name: Duplicate value: "a"'] },
    {
      name: 'volumes without what they are of',
      spec: { volumes: [{ name: 'a', secret: {} }, { name: 'b', configMap: { name: '', items: [{ key: '', path: '../x', mode: 512 }] } }, { name: 'c', hostPath: { path: '/a/../b', type: 'Dir' } }] },
      problems: [
        'volumes[2].hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
        'volumes[0].secret.secretName: Required value', 'volumes[1].configMap.name: Required value',
        'volumes[1].configMap.items[0].key: Required value', 'volumes[1].configMap.items[0].path: Invalid value: "../x": must not contain \'..\'',
        'volumes[1].configMap.items[0].mode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
        'volumes[2].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
      ],
    },
    {
      name: 'a projection of two things, one file twice',
      spec: { volumes: [{ name: 'a', projected: { sources: [{ secret: { name: 's', items: [{ key: 'k', path: 'p' }] }, configMap: { name: 'c', items: [{ key: 'k', path: 'p' }] } }, { serviceAccountToken: { path: 'token', expirationSeconds: 5 } }] } }] },
      problems: [
        'volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source',
        'volumes[0].projected: Invalid value: "p": conflicting duplicate paths',
        'volumes[0].projected.sources[1].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
      ],
    },
    {
      name: 'files of the pod from nowhere',
      spec: { volumes: [{ name: 'a', downwardAPI: { items: [{ path: 'x' }, { path: 'y', fieldRef: { fieldPath: 'status.podIP' } }] } }] },
      problems: [
        'volumes[0].downwardAPI.items[0]: Required value: one of fieldRef and resourceFieldRef is required',
        expect.stringContaining('volumes[0].downwardAPI.items[1].fieldRef.fieldPath: Unsupported value: "status.podIP"'),
      ],
    },
    {
      name: 'affinity that selects nothing',
      spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } }, podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, podAffinityTerm: { topologyKey: '' } }] } } },
      problems: [
        'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
        'affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
        'affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Required value: can not be empty',
      ],
    },
    {
      name: 'affinity of another shape', spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: 'zone' } } },
      problems: ['affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution: expected a list, got a string ("zone")'],
    },
    {
      name: 'spread by nothing',
      spec: { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', minDomains: 1 }] },
      problems: [
        'topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than 0',
        'topologySpreadConstraints[0].minDomains: Invalid value: 1: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      ],
    },
    {
      name: 'a node before its time', spec: { nodeName: 'node-1', schedulingGates: [{ name: 'a' }] },
      problems: ['nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    },
    {
      name: 'no time at all', spec: { activeDeadlineSeconds: 0, schedulingGates: [{ name: 'a' }, { name: 'a' }] },
      problems: ['schedulingGates[1]: Duplicate value: "a"', 'activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    },
  ] as readonly { readonly name: string; readonly spec: object; readonly problems: readonly unknown[] }[])('$name', ({ spec, problems }) => {
    const found = validateObject(pod({ ...app, ...spec })).errors;
    expect(found.map(({ path, message }) => `${path}: ${message}`.replace('spec.', ''))).toEqual(problems);
  });

  test('a container with all fields is accepted', () => {
    const complete = pod({
      containers: [{
        name: 'app', image: 'nginx', command: ['a'], args: ['b'], workingDir: '/', env: [
          { name: 'A.b-c', value: '' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } } },
          { name: 'C', valueFrom: { resourceFieldRef: { resource: 'requests.memory', divisor: '1Mi' } } }, { name: 'D', valueFrom: { secretKeyRef: { name: 'a', key: 'b', optional: true } } },
        ],
        envFrom: [{ prefix: 'X_', configMapRef: { name: 'c' } }], volumeMounts: [mount, { name: 'token', mountPath: '/var/run/secrets', readOnly: true, recursiveReadOnly: 'IfPossible' }],
        livenessProbe: { ...probe, successThreshold: 0 }, readinessProbe: { tcpSocket: { port: 'http' } }, startupProbe: { grpc: { port: 9000, service: 'x' } },
        lifecycle: { preStop: { sleep: { seconds: 0 } }, postStart: { exec: { command: ['x'] } } },
        resources: { requests: { cpu: 0.5, memory: '1Gi' }, limits: { cpu: 1, memory: '1024Mi', 'nvidia.com/gpu': 1 } }, securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
      }],
      volumes: [
        ...volumes,
        {
          name: 'token',
          projected: {
            defaultMode: 420,
            sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }, { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } }, { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } }],
          },
        },
      ],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }], matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }] } } },
    });
    expect(validateObject(complete)).toMatchObject({ errors: [], unknownFields: [], object: complete });
  });
});

describe('values that a Service refuses', () => {
  const port = { port: 80 };
  test.each([
    { name: 'no ports', spec: {}, problem: 'spec.ports: Required value' },
    {
      name: 'a node port on a ClusterIP', spec: { ports: [{ port: 80, nodePort: 30080 }] },
      problem: "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    },
    { name: 'one name twice', spec: { ports: [{ name: 'a', port: 80 }, { name: 'a', port: 81 }] }, problem: 'spec.ports[1].name: Duplicate value: "a"' },
    {
      name: 'one port twice', spec: { ports: [{ name: 'a', port: 80 }, { name: 'b', port: 80 }] },
      problem: 'spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}',
    },
    {
      name: 'one node port twice',
      spec: { type: 'NodePort', ports: [{ name: 'a', port: 80, nodePort: 30080 }, { name: 'b', port: 81, nodePort: 30080 }] },
      problem: 'spec.ports[1].nodePort: Duplicate value: 30080',
    },
    {
      name: 'a headless load balancer', spec: { type: 'LoadBalancer', clusterIP: 'None', ports: [port] },
      problem: 'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for LoadBalancer services',
    },
    {
      name: 'a type that is none', spec: { type: 'Internal', ports: [port] },
      problem: 'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    },
    {
      name: 'a policy for outside traffic without any', spec: { externalTrafficPolicy: 'Local', ports: [port] },
      problem: 'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    },
    {
      name: 'affinity for more than a day',
      spec: { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } }, ports: [port] },
      problem: 'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400',
    },
    {
      name: 'source ranges without a load balancer', spec: { loadBalancerSourceRanges: ['10.0.0.0/8'], ports: [port] },
      problem: "spec.loadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
    },
    {
      name: 'a source range that is none', spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'], ports: [port] },
      problem: 'spec.loadBalancerSourceRanges[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    },
    {
      name: 'a loopback as external IP', spec: { externalIPs: ['127.0.0.1'], ports: [port] },
      problem: 'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    },
    { name: 'an ExternalName without one', spec: { type: 'ExternalName' }, problem: 'spec.externalName: Required value' },
    {
      name: 'a health check without a local policy', spec: { type: 'LoadBalancer', healthCheckNodePort: 32000, ports: [port] },
      problem: "spec.healthCheckNodePort: Invalid value: 32000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    },
    {
      name: 'two first addresses', spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.2'], ports: [port] },
      problem: 'spec.clusterIPs: Invalid value: ["10.96.0.2"]: first value must match `clusterIP`',
    },
    {
      name: 'None beside an address', spec: { clusterIP: 'None', clusterIPs: ['None', '10.96.0.2'], ports: [port] },
      problem: 'spec.clusterIPs: Invalid value: ["None","10.96.0.2"]: \'None\' must be the first and only value',
    },
    {
      name: 'two addresses of one family', spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', '10.96.0.2'], ports: [port] },
      problem: 'spec.clusterIPs: Invalid value: ["10.96.0.1","10.96.0.2"]: may specify no more than one IP for each IP family',
    },
    {
      name: 'an address of another family than it says',
      spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1'], ipFamilies: ['IPv4', 'IPv4'], ports: [port] },
      problem: 'spec.ipFamilies[1]: Duplicate value: "IPv4"',
      more: ['spec.clusterIPs[1]: Invalid value: "fd00::1": expected an IPv4 value as indicated by `ipFamilies[1]`'],
    },
    {
      name: 'an ExternalName with an address',
      spec: { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.1', ipFamilyPolicy: 'SingleStack' },
      problem: 'spec.clusterIP: Forbidden: may not be set for ExternalName services',
      more: ['spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services'],
    },
    {
      name: 'an application protocol that is none', spec: { ports: [{ port: 80, appProtocol: 'a b' }] },
      problem: expect.stringContaining('spec.ports[0].appProtocol: Invalid value: "a b": name part'),
    },
    {
      name: 'a class without a load balancer', spec: { loadBalancerClass: 'a.b/c', ports: [port] },
      problem: "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
    },
    {
      name: 'a distribution that is none', spec: { trafficDistribution: 'Near', ports: [port] },
      problem: 'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"',
    },
    { name: 'IPv6 first', spec: { ipFamilies: ['IPv6'], ports: [port] }, problem: 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster' },
    {
      name: 'IPv6 for pods that it selects', spec: { clusterIP: 'None', selector: { app: 'a' }, ipFamilies: ['IPv6'] },
      problem: 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    },
    {
      name: 'a target port that is no name', spec: { ports: [{ port: 80, targetPort: 'web_1' }] },
      problem: 'spec.ports[0].targetPort: Invalid value: "web_1": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    },
  ] as readonly { readonly name: string; readonly spec: object; readonly problem: unknown; readonly more?: readonly string[] }[])('$name', ({ spec, problem, more = [] }) => {
    const found = validateObject(service(spec)).errors;
    expect(found.every(({ category }) => category === 'value')).toBe(true);
    expect(found.map(({ path, message }) => `${path}: ${message}`)).toEqual([problem, ...more]);
  });
});

describe('values that other kinds refuse', () => {
  test.each([
    {
      name: 'a link that is neither up nor down', object: node({ 'packetwalk.dev/link': 'cut' }),
      problem: 'metadata.annotations[packetwalk.dev/link]: Unsupported value: "cut": supported values: "down", "up"',
    },
    {
      name: 'wiring that cannot be read', object: node({ 'packetwalk.dev/routes': 'default via x' }),
      problem: 'metadata.annotations[packetwalk.dev/routes]: Invalid value: "default via x": must be a JSON list of {"to": CIDR, "via": address, "src"?: address}',
    },
    {
      name: 'a podCIDR that is none', object: node({}, { spec: { podCIDR: '10.244.0.0' } }),
      problem: 'spec.podCIDR: Invalid value: "10.244.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    },
    {
      name: 'a selector that misses its own template', object: deployment({ selector: { matchLabels: { app: 'db' } } }),
      problem: 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    },
    { name: 'an empty selector', object: deployment({ selector: {} }), problem: 'spec.selector: Invalid value: {}: empty selector is invalid for deployment' },
    { name: 'fewer than no replicas', object: deployment({ replicas: -1 }), problem: 'spec.replicas: Invalid value: -1: must be greater than or equal to 0' },
    {
      name: 'pods that end', object: deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { ...app, restartPolicy: 'Never' } } }),
      problem: 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    },
    {
      name: 'a topology label that is none', object: slice({ endpoints: [{ addresses: ['10.1.2.3'], deprecatedTopology: { zone: '--' } }] }),
      problem: expect.stringContaining('endpoints[0].deprecatedTopology: Invalid value: "--": a valid label must be'),
    },
    {
      name: 'more topology labels than 16, the zone aside',
      object: slice({ endpoints: [{ addresses: ['10.1.2.3'], deprecatedTopology: { 'topology.kubernetes.io/zone': 'a', ...Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) } }] }),
      problem: 'endpoints[0].deprecatedTopology: Too many: 17: must have at most 16 items',
    },
    {
      name: 'an endpoint without an address', object: slice({ endpoints: [{ addresses: [] }] }),
      problem: 'endpoints[0].addresses: Required value: must contain at least 1 address',
    },
    {
      name: 'a loopback endpoint', object: slice({ endpoints: [{ addresses: ['127.0.0.1'] }] }),
      problem: 'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    },
    {
      name: 'source ranges in the form of old, without a load balancer',
      object: service({ ports: [{ port: 80 }] }, { metadata: { name: 'a', annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8' } } }),
      problem: "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Forbidden: may only be used when `type` is 'LoadBalancer'",
    },
    {
      name: 'a load balancer named by its address',
      object: service({ type: 'LoadBalancer', ports: [{ port: 80 }] }, { status: { loadBalancer: { ingress: [{ hostname: '192.0.2.1' }] } } }),
      problem: 'status.loadBalancer.ingress[0].hostname: Invalid value: "192.0.2.1": must be a DNS name, not an IP address',
    },
    {
      name: 'Endpoints without addresses',
      object: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' }, subsets: [{ ports: [{ port: 80 }] }] },
      problem: 'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`',
    },
    {
      name: 'Endpoints on loopback',
      object: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' }, subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
      problem: 'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    },
    {
      name: 'Endpoints with two ports and one name',
      object: {
        apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'a' },
        subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'a', port: 80 }, { port: 81 }] }],
      },
      problem: 'subsets[0].ports[1].name: Required value',
    },
    {
      name: 'an unspecified endpoint', object: slice({ endpoints: [{ addresses: ['0.0.0.0'] }] }),
      problem: 'endpoints[0].addresses[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
    },
    {
      name: 'two podCIDRs of one family', object: node({}, { spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24', '10.244.1.0/24'] } }),
      problem: 'spec.podCIDRs: Invalid value: ["10.244.0.0/24","10.244.1.0/24"]: may specify no more than one CIDR for each IP family',
    },
    {
      name: 'a deadline shorter than what counts as ready', object: deployment({ minReadySeconds: 600 }),
      problem: 'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
    },
    {
      name: 'an empty selector of a DaemonSet', object: { ...deployment({ selector: {} }), kind: 'DaemonSet' },
      problem: 'spec.selector: Invalid value: {}: empty selector is invalid for daemonset',
    },
    {
      name: 'nine zones',
      object: slice({ endpoints: [{ addresses: ['10.0.0.1'], hints: { forZones: 'abcdefghi'.split('').map((name) => ({ name })) } }] }),
      problem: 'endpoints[0].hints.forZones: Too many: 9: must have at most 8 items',
    },
    {
      name: 'one zone twice', object: slice({ endpoints: [{ addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'a' }, { name: 'a' }] } }] }),
      problem: 'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
    },
    {
      name: 'a hint for no node', object: slice({ endpoints: [{ addresses: ['10.0.0.1'], hints: { forNodes: [{ name: '_' }] } }] }),
      problem: expect.stringContaining('endpoints[0].hints.forNodes[0].name: Invalid value: "_": a lowercase RFC 1123 subdomain'),
    },
    {
      name: 'a domain of one label', object: { ...slice({ endpoints: [{ addresses: ['a'] }] }), addressType: 'FQDN' },
      problem: 'endpoints[0].addresses[0]: Invalid value: "a": should be a domain with at least two segments separated by dots',
    },
    {
      name: 'a budget of both kinds',
      object: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'a' }, spec: { minAvailable: 1, maxUnavailable: '110%' } },
      problem: 'spec: Invalid value: {"minAvailable":1,"maxUnavailable":"110%"}: minAvailable and maxUnavailable cannot be both set',
      more: ['spec.maxUnavailable: Invalid value: "110%": must not be greater than 100%'],
    },
    {
      name: 'a share that is none', object: deployment({ strategy: { rollingUpdate: { maxUnavailable: 'half', maxSurge: -1 } } }),
      problem: 'spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0',
      more: [expect.stringContaining('spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "half": a valid percent string')],
    },
    {
      name: 'a DaemonSet that can not be updated',
      object: { ...deployment({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }), kind: 'DaemonSet' },
      problem: 'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
    },
    {
      name: 'a Deployment whose pods end by themselves',
      object: deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { ...app, activeDeadlineSeconds: 5 } } }),
      problem: 'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
    },
    {
      name: 'a DaemonSet that surges beside what is down',
      object: { ...deployment({ updateStrategy: { rollingUpdate: { maxSurge: 1 } } }), kind: 'DaemonSet' },
      problem: 'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
    },
    {
      name: 'a ReplicationController that does not select its pods', object: controller({ selector: { app: 'other' } }),
      problem: 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    },
    { name: 'a ReplicationController with nothing to select by', object: controller({ template: { spec: app } }), problem: 'spec.selector: Required value' },
    {
      name: 'a ReplicationController whose pods end',
      object: controller({ template: { metadata: { labels: { app: 'web' } }, spec: { ...app, restartPolicy: 'Never' } } }),
      problem: 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    },
    {
      name: 'a ConfigMap with a key that is none',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { 'a b': 'x', 'b': 'y' }, binaryData: { b: '' } },
      problem: "data[b]: Invalid value: \"b\": duplicate of key present in binaryData",
      more: [expect.stringContaining('data[a b]: Invalid value: "a b": a valid config key')],
    },
    {
      name: 'bytes that are none', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, binaryData: { b: '%' } },
      problem: 'binaryData[b]: Invalid value: "%": must be base64; data takes plain text',
    },
    {
      name: 'a node of no size', object: node({}, { status: { capacity: { cpu: '4', memory: '8 GB' }, allocatable: { cpu: -1 } } }),
      problem: expect.stringContaining('status.capacity[memory]: Invalid value: "8 GB": quantities must match'),
      more: ['status.allocatable[cpu]: Invalid value: -1: must be greater than or equal to 0'],
    },
    {
      name: 'a Secret without its keys',
      object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x' }, data: { k: '%' } },
      problem: 'data[k]: Invalid value: "<secret contents redacted>": must be base64; stringData takes plain text',
      more: ['data[tls.key]: Required value'],
    },
    {
      name: 'a StatefulSet whose name is not one of a host', object: { ...deployment({}), kind: 'StatefulSet', metadata: { name: 'web.db' } },
      problem: expect.stringContaining('metadata.name: Invalid value: "web.db": a lowercase RFC 1123 label'),
    },
    {
      name: 'a StatefulSet of which no pod may be missing',
      object: { ...deployment({ updateStrategy: { rollingUpdate: { maxUnavailable: '0%' } } }), kind: 'StatefulSet' },
      problem: 'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "0%": cannot be 0',
    },
    {
      name: 'a StatefulSet of which more than all may be missing',
      object: { ...deployment({ updateStrategy: { rollingUpdate: { maxUnavailable: '101%' } } }), kind: 'StatefulSet' },
      problem: 'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    },
    {
      name: 'claims that are kept in no known way',
      object: { ...deployment({ persistentVolumeClaimRetentionPolicy: { whenScaled: 'Never' } }), kind: 'StatefulSet' },
      problem: 'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Never": supported values: "Retain", "Delete"',
    },
    {
      name: 'a DaemonSet ready before its time', object: { ...deployment({ minReadySeconds: -1 }), kind: 'DaemonSet' },
      problem: 'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
    },
    {
      name: 'a Job that does not select its pods', object: job({ manualSelector: true, selector: { matchLabels: { app: 'a' } } }),
      problem: 'spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`',
    },
    {
      name: 'a Job with a selector of its own that it does not call so',
      object: job({ selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: { ...app, restartPolicy: 'Never' } } }),
      problem: 'spec.selector: Invalid value: {"matchLabels":{"app":"a"}}: `selector` not auto-generated',
    },
    {
      name: 'a Job whose pods are those of another',
      object: job({ template: { metadata: { labels: { 'job-name': 'b' } }, spec: { ...app, restartPolicy: 'Never' } } }),
      problem: "spec.template.metadata.labels[job-name]: Invalid value: {\"job-name\":\"b\"}: must be 'a'",
    },
    {
      name: 'limits of indexes that there are not', object: job({ backoffLimitPerIndex: 1 }),
      problem: 'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    },
    {
      name: 'indexes that are no hosts', object: job({ completionMode: 'Indexed', completions: 3 }, 'a.b'),
      problem: 'metadata.name: Invalid value: "a.b": will not able to create pod with invalid DNS label: a.b-2',
    },
    {
      name: 'a policy for failures of pods that are restarted',
      object: job({ podFailurePolicy: { rules: [] }, template: { spec: { ...app, restartPolicy: 'OnFailure' } } }),
      problem: 'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    },
    {
      name: 'a deadline before the start', object: cronJob({ startingDeadlineSeconds: -1 }),
      problem: 'spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0',
    },
    {
      name: 'a time zone that is nowhere', object: cronJob({ timeZone: 'Mars/Base' }),
      problem: 'spec.timeZone: Invalid value: "Mars/Base": unknown time zone Mars/Base',
    },
    {
      name: 'a time zone that is anywhere', object: cronJob({ timeZone: 'Local' }),
      problem: 'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    },
    {
      name: 'a selector for Jobs to come', object: cronJob({}, { selector: {} }),
      problem: 'spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated',
    },
    {
      name: 'an account with a name that is none', object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'My_Account' } },
      problem: expect.stringContaining('metadata.name: Invalid value: "My_Account": a lowercase RFC 1123 subdomain'),
    },
    {
      name: 'an endpoint on the loopback of IPv6', object: { ...slice({ endpoints: [{ addresses: ['::1'] }] }), addressType: 'IPv6' },
      problem: 'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    },
    {
      name: 'an endpoint that only a link knows', object: { ...slice({ endpoints: [{ addresses: ['febf::1'] }] }), addressType: 'IPv6' },
      problem: 'endpoints[0].addresses[0]: Invalid value: "febf::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    },
    {
      name: 'endpoints that are all of a link', object: { ...slice({ endpoints: [{ addresses: ['ff02::1'] }] }), addressType: 'IPv6' },
      problem: 'endpoints[0].addresses[0]: Invalid value: "ff02::1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    },
    {
      name: 'a schedule of four fields', object: cronJob({ schedule: '* * * *' }),
      problem: 'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]',
    },
    {
      name: 'an API version of old', object: { apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'a' } },
      problem: 'apiVersion: no matches for kind "Ingress" in version "extensions/v1beta1": use networking.k8s.io/v1',
    },
    {
      name: 'a kind in the version of another', object: { apiVersion: 'v1', kind: 'Deployment', metadata: { name: 'a' } },
      problem: 'apiVersion: no matches for kind "Deployment" in version "v1": use apps/v1',
    },
    {
      name: 'a kind in the version of another, which once had two', object: { apiVersion: 'v1', kind: 'Ingress', metadata: { name: 'a' } },
      problem: 'apiVersion: no matches for kind "Ingress" in version "v1": use networking.k8s.io/v1',
    },
    {
      name: 'a version that never was', object: { apiVersion: 'rbac.authorization.k8s.io/v2', kind: 'Role', metadata: { name: 'a' } },
      problem: 'apiVersion: no matches for kind "Role" in version "rbac.authorization.k8s.io/v2": use rbac.authorization.k8s.io/v1',
    },
    {
      name: 'a kind with a typing error', object: { apiVersion: 'v1', kind: 'Servce', metadata: { name: 'a' } },
      problem: 'kind: no matches for kind "Servce" in version "v1"; did you mean "Service"?',
    },
    {
      name: 'a kind in lower case', object: { apiVersion: 'v1', kind: 'pod', metadata: { name: 'a' } },
      problem: 'kind: no matches for kind "pod" in version "v1"; did you mean "Pod"?',
    },
    {
      name: 'a policy with a typing error', object: { apiVersion: 'networking.k8s.io/v1', kind: 'Networkpolicy', metadata: { name: 'a' } },
      problem: 'kind: no matches for kind "Networkpolicy" in version "networking.k8s.io/v1"; did you mean "NetworkPolicy"?',
    },
    {
      name: 'a file for kubectl', object: { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['web.yaml'] },
      problem: 'kind: no matches for kind "Kustomization" in version "kustomize.config.k8s.io/v1beta1": it is a file for kubectl; send what `kubectl kustomize` makes of it',
    },
    {
      name: 'a kind that nothing is near', object: { apiVersion: 'apps/v1', kind: 'Thing', metadata: { name: 'a' } },
      problem: 'kind: no matches for kind "Thing" in version "apps/v1"',
    },
    {
      name: 'an operator without values',
      object: {
        apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' },
        spec: { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
      },
      problem: "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    },
  ] as readonly { readonly name: string; readonly object: object; readonly problem: unknown; readonly more?: readonly unknown[] }[])('$name', ({ object, problem, more = [] }) => {
    const { errors } = validateObject(object);
    expect(errors.every(({ category }) => category === 'value')).toBe(true);
    expect(errors.map(({ path, message }) => `${path}: ${message}`)).toEqual([problem, ...more]);
  });
});

describe('fields that the API does not have', () => {
  test.each([
    { name: 'at the top', object: service({ ports: [{ port: 80 }] }, { sepc: {} }), messages: ['unknown field "sepc"; did you mean "spec"?'] },
    {
      name: 'in a list', object: service({ ports: [{ port: 80, targetport: 8080 }] }),
      messages: ['unknown field "spec.ports[0].targetport"; did you mean "targetPort"?'],
    },
    {
      name: 'in a template',
      object: deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', port: 80 }], xyzzy: 1 } } }),
      messages: ['unknown field "spec.template.spec.containers[0].port"; did you mean "ports"?', 'unknown field "spec.template.spec.xyzzy"'],
    },
    {
      name: 'a label outside of the labels of a selector',
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: { app: 'web' } } },
      messages: ['unknown field "spec.podSelector.app"; labels belong into its "matchLabels"'],
    },
    { name: 'not in a kind that is not modelled', object: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, anything: 1 }, messages: [] },
  ])('$name', ({ object, messages }) => {
    const { unknownFields, errors } = validateObject(object);
    expect(unknownFields.map(({ message }) => message)).toEqual(messages);
    expect(errors).toEqual([]);
  });

  test('are removed, as are null fields; the input is not modified', () => {
    const input = service({ ports: [{ port: 80, x: 1, name: null }], y: 2 }, { status: null });
    const before = structuredClone(input);
    expect(validateObject(input).object).toEqual(service({ ports: [{ port: 80 }] }));
    expect(input).toEqual(before);
  });

  test('a null in a map of strings becomes an empty string', () => {
    const { object, errors } = validateObject(pod(app, { metadata: { name: 'a', labels: { tier: null } } }));
    expect([errors, object.metadata.labels]).toEqual([[], { tier: '' }]);
  });

  test('a valid object without unknown fields is returned itself', () => {
    const input = pod(app);
    expect(validateObject(input).object).toBe(input);
  });
});

describe('the expected kind of a route', () => {
  const expected = { group: 'apps', version: 'v1', kind: 'Deployment' };

  test('is the default for a missing apiVersion and kind', () => {
    const { apiVersion: _, kind: __, ...rest } = deployment({}) as Record<string, unknown>;
    expect(validateObject(rest, expected)).toMatchObject({ errors: [], object: { apiVersion: 'apps/v1', kind: 'Deployment' } });
  });

  test('refuses another kind', () => {
    expect(validateObject(pod(app), expected).errors).toEqual([
      { path: 'apiVersion', category: 'shape', message: 'the API version in the data (v1) does not match the expected API version (apps/v1)' },
      { path: 'kind', category: 'shape', message: 'the kind in the data (Pod) does not match the expected kind (Deployment)' },
    ]);
  });
});

describe('fields that controllers write and read again are typed', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
  const selector = { matchLabels: { a: 'b' } };
  test.each([
    { apiVersion: 'apps/v1', kind: 'Deployment', spec: { selector, template }, status: { conditions: 5 }, path: 'status.conditions' },
    { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { serviceName: 'a', selector, template }, status: { updateRevision: 5 }, path: 'status.updateRevision' },
    {
      apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } },
      status: { completedIndexes: 5 }, path: 'status.completedIndexes',
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway',
      spec: { gatewayClassName: 'a', listeners: [{ name: 'a', port: 80, protocol: 'HTTP' }] }, status: { listeners: {} }, path: 'status.listeners',
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', spec: {},
      status: { parents: [{ parentRef: { name: 'a' }, controllerName: 'a/b', conditions: [null] }] }, path: 'status.parents[0].conditions[0]',
    },
  ])('$kind: $path', ({ path, ...object }) => {
    expect(validateObject({ ...object, metadata: { name: 'x' } }).errors.map((problem) => problem.path)).toEqual([path]);
  });
});
