import type { WorkloadFacts } from '../domain/cluster/facts.js';
import type { ObjectRef } from '../domain/cluster/objects.js';
import { GATEWAY_GROUP } from '../domain/http/gateway.js';

export interface Named {
  readonly namespace: string;
  readonly name: string;
}

export const podRef = ({ namespace, name }: Named): ObjectRef => ({ group: '', kind: 'Pod', namespace, name });
export const serviceRef = ({ namespace, name }: Named): ObjectRef => ({ group: '', kind: 'Service', namespace, name });
export const deploymentRef = ({ namespace, name }: Named): ObjectRef => ({ group: 'apps', kind: 'Deployment', namespace, name });
export const replicaSetRef = ({ namespace, name }: Named): ObjectRef => ({ group: 'apps', kind: 'ReplicaSet', namespace, name });
export const endpointsRef = ({ namespace, name }: Named): ObjectRef => ({ group: '', kind: 'Endpoints', namespace, name });
export const endpointSliceRef = ({ namespace, name }: Named): ObjectRef => ({ group: 'discovery.k8s.io', kind: 'EndpointSlice', namespace, name });
export const ingressRef = ({ namespace, name }: Named): ObjectRef => ({ group: 'networking.k8s.io', kind: 'Ingress', namespace, name });
export const ingressClassRef = ({ name }: Pick<Named, 'name'>): ObjectRef => ({ group: 'networking.k8s.io', kind: 'IngressClass', namespace: '', name });
export const gatewayRef = ({ namespace, name }: Named): ObjectRef => ({ group: GATEWAY_GROUP, kind: 'Gateway', namespace, name });
export const httpRouteRef = ({ namespace, name }: Named): ObjectRef => ({ group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace, name });

const WORKLOAD_GROUPS: Readonly<Record<WorkloadFacts['kind'], string>> = {
  Deployment: 'apps', ReplicaSet: 'apps', StatefulSet: 'apps', DaemonSet: 'apps', Job: 'batch', ReplicationController: '',
};
export const workloadRef = ({ kind, namespace, name }: WorkloadFacts): ObjectRef => ({ group: WORKLOAD_GROUPS[kind], kind, namespace, name });
