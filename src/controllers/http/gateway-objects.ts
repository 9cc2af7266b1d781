/** The Deployment and the Service of a Gateway that is served by Packetwalk's own controller. @source GEP-1762 (in-cluster Gateway deployments) */
import type { GatewayFacts } from '../../domain/cluster/facts.js';
import { GATEWAY_CLASS_LABEL, GATEWAY_NAME_LABEL, gatewayProxyName } from '../../domain/cluster/http-services.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { listenerProblem } from '../../domain/http/gateway.js';

export const GATEWAY_CONTROLLER = 'packetwalk.dev/gateway-controller';

export const gatewayClass = (name: string): KubeObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', metadata: { name }, spec: { controllerName: GATEWAY_CONTROLLER },
});

interface ProxyPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** One port for each port of valid listeners, named after the protocol of the first listener. */
function portsOf(gateway: GatewayFacts): readonly ProxyPort[] {
  const ports = new Map<string, ProxyPort>();
  for (const { port, protocol } of gateway.listeners.filter((listener) => listenerProblem(gateway, listener) === null)) {
    const transport = protocol === 'UDP' ? 'UDP' : 'TCP';
    const word = protocol.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 6) || 'port';
    if (!ports.has(`${transport}/${port}`)) ports.set(`${transport}/${port}`, { name: `${word}-${port}`, port, protocol: transport });
  }
  return [...ports.values()];
}

/** The desired Deployment and Service; none for a Gateway without a valid listener. */
export function gatewayObjects(gateway: GatewayFacts): readonly KubeObject[] {
  const labels = { ...gateway.labels, [GATEWAY_NAME_LABEL]: gateway.name, [GATEWAY_CLASS_LABEL]: gateway.className };
  const selector = { [GATEWAY_NAME_LABEL]: gateway.name };
  const described = { labels, ...(Object.keys(gateway.annotations).length > 0 && { annotations: gateway.annotations }) };
  const ports = portsOf(gateway);
  if (ports.length === 0) return [];
  const metadata = {
    name: gatewayProxyName(gateway), namespace: gateway.namespace, ...described,
    ownerReferences: [
      {
        apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name: gateway.name, uid: gateway.uid, controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
  return [
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata,
      spec: {
        replicas: 1, selector: { matchLabels: selector },
        template: {
          metadata: described,
          spec: {
            containers: [
              {
                name: 'proxy',
                image: 'packetwalk.dev/gateway',
                ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
              },
            ],
          },
        },
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'LoadBalancer', selector, ports: ports.map((port) => ({ ...port, targetPort: port.port })) } },
  ];
}
