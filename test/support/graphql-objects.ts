/** Kubernetes objects for tests of the GraphQL API: two nodes, pods alternately on one and the other, a Service, its slice, a Deployment. */
import type { KubeObject } from '../../src/domain/cluster/objects.js';

export const node = (name: string, index: number): KubeObject => ({
  apiVersion: 'v1', kind: 'Node', metadata: { name, uid: `uid-${name}`, resourceVersion: '1', labels: { 'kubernetes.io/hostname': name } },
  spec: { podCIDR: `10.244.${index}.0/24` },
  status: {
    addresses: [{ type: 'Hostname', address: name }, { type: 'InternalIP', address: `192.168.1.${11 + index}` }],
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

export const pod = (name: string, nodeName: string | null, ip: string, labels: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '2', labels },
  spec: {
    ...(nodeName === null ? {} : { nodeName }),
    containers: [{ name: 'app', image: 'nginx', ports: [{ containerPort: 8080, name: 'http' }] }, { name: 'sidecar' }],
  },
  status: { podIP: ip, phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

export const pods = (count: number): readonly KubeObject[] =>
  Array.from({ length: count }, (_, index) =>
    pod(`web-${String(index).padStart(4, '0')}`, `node-${1 + (index % 2)}`, `10.244.${index % 2}.${index >> 1}`, { app: 'web', deployment: 'web' }),
  );

export const webService: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', resourceVersion: '3' },
  spec: {
    type: 'NodePort',
    clusterIP: '10.96.0.12',
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 'http', nodePort: 30080, protocol: 'TCP' }],
    externalTrafficPolicy: 'Local',
  },
};

export const webSlice: KubeObject = {
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'web-abcde', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4', ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  endpoints: [
    { addresses: ['10.244.0.0'], nodeName: 'node-1', conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-0000', namespace: 'default' } },
    { addresses: ['10.9.9.9'], conditions: { ready: false, serving: true, terminating: true } },
  ],
};

export const webDeployment: KubeObject = {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } } }, status: { readyReplicas: 2 },
};

export const denyAll: KubeObject = {
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny', namespace: 'default' }, spec: { podSelector: {}, policyTypes: ['Ingress'] },
};

export const adminPolicy: KubeObject = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: 'admin' }, spec: { priority: 7, subject: { namespaces: {} } },
};
export const baselinePolicy: KubeObject = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', metadata: { name: 'default' }, spec: { subject: { namespaces: {} } },
};

export const webIngress: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ingressClassName: 'nginx' },
};
