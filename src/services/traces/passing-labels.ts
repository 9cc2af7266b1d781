/**
 * Labels of one pod or one revision, that the next one has not: what controllers give, and the version that is rolled out.
 *
 * @source https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels; https://helm.sh/docs/chart_best_practices/labels
 */
const PASSING = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'app.kubernetes.io/version',
  'helm.sh/chart',
]);

export const isPassing = (key: string): boolean => PASSING.has(key);
