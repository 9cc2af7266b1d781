/** An object of each kind as the reference shows it: small, and taken as it is by a cluster that has default/web, as the demo cluster does. */
import type { PluralKind } from '../../services/objects/typed-kinds.js';

const labels = { app: 'shop' };

export const OBJECT_EXAMPLES = {
  nodes: { metadata: { name: 'node-9', labels: { 'topology.kubernetes.io/zone': 'west' } } },
  namespaces: { metadata: { name: 'lesson' } },
  pods: {
    metadata: { name: 'shop-1', namespace: 'default', labels },
    spec: { containers: [{ name: 'app', image: 'shop', ports: [{ name: 'http', containerPort: 8080 }] }] },
  },
  services: {
    metadata: { name: 'shop', namespace: 'default' },
    spec: { type: 'NodePort', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  },
  endpointslices: {
    metadata: { name: 'printer-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'printer' } },
    addressType: 'IPv4', ports: [{ name: 'ipp', port: 631, protocol: 'TCP' }], endpoints: [{ addresses: ['198.51.100.20'], conditions: { ready: true } }],
  },
  deployments: {
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      replicas: 2, selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'shop', ports: [{ name: 'http', containerPort: 8080 }] }] } },
    },
  },
  ingresses: {
    metadata: { name: 'lesson', namespace: 'default' },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host: 'lesson.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
    },
  },
  gateways: {
    metadata: { name: 'shop', namespace: 'default' },
    spec: { gatewayClassName: 'packetwalk', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  },
  httproutes: {
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      parentRefs: [{ name: 'shop' }], hostnames: ['lesson.example'],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'web', port: 80 }] }],
    },
  },
  networkpolicies: {
    metadata: { name: 'shop-from-web', namespace: 'default' },
    spec: {
      podSelector: { matchLabels: labels }, policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 8080 }] }],
    },
  },
  adminnetworkpolicies: {
    metadata: { name: 'shop-from-anywhere' },
    spec: {
      priority: 10, subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: labels } } },
      ingress: [{ action: 'Allow', from: [{ namespaces: {} }], ports: [{ portNumber: { protocol: 'TCP', port: 8080 } }] }],
    },
  },
  baselineadminnetworkpolicies: {
    metadata: { name: 'default' },
    spec: { subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'lesson' } } }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] },
  },
} as const satisfies Record<PluralKind, object>;

/** A pod and a Service in front of it, as people paste them. */
export const MANIFEST_EXAMPLE = `apiVersion: v1
kind: Pod
metadata:
  name: hello
  labels: { app: hello }
spec:
  containers:
    - name: app
      image: hello
      ports: [{ containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata:
  name: hello
spec:
  selector: { app: hello }
  ports: [{ port: 80, targetPort: 8080 }]
`;
