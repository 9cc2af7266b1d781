/** @source k8s.io/kubernetes `pkg/apis/apps/v1`, `SetDefaults_Deployment` and its neighbours */
import type { Deployment } from '../kinds/deployment.js';
import type { Workload } from '../kinds/workloads.js';
import { defaultPodTemplate } from './pod-defaults.js';

type Strategy = NonNullable<Deployment['spec']['strategy']>;

function defaultStrategy(strategy: Strategy | undefined): Strategy {
  if (strategy?.type === 'Recreate') return strategy;
  return { ...strategy, type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%', ...strategy?.rollingUpdate } };
}

export const defaultDeployment = (deployment: Deployment): Deployment => ({
  ...deployment,
  spec: {
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
    ...deployment.spec,
    strategy: defaultStrategy(deployment.spec.strategy),
    template: defaultPodTemplate(deployment.spec.template),
  },
});

function withTemplate(workload: Workload, defaults: object): Workload {
  const { template } = workload.spec;
  return { ...workload, spec: { ...defaults, ...workload.spec, ...(template && { template: defaultPodTemplate(template) }) } } as Workload;
}

export const defaultReplicas = (workload: Workload): Workload => withTemplate(workload, { replicas: 1 });
export const defaultDaemonSet = (workload: Workload): Workload => withTemplate(workload, {});

/** A Job that says neither how many nor how many at once runs one pod. */
export const defaultJob = (workload: Workload): Workload => withTemplate(workload, 'parallelism' in workload.spec ? {} : { completions: 1, parallelism: 1 });
