/**
 * The source address that a server sees: a flow for each row of that table in the kernel's record, with the endpoint on the
 * first node and on the second.
 */
import type { TitledFlow } from './compare.js';
import { INTERNET, LAN, NODE, POD, ROUTED, tcp } from './own-cluster.js';

/**
 * The last numbers in the addresses of the Services with their endpoint there: the first with externalTrafficPolicy
 * Cluster, the second with Local.
 */
const NUMBERS = { near: [20, 22], far: [21, 23] } as const;
const NEAR_POD = 'pod:default/web-1';

export const whoIsSeen = (): TitledFlow[] => (['near', 'far'] as const).flatMap((place) => {
  const [cluster, local] = NUMBERS[place];
  const [clusterIP, balanced, balancedLocal] = [`10.96.1.${cluster}`, `192.0.2.${cluster}`, `192.0.2.${local}`];
  const [nodePort, nodePortLocal] = [30100 + cluster, 30100 + local];
  const own = place === 'near' ? '192.168.1.11' : '192.168.1.12';
  return [
    tcp(`source: pod to ClusterIP, ${place}`, POD, clusterIP, 80),
    tcp(`source: pod to LoadBalancer, ${place}`, POD, balanced, 80),
    tcp(`source: pod to own node's NodePort, ${place}`, POD, '192.168.1.11', nodePort),
    tcp(`source: pod to another node's NodePort, ${place}`, POD, '192.168.1.12', nodePort),
    tcp(`source: pod to LoadBalancer, Local, ${place}`, POD, balancedLocal, 80),
    tcp(`source: pod to NodePort, Local, ${place}`, POD, '192.168.1.11', nodePortLocal),
    tcp(`source: node process to ClusterIP, ${place}`, NODE, clusterIP, 80),
    tcp(`source: node process to NodePort, ${place}`, NODE, '192.168.1.11', nodePort),
    tcp(`source: node process to NodePort on localhost, ${place}`, NODE, '127.0.0.1', nodePort),
    tcp(`source: node process to pod, ${place}`, NODE, place === 'near' ? '10.244.0.3' : '10.244.1.2', 8080),
    tcp(`source: LAN host to NodePort, ${place}`, LAN, '192.168.1.11', nodePort),
    tcp(`source: internet to LoadBalancer, ${place}`, INTERNET, balanced, 80),
    tcp(`source: LAN host to NodePort, Local, ${place}`, LAN, own, nodePortLocal),
    tcp(`source: internet to LoadBalancer, Local, ${place}`, INTERNET, balancedLocal, 80),
    tcp(`source: LAN host to ClusterIP by a static route, ${place}`, ROUTED, clusterIP, 80),
    ...(place === 'near' ? [
      tcp('source: pod to its own ClusterIP', NEAR_POD, clusterIP, 80),
      tcp('source: pod to its own NodePort', NEAR_POD, '192.168.1.11', nodePort),
      tcp('source: pod to its own LoadBalancer', NEAR_POD, balanced, 80),
      tcp('source: pod to its own NodePort, by another node', NEAR_POD, '192.168.1.12', nodePort),
    ] : []),
  ];
});
