/** What the first start puts into the cluster `demo`: something for every scenario that the product answers for. */
export const DEMO_SETTINGS = {
  name: 'demo',
  underlay: {
    gateway: { portForwards: [{ protocol: 'TCP', port: 30080, to: '192.168.1.11:30080' }] },
    lanHosts: [{ name: 'printer', ip: '192.168.1.50', listen: ['80/tcp'] }],
  },
  nodes: [{ name: 'node-1' }, { name: 'node-2' }],
};

export const DEMO_MANIFESTS = `# A pod to ask from. Its two containers share one network namespace: the sidecar listens on localhost only.
apiVersion: v1
kind: Pod
metadata:
  name: client
  labels: { app: client }
  annotations: { packetwalk.dev/listen: "127.0.0.1:9000/tcp" }
spec:
  nodeName: node-1
  containers:
    - { name: app, image: curl }
    - { name: sidecar, image: proxy }
---
# A web server on each of two nodes, reached by ClusterIP, node port, load balancer address and name.
apiVersion: v1
kind: Pod
metadata: { name: web-1, labels: { app: web } }
spec:
  nodeName: node-1
  containers: [{ name: nginx, image: nginx, ports: [{ name: http, containerPort: 8080 }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: web-2, labels: { app: web } }
spec:
  nodeName: node-2
  containers: [{ name: nginx, image: nginx, ports: [{ name: http, containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  type: LoadBalancer
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: http, nodePort: 30080 }]
---
# The same pods, but only those of the node that the traffic came in by: the client's address is kept.
apiVersion: v1
kind: Service
metadata: { name: web-local }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: http }]
---
# A load balancer that connects to the node port itself (ipMode Proxy).
apiVersion: v1
kind: Service
metadata: { name: web-proxy }
spec:
  type: LoadBalancer
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: http }]
status:
  loadBalancer: { ingress: [{ ip: 192.0.2.50, ipMode: Proxy }] }
---
# Two replicas behind a headless Service: a name, and no virtual IP.
apiVersion: apps/v1
kind: Deployment
metadata: { name: db }
spec:
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: postgres, image: postgres, ports: [{ containerPort: 5432 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec:
  clusterIP: None
  selector: { app: db }
  ports: [{ name: sql, port: 5432 }]
---
# A server that asks for itself through its own Service (hairpin).
apiVersion: v1
kind: Service
metadata: { name: self }
spec:
  selector: { app: self }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Pod
metadata: { name: self, labels: { app: self, half: "yes" } }
spec:
  nodeName: node-2
  containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
---
# UDP.
apiVersion: v1
kind: Pod
metadata: { name: syslog, labels: { app: syslog } }
spec:
  nodeName: node-2
  containers: [{ name: syslog, image: syslog, ports: [{ containerPort: 5514, protocol: UDP }] }]
---
apiVersion: v1
kind: Service
metadata: { name: syslog }
spec:
  selector: { app: syslog }
  ports: [{ port: 514, targetPort: 5514, protocol: UDP }]
---
# A program on a node itself.
apiVersion: v1
kind: Pod
metadata: { name: node-exporter, labels: { app: node-exporter } }
spec:
  nodeName: node-1
  hostNetwork: true
  containers: [{ name: exporter, image: exporter, ports: [{ containerPort: 9100 }] }]
---
# Mistakes. A selector that no pod has:
apiVersion: v1
kind: Service
metadata: { name: no-endpoints }
spec:
  selector: { app: wbe }
  ports: [{ port: 80, targetPort: 8080 }]
---
# A target port where nothing listens:
apiVersion: v1
kind: Service
metadata: { name: wrong-target-port }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 9999 }]
---
# Two containers that want one port: the later one has no socket.
apiVersion: v1
kind: Pod
metadata: { name: same-port, labels: { app: same-port } }
spec:
  nodeName: node-1
  containers:
    - { name: first, image: app, ports: [{ containerPort: 8080 }] }
    - { name: second, image: app, ports: [{ containerPort: 8080 }] }
`;

/** Further nodes with a fault each, and their pods: they come last, so that nothing else is scheduled to them. */
export const DEMO_FAULTS = `# A node without a cable, and a pod on it.
apiVersion: v1
kind: Node
metadata:
  name: node-3
  annotations: { packetwalk.dev/link: down }
spec: { unschedulable: true }
---
apiVersion: v1
kind: Pod
metadata: { name: cut-off, labels: { app: cut-off, half: "yes" } }
spec:
  nodeName: node-3
  containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
---
# A node that is not ready: its pods are still reached by their addresses, but are no endpoints of a Service.
apiVersion: v1
kind: Node
metadata: { name: node-4 }
status:
  conditions: [{ type: Ready, status: "False", reason: KubeletNotReady, message: container runtime is down }]
---
apiVersion: v1
kind: Pod
metadata: { name: not-ready, labels: { app: not-ready } }
spec:
  nodeName: node-4
  containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: not-ready }
spec:
  selector: { app: not-ready }
  ports: [{ port: 80, targetPort: 8080 }]
---
# A Service that works every other time: one of its two pods is on the node without a cable.
apiVersion: v1
kind: Service
metadata: { name: half }
spec:
  selector: { half: "yes" }
  ports: [{ port: 80, targetPort: 8080 }]
`;

/** A namespace with policies; it comes late, so that it takes no address from the others. */
export const DEMO_POLICIES = `# Policies: only the cart may talk to the orders database, and the cart to nobody else but DNS.
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec:
  nodeName: node-1
  containers: [{ name: app, image: cart, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: orders-0, namespace: shop, labels: { app: orders } }
spec:
  nodeName: node-2
  containers: [{ name: postgres, image: postgres, ports: [{ name: sql, containerPort: 5432 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec:
  selector: { app: orders }
  ports: [{ name: sql, port: 5432, targetPort: sql }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: orders, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  ingress:
    - from: [{ podSelector: { matchLabels: { app: cart } } }]
      ports: [{ port: sql }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app: orders } } }]
    - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }]
      ports: [{ protocol: UDP, port: 53 }, { port: 53 }]
`;

/** An Ingress, and with it a controller; last, for the same reason. Of the nodes above none has room for it: they are cordoned or not ready. */
export const DEMO_INGRESS = `# HTTP from outside, by host and path to one of two Services. It is the first Ingress, so it brings an ingress controller.
apiVersion: v1
kind: Pod
metadata: { name: basket, labels: { app: basket } }
spec:
  nodeName: node-2
  containers: [{ name: basket, image: basket, ports: [{ name: http, containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: basket }
spec:
  selector: { app: basket }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - host: shop.example
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }
          - { path: /cart, pathType: Prefix, backend: { service: { name: basket, port: { number: 80 } } } }
          - { path: /old, pathType: Exact, backend: { service: { name: no-endpoints, port: { number: 80 } } } }
    - host: api.shop.example
      http:
        paths: [{ path: /v1, pathType: Prefix, backend: { service: { name: basket, port: { name: http } } } }]
`;
