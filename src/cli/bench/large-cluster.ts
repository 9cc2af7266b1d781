/** A cluster of any size, the same each time: pods in Services of fifteen, spread over the nodes. */
export interface Size {
  readonly nodes: number;
  readonly services: number;
  /** Pods of each Service. */
  readonly endpoints: number;
}

export const LARGE: Size = { nodes: 5000, services: 10_000, endpoints: 15 };
export const MIDDLE: Size = { nodes: 334, services: 667, endpoints: 15 };
export const SHORT: Size = { nodes: 500, services: 1000, endpoints: 15 };
/** Two nodes and one Service, whose 8 pods are also the clients. */
export const SMALL: Size = { nodes: 2, services: 1, endpoints: 8 };

export const podsOf = ({ services, endpoints }: Size): number => services * endpoints;
export const podName = (service: number, pod: number): string => `web-${service}-${pod}`;
export const serviceName = (service: number): string => `web-${service}`;

export const clusterOf = (name: string, { nodes }: Size): object => ({
  name, nodes, podCIDR: '10.0.0.0/11', serviceCIDR: '10.96.0.0/12',
  dns: { replicas: 0 },
  underlay: { nodeCIDR: '192.168.0.0/18', gateway: { internalIP: '192.168.0.1' } },
});

/** Services first, then their pods. Consecutive pods are on consecutive nodes, so that most endpoints are on other nodes than a client. */
export function* manifestsOf({ nodes, services, endpoints }: Size): Generator<object> {
  for (let service = 0; service < services; service += 1) {
    yield {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: serviceName(service) },
      spec: { selector: { app: serviceName(service) }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    };
  }
  for (let service = 0; service < services; service += 1) {
    for (let pod = 0; pod < endpoints; pod += 1) {
      yield {
        apiVersion: 'v1', kind: 'Pod', metadata: { name: podName(service, pod), labels: { app: serviceName(service) } },
        spec: { nodeName: `node-${1 + ((service * endpoints + pod) % nodes)}`, containers: [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }] }] },
      };
    }
  }
}

/** Deterministic numbers, 0 ≤ n < `bound`. @source Numerical Recipes: the quick linear congruential generator */
export function numbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A trace request from a pod to a Service, with a seed for an endpoint on another node: the same kind of path in a cluster of any size. */
export function question({ nodes, services, endpoints }: Size, draw: (bound: number) => number): object {
  const service = draw(services);
  const from = draw(services);
  const client = draw(endpoints);
  const server = [...Array(endpoints).keys()].find((pod) => (service * endpoints + pod) % nodes !== (from * endpoints + client) % nodes) ?? 0;
  return {
    from: { pod: `default/${podName(from, client)}` },
    to: { service: `default/${serviceName(service)}`, port: 80 },
    choice: { mode: 'SEEDED', seed: server },
    record: false,
  };
}
