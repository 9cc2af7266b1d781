/**
 * The ingress controller that is installed in a cluster with an Ingress and without a controller.
 *
 * @source kubernetes/ingress-nginx deploy/static/provider/cloud
 */
import { CONTROLLER_ANNOTATION, DEFAULT_CLASS_ANNOTATION } from '../../domain/cluster/extract/ingress-facts.js';
import type { KubeObject } from '../../domain/cluster/objects.js';

export const NGINX_NAMESPACE = 'ingress-nginx';
export const NGINX_NAME = 'ingress-nginx-controller';
export const NGINX_CLASS = 'nginx';
export const NGINX_CONTROLLER = 'k8s.io/ingress-nginx';

const labels = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/instance': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
const metadata = { name: NGINX_NAME, namespace: NGINX_NAMESPACE, labels };

const namespace: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NGINX_NAMESPACE, labels: { 'app.kubernetes.io/name': 'ingress-nginx' } },
};

const deployment: KubeObject = {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        containers: [{
          name: 'controller', image: 'registry.k8s.io/ingress-nginx/controller:v1.13.3',
          ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }, { name: 'https', containerPort: 443, protocol: 'TCP' }],
        }],
      },
    },
  },
};

const service: KubeObject = {
  apiVersion: 'v1', kind: 'Service', metadata,
  spec: {
    type: 'LoadBalancer',
    selector: labels,
    ports: [
      { name: 'http', appProtocol: 'http', protocol: 'TCP', port: 80, targetPort: 'http' },
      { name: 'https', appProtocol: 'https', protocol: 'TCP', port: 443, targetPort: 'https' },
    ],
  },
};

/** @param isDefault whether this is the class of Ingresses that name none */
export const nginxClass = (isDefault: boolean): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass',
  metadata: {
    name: NGINX_CLASS, labels,
    annotations: { [CONTROLLER_ANNOTATION]: `${NGINX_NAMESPACE}/${NGINX_NAME}`, ...(isDefault && { [DEFAULT_CLASS_ANNOTATION]: 'true' }) },
  },
  spec: { controller: NGINX_CONTROLLER },
});

/** In the order in which they are created. */
export const NGINX_OBJECTS: readonly KubeObject[] = [namespace, deployment, service];
