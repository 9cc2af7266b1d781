/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `validateResourceRequirements` */
import { AT_LEAST_ZERO, forbidden, invalidValue, requiredValue } from '../api-messages.js';
import type { ResourceRequirements } from '../kinds/container.js';
import { qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { parseQuantity } from '../../values/quantity.js';
import type { DeepPartial } from './deep-partial.js';

type Amounts = Readonly<Record<string, number | string | undefined>>;

/** @source k8s.io/apimachinery `resource.ErrFormatWrong` */
const QUANTITY_SYNTAX = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** May the limit exceed the request? Only for Kubernetes' own resources. */
const canOvercommit = (name: string): boolean => !isHugePages(name) && (!name.includes('/') || name.includes('kubernetes.io/'));

const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage']);
const OF_OTHERS = new Set([
  'storage', 'pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports',
  'services.loadbalancers',
]);

function checkName(name: string, path: string, report: Report): void {
  const problem = qualifiedNameProblem(name);
  if (problem !== undefined) return report(path, invalidValue(name, problem));
  if (name.includes('/') || OF_CONTAINERS.has(name) || isHugePages(name)) return;
  if (!OF_OTHERS.has(name)) report(path, invalidValue(name, 'must be a standard resource type or fully qualified'));
  report(path, invalidValue(name, 'must be a standard resource for containers'));
}

/** Resource quantities outside of containers: a node's capacity, a pod's overhead. */
export function checkAmounts(amounts: Amounts, path: string, report: Report): void {
  for (const name in amounts) {
    const stated = amounts[name];
    if (stated === undefined) continue;
    const amount = parseQuantity(String(stated));
    if (amount === undefined) report(`${path}[${name}]`, invalidValue(stated, QUANTITY_SYNTAX));
    else if (amount < 0) report(`${path}[${name}]`, invalidValue(stated, AT_LEAST_ZERO));
    else if (!canOvercommit(name) && !isHugePages(name) && !Number.isInteger(amount)) report(`${path}[${name}]`, invalidValue(stated, 'must be an integer'));
  }
}

function checkRequests(requests: Amounts, limits: Amounts, path: string, report: Report): void {
  for (const name in requests) {
    const [request, limit] = [requests[name], limits[name]];
    if (limit === undefined) {
      if (!canOvercommit(name)) report(`${path}.limits`, requiredValue('Limit must be set for non overcommitable resources'));
      continue;
    }
    const [asked, most] = [parseQuantity(String(request)), parseQuantity(String(limit))];
    if (asked === undefined || most === undefined) continue;
    if (!canOvercommit(name) && asked !== most) report(`${path}.requests`, invalidValue(String(request), `must be equal to ${name} limit of ${limit}`));
    else if (asked > most) report(`${path}.requests`, invalidValue(String(request), `must be less than or equal to ${name} limit of ${limit}`));
  }
}

export function checkResources({ limits, requests }: DeepPartial<ResourceRequirements>, path: string, report: Report): void {
  if (!limits && !requests) return;
  for (const [field, amounts] of [['limits', limits], ['requests', requests]] as const) {
    if (!amounts) continue;
    for (const name in amounts) checkName(name, `${path}.${field}[${name}]`, report);
    checkAmounts(amounts, `${path}.${field}`, report);
  }
  if (requests) checkRequests(requests, limits ?? {}, path, report);
  const names = [...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) report(path, forbidden('HugePages require cpu or memory'));
}
