import { describe, expect, test } from 'vitest';
import { defaultObject } from '../../../src/domain/cluster/default-object.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';

const object = (apiVersion: string, kind: string, rest: object = {}): KubeObject => ({ apiVersion, kind, metadata: { name: 'a' }, ...rest });
const service = (spec: object): KubeObject => object('v1', 'Service', { spec });
const pod = (spec: object): KubeObject => object('v1', 'Pod', { spec });

const VIRTUAL = { sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' };

describe('a Service', () => {
  test.each([
    { name: 'is a ClusterIP', spec: { ports: [{ port: 80 }] }, filled: { ...VIRTUAL, type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] } },
    {
      name: 'keeps a named target port', spec: { ports: [{ port: 80, targetPort: 'http' }] },
      filled: { ...VIRTUAL, type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP', targetPort: 'http' }] },
    },
    { name: 'with node ports is reached from outside', spec: { type: 'NodePort' }, filled: { ...VIRTUAL, type: 'NodePort', externalTrafficPolicy: 'Cluster' } },
    {
      name: 'with a load balancer has node ports', spec: { type: 'LoadBalancer' },
      filled: { ...VIRTUAL, type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true },
    },
    {
      name: 'with external IPs is reached from outside', spec: { externalIPs: ['1.2.3.4'] },
      filled: { ...VIRTUAL, type: 'ClusterIP', externalIPs: ['1.2.3.4'], externalTrafficPolicy: 'Cluster' },
    },
    {
      name: 'that is only a name has no address', spec: { type: 'ExternalName', externalName: 'x.y' },
      filled: { type: 'ExternalName', externalName: 'x.y', sessionAffinity: 'None' },
    },
    {
      name: 'sticks for three hours', spec: { sessionAffinity: 'ClientIP' },
      filled: { ...VIRTUAL, type: 'ClusterIP', sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } },
    },
    {
      name: 'that does not stick has no timeout', spec: { sessionAffinity: 'None', sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } },
      filled: { ...VIRTUAL, type: 'ClusterIP' },
    },
    { name: 'has one first address', spec: { clusterIP: 'None' }, filled: { ...VIRTUAL, type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'] } },
    {
      name: 'has one first address, either way', spec: { clusterIPs: ['10.96.0.9'] },
      filled: { ...VIRTUAL, type: 'ClusterIP', clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] },
    },
  ])('$name', ({ spec, filled }) => {
    expect(defaultObject(service(spec))['spec']).toEqual(filled);
  });

  test('the default ipMode of a load balancer\'s address is VIP', () => {
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2', ipMode: 'Proxy' }, { hostname: 'x.y' }] } };
    expect(defaultObject(object('v1', 'Service', { spec: { type: 'LoadBalancer' }, status }))['status']).toEqual({
      loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }, { ip: '192.0.2.2', ipMode: 'Proxy' }, { hostname: 'x.y' }] },
    });
  });
});

describe('a pod', () => {
  test('gets the API\'s default policies', () => {
    expect(defaultObject(pod({ containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] }))['spec']).toEqual({
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: 'a',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          ports: [{ containerPort: 80, protocol: 'TCP' }],
        },
      ],
    });
  });

  test.each([
    { image: 'app', policy: 'Always' }, { image: 'app:latest', policy: 'Always' }, { image: 'app:v1', policy: 'IfNotPresent' },
    { image: 'registry:5000/app', policy: 'Always' }, { image: 'registry:5000/app:v1', policy: 'IfNotPresent' }, { image: 'app@sha256:0', policy: 'IfNotPresent' },
  ])('image $image has the default imagePullPolicy $policy', ({ image, policy }) => {
    expect(defaultObject(pod({ containers: [{ name: 'a', image }] }))).toMatchObject({ spec: { containers: [{ imagePullPolicy: policy }] } });
  });

  test('with hostNetwork gets a hostPort for each container port', () => {
    expect(defaultObject(pod({ hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] }))).toMatchObject({
      spec: { containers: [{ ports: [{ hostPort: 80 }] }] },
    });
  });

  test('keeps values that are set', () => {
    expect(defaultObject(pod({ restartPolicy: 'Never', dnsPolicy: 'None', containers: [] }))).toMatchObject({ spec: { restartPolicy: 'Never', dnsPolicy: 'None' } });
  });
});

describe('other kinds', () => {
  const template = { spec: { containers: [{ name: 'a' }] } };
  test.each([
    {
      name: 'a Deployment is one pod that rolls', object: object('apps/v1', 'Deployment', { spec: { template } }),
      filled: { spec: { replicas: 1, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } }, template: { spec: { restartPolicy: 'Always' } } } },
    },
    { name: 'a Deployment of none stays one of none', object: object('apps/v1', 'Deployment', { spec: { replicas: 0, template } }), filled: { spec: { replicas: 0 } } },
    { name: 'a Job runs one pod', object: object('batch/v1', 'Job', { spec: { template } }), filled: { spec: { completions: 1, parallelism: 1 } } },
    {
      name: 'ports of a slice are TCP', object: object('discovery.k8s.io/v1', 'EndpointSlice', { ports: [{ port: 80 }] }),
      filled: { endpoints: [], ports: [{ name: '', port: 80, protocol: 'TCP' }] },
    },
    {
      name: 'a namespace is labelled with its name', object: object('v1', 'Namespace'),
      filled: { metadata: { labels: { 'kubernetes.io/metadata.name': 'a' } }, status: { phase: 'Active' } },
    },
    {
      name: 'whatever it says of that label',
      object: { ...object('v1', 'Namespace'), metadata: { name: 'a', labels: { 'kubernetes.io/metadata.name': 'b', team: 'x' } } },
      filled: { metadata: { labels: { 'kubernetes.io/metadata.name': 'a', team: 'x' } } },
    },
    {
      name: 'ports of Endpoints are TCP', object: object('v1', 'Endpoints', { subsets: [{ ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }] }),
      filled: { subsets: [{ ports: [{ port: 80, protocol: 'TCP' }, { port: 53, protocol: 'UDP' }] }] },
    },
    {
      name: 'a Job has the labels of its pods, and no limit where its indexes have their own',
      object: object('batch/v1', 'Job', { spec: { backoffLimitPerIndex: 1, template: { ...template, metadata: { labels: { app: 'a' } } } } }),
      filled: { metadata: { labels: { app: 'a' } }, spec: { backoffLimit: 2_147_483_647 } },
    },
    {
      name: 'a DaemonSet that waits for deletions keeps what it says of updates',
      object: object('apps/v1', 'DaemonSet', { spec: { template, updateStrategy: { type: 'OnDelete', rollingUpdate: { maxSurge: 1 } } } }),
      filled: { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: { maxSurge: 1 } } } },
    },
    {
      name: 'a node is labelled as its kubelet does', object: object('v1', 'Node'),
      filled: { metadata: { labels: { 'kubernetes.io/hostname': 'a', 'kubernetes.io/os': 'linux' } } },
    },
    {
      name: 'the first names of its labels go with the second',
      object: { ...object('v1', 'Node'), metadata: { name: 'a', labels: { 'kubernetes.io/os': 'windows' } } },
      filled: { metadata: { labels: { 'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'windows', 'kubernetes.io/os': 'windows' } } },
    },
    {
      name: 'a policy with egress rules has both types', object: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { egress: [{}] } }),
      filled: { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
    },
    {
      name: 'a policy without a spec is about ingress', object: object('networking.k8s.io/v1', 'NetworkPolicy'),
      filled: { spec: { podSelector: {}, policyTypes: ['Ingress'] } },
    },
    {
      name: 'no policy type is the same as none said', object: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { policyTypes: [] } }),
      filled: { spec: { policyTypes: ['Ingress'] } },
    },
    {
      name: 'ports of a policy are TCP',
      object: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { ingress: [{ ports: [{ port: 80 }, { protocol: 'UDP' }] }] } }),
      filled: { spec: { policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: 80 }, { protocol: 'UDP' }] }] } },
    },
    {
      name: 'ports of an admin policy are TCP',
      object: object('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', { spec: { egress: [{ ports: [{ portNumber: { port: 80 } }, { namedPort: 'http' }] }] } }),
      filled: { spec: { egress: [{ ports: [{ portNumber: { protocol: 'TCP', port: 80 } }, { namedPort: 'http' }] }] } },
    },
  ])('$name', ({ object: input, filled }) => {
    expect(defaultObject(input)).toMatchObject(filled);
  });

  test('the strategy of a StatefulSet gets default fields only if it has no type or has rollingUpdate', () => {
    const strategyOf = (updateStrategy?: object): unknown =>
      (defaultObject(object('apps/v1', 'StatefulSet', { spec: { template, updateStrategy } }))['spec'] as { updateStrategy: unknown }).updateStrategy;
    expect([strategyOf(), strategyOf({ type: 'RollingUpdate' }), strategyOf({ type: 'RollingUpdate', rollingUpdate: {} })]).toEqual([
      { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, { type: 'RollingUpdate' }, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    ]);
  });

  test('the job template of a CronJob gets no defaults of a Job', () => {
    const { spec } = defaultObject(object('batch/v1', 'CronJob', { spec: { schedule: '@daily', jobTemplate: { spec: { template } } } })) as unknown as {
      spec: { jobTemplate: { spec: object } };
    };
    expect(Object.keys(spec.jobTemplate.spec)).toEqual(['template']);
  });

  test.each([
    { kind: 'Pod', apiVersion: 'v1', namespace: 'default' }, { kind: 'ServiceAccount', apiVersion: 'v1', namespace: 'default' }, { kind: 'Thing', apiVersion: 'example.com/v1', namespace: 'default' },
    { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1', namespace: undefined }, { kind: 'Node', apiVersion: 'v1', namespace: undefined },
  ])('a $kind without a namespace gets $namespace', ({ kind, apiVersion, namespace }) => {
    expect(defaultObject(object(apiVersion, kind, { spec: { containers: [] } })).metadata.namespace).toBe(namespace);
  });
});

test('defaults change neither the input nor a complete object', () => {
  const input = pod({ hostNetwork: true, containers: [{ name: 'a', image: 'b', ports: [{ containerPort: 80 }] }] });
  const before = structuredClone(input);
  const filled = defaultObject(input);
  expect(input).toEqual(before);
  expect(defaultObject(filled)).toEqual(filled);
});

test('a Secret has the type Opaque, and its stringData becomes data', () => {
  expect(defaultObject(object('v1', 'Secret', { stringData: { a: 'é' }, data: { a: 'eA==', b: 'eQ==' } }))).toEqual(
    object('v1', 'Secret', { metadata: { name: 'a', namespace: 'default' }, data: { a: 'w6k=', b: 'eQ==' }, type: 'Opaque' }),
  );
});

test('the default scope of an IngressClass\'s parameters is Cluster', () => {
  const scopeOf = (parameters: object): unknown => defaultObject(object('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'a.b/c', parameters } }))['spec'];
  expect(scopeOf({ kind: 'P', name: 'p' })).toEqual({ controller: 'a.b/c', parameters: { kind: 'P', name: 'p', scope: 'Cluster' } });
  expect(scopeOf({ kind: 'P', name: 'p', scope: 'Namespace', namespace: 'n' })).toMatchObject({ parameters: { scope: 'Namespace' } });
});
