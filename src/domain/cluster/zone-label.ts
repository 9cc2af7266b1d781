/** Says in which zone a node is. @source k8s.io/api core/v1 `LabelTopologyZone` */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';
