/** The body of the request that creates a cluster. Defaults that depend on another field are filled in by `validate-cluster-settings`. */
import { z } from 'zod';
import { inclusiveRange } from './api-messages.js';
import { port, transportProtocol } from './kinds/fields.js';

const MAX_NODES = 5000;
const MAX_FURTHER_BLOCKS = 256;

const between = (low: number, high: number): z.ZodNumber =>
  z
    .int()
    .min(low, { error: inclusiveRange(low, high) })
    .max(high, { error: inclusiveRange(low, high) });
const zeroOrOne = z.literal([0, 1]);

const extraRouteSchema = z.object({ to: z.string(), via: z.string(), src: z.string().optional() })
  .meta({ id: 'ExtraRoute', description: 'A static route: a CIDR, the next hop, and the source address to prefer.' });

const lanHostSchema = z.object({ name: z.string(), ip: z.string(), listen: z.array(z.string()).default([]), routes: z.array(extraRouteSchema).default([]) })
  .meta({ id: 'LanHost', description: 'Another machine on the node network. `listen` names ports as `80/tcp`.' });

const portForwardSchema = z.object({ protocol: transportProtocol.default('TCP'), port, to: z.string() })
  .meta({ id: 'PortForward', description: 'A port of the gateway’s external address that leads to `ip:port`.' });

export const nodeSeedSchema = z.object({
  name: z.string(), internalIP: z.string().optional(), podCIDR: z.string().optional(), labels: z.record(z.string(), z.string()).optional(),
  addresses: z.array(z.string()).optional(), routes: z.array(extraRouteSchema).optional(), forwardPolicy: z.enum(['ACCEPT', 'DROP']).optional(),
  announces: z.array(z.string()).optional(),
}).meta({
  id: 'NodeSeed', description: 'A node: `addresses` are additional ones of eth0, `announces` those for which a program on it answers ARP.',
  example: { name: 'node-9', labels: { 'topology.kubernetes.io/zone': 'west' } },
});

export const clusterSettingsSchema = z
  .object({
    name: z.string(),
    podCIDR: z.string().default('10.244.0.0/16'),
    nodeCIDRMaskSize: between(1, 30).default(24),
    serviceCIDR: z.string().default('10.96.0.0/12'),
    nodePortRange: z.string().default('30000-32767'),
    clusterDomain: z.string().default('cluster.local'),
    dns: z.object({ replicas: between(0, 100).default(2) }).prefault({}),
    cni: z.object({ type: z.enum(['bridge']).default('bridge'), mtu: between(68, 65535).default(1500) }).prefault({}),
    kubeProxy: z
      .object({
        mode: z.enum(['iptables']).default('iptables'),
        masqueradeAll: z.boolean().default(false),
        nodePortAddresses: z.array(z.string()).default([]),
        localhostNodePorts: z.boolean().default(true),
        detectLocalMode: z.enum(['ClusterCIDR', 'NodeCIDR', 'None']).default('ClusterCIDR'),
        randomFully: z.boolean().default(false),
      })
      .prefault({}),
    masquerade: z.object({ nonMasqueradeCIDRs: z.array(z.string()).optional().meta({ description: 'Default: podCIDR and nodeCIDR.' }) }).prefault({}),
    ingress: z
      .object({
        controller: z.enum(['nginx', 'none']).default('nginx').meta({ description: 'The Ingress controller of a cluster that has none of its own.' }),
      })
      .prefault({}),
    gateway: z
      .object({
        controller: z
          .enum(['packetwalk', 'none'])
          .default('packetwalk')
          .meta({ description: 'The controller of Gateways whose GatewayClass the cluster does not have.' }),
      })
      .prefault({}),
    networkPolicy: z.object({ denyWith: z.enum(['DROP', 'REJECT']).default('DROP') }).prefault({}),
    underlay: z
      .object({
        nodeCIDR: z.string().default('192.168.1.0/24'),
        gateway: z
          .object({
            internalIP: z.string().optional().meta({ description: 'Default: the first address of nodeCIDR.' }),
            externalIP: z.string().default('203.0.113.1/24'),
            portForwards: z.array(portForwardSchema).default([]),
          })
          .prefault({}),
        isp: z.object({ ip: z.string().optional().meta({ description: 'Default: the last address of the external network.' }) }).prefault({}),
        internetHosts: z
          .union([z.literal('any'), z.array(z.object({ ip: z.string(), listen: z.array(z.string()).default([]) }))], {
            error: '"any" or a list of {"ip", "listen"}',
          })
          .default('any'),
        lanHosts: z.array(lanHostSchema).default([]),
        loadBalancer: z
          .object({
            cidr: z.string().default('192.0.2.0/24'),
            furtherCIDRs: z
              .array(z.string())
              .max(MAX_FURTHER_BLOCKS, { error: `must have at most ${MAX_FURTHER_BLOCKS} items` })
              .optional()
              .meta({
                description:
                  'Further blocks that lead to the load balancer, for Services whose status names such an address; no addresses are allocated from them.',
              }),
            ipMode: z.enum(['Proxy', 'VIP']).default('VIP'),
          })
          .prefault({}),
      })
      .prefault({}),
    sysctls: z
      .object({
        'bridge-nf-call-iptables': zeroOrOne.default(1),
        ip_forward: zeroOrOne.default(1),
        rp_filter: z.literal([0, 1, 2]).default(0),
        route_localnet: zeroOrOne.default(1),
      })
      .prefault({}),
    hairpin: z.boolean().default(true),
    nodes: z
      .union([between(0, MAX_NODES), z.array(nodeSeedSchema).max(MAX_NODES, { error: `must have at most ${MAX_NODES} items` })], {
        error: 'a number of nodes or a list of {"name", …}',
      })
      .default(2),
  })
  .meta({ id: 'ClusterInput', description: 'The settings of a new cluster, and its first nodes.', example: { name: 'lesson', nodes: 3 } });

/** With all defaults filled in, except those that depend on another field. */
export type ClusterInput = z.output<typeof clusterSettingsSchema>;
export type NodeSeedInput = z.output<typeof nodeSeedSchema>;
