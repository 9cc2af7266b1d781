/** @source k8s.io/kubernetes `pkg/apis/networking/validation`, `ValidateIngressSpec`, `validateIngressClassSpec` */
import { PORT_RANGE, forbidden, invalidValue, requiredValue, tooLong } from '../api-messages.js';
import { DEFAULT_PARAMETERS_SCOPE } from '../defaults/ingress-defaults.js';
import { ipProblem, isIpv6 } from '../ip-syntax.js';
import type { Ingress, IngressBackendInput, IngressClass } from '../kinds/ingress.js';
import { dns1035LabelProblem, dnsLabelProblem, dnsSubdomainProblem, pathSegmentProblem, portNameProblems, wildcardSubdomainProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { parseIpv4 } from '../../values/ipv4.js';
import type { DeepPartial } from './deep-partial.js';

type Spec = NonNullable<DeepPartial<Ingress>['spec']>;
type Backend = DeepPartial<IngressBackendInput>;
type Path = NonNullable<NonNullable<NonNullable<Spec['rules']>[number]['http']>['paths']>[number];

const FORBIDDEN_PARTS = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_ENDS = ['/..', '/.'];

function reportInvalid(value: string | undefined, problem: string | undefined, path: string, report: Report): void {
  if (problem !== undefined) report(path, invalidValue(value, problem));
}

const hostProblem = (host: string): string | undefined => (host.includes('*') ? wildcardSubdomainProblem(host) : dnsSubdomainProblem(host));

function checkResource({ apiGroup, kind, name }: NonNullable<Backend['resource']>, path: string, report: Report): void {
  if (apiGroup !== undefined) reportInvalid(apiGroup, dnsSubdomainProblem(apiGroup), `${path}.apiGroup`, report);
  for (const [field, value] of [['kind', kind], ['name', name]] as const) {
    if (value === '') report(`${path}.${field}`, requiredValue());
    else if (value !== undefined) reportInvalid(value, pathSegmentProblem(value), `${path}.${field}`, report);
  }
}

function checkService({ name, port }: NonNullable<Backend['service']>, path: string, report: Report): void {
  if (name === '') report(`${path}.service.name`, requiredValue());
  else if (name !== undefined) reportInvalid(name, dns1035LabelProblem(name), `${path}.service.name`, report);
  const portName = port?.name ?? '';
  const number = port?.number ?? 0;
  if (portName !== '' && number !== 0) report(path, invalidValue('', 'cannot set both port name & port number'));
  else if (portName !== '') for (const problem of portNameProblems(portName)) report(`${path}.service.port.name`, invalidValue(portName, problem));
  else if (number === 0) report(path, requiredValue('port name or number is required'));
  else if (number < 1 || number > 65535) report(`${path}.service.port.number`, invalidValue(number, PORT_RANGE));
}

function checkBackend({ service, resource }: Backend, path: string, report: Report): void {
  if (service && resource) report(path, invalidValue('', 'cannot set both resource and service backends'));
  else if (resource) checkResource(resource, `${path}.resource`, report);
  else if (service) checkService(service, path, report);
  else report(path, invalidValue('', 'resource or service backend is required'));
}

function checkPath({ path = '', pathType, backend }: Path, at: string, report: Report): void {
  if (pathType === undefined) return report(`${at}.pathType`, requiredValue('pathType must be specified'));
  const specific = pathType === 'ImplementationSpecific';
  if (!path.startsWith('/') && !(specific && path === '')) report(`${at}.path`, invalidValue(path, 'must be an absolute path'));
  if (!specific) {
    for (const part of FORBIDDEN_PARTS) if (path.includes(part)) report(`${at}.path`, invalidValue(path, `must not contain '${part}'`));
    for (const end of FORBIDDEN_ENDS) if (path.endsWith(end)) report(`${at}.path`, invalidValue(path, `cannot end with '${end}'`));
  }
  if (backend) checkBackend(backend, `${at}.backend`, report);
}

function checkRules(rules: NonNullable<Spec['rules']>, report: Report): void {
  for (const [index, { host = '', http }] of rules.entries()) {
    const at = `spec.rules[${index}]`;
    if (parseIpv4(host) !== undefined || isIpv6(host)) report(`${at}.host`, invalidValue(host, 'must be a DNS name, not an IP address'));
    else if (host !== '') reportInvalid(host, hostProblem(host), `${at}.host`, report);
    if (!http) continue;
    if ((http.paths ?? []).length === 0) report(`${at}.http.paths`, requiredValue());
    for (const [position, path] of (http.paths ?? []).entries()) checkPath(path, `${at}.http.paths[${position}]`, report);
  }
}

function checkTls(tls: NonNullable<Spec['tls']>, report: Report): void {
  for (const [index, { hosts = [], secretName = '' }] of tls.entries()) {
    for (const [position, host] of hosts.entries()) reportInvalid(host, hostProblem(host), `spec.tls[${index}].hosts[${position}]`, report);
    if (secretName !== '') reportInvalid(secretName, dnsSubdomainProblem(secretName), `spec.tls[${index}].secretName`, report);
  }
}

export function checkIngress({ spec = {}, status }: DeepPartial<Ingress>, report: Report): void {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend) report('spec', invalidValue(rules, 'either `defaultBackend` or `rules` must be specified'));
  if (defaultBackend) checkBackend(defaultBackend, 'spec.defaultBackend', report);
  checkRules(rules, report);
  checkTls(tls, report);
  if (ingressClassName !== undefined) reportInvalid(ingressClassName, dnsSubdomainProblem(ingressClassName), 'spec.ingressClassName', report);
  checkAddresses(status?.loadBalancer?.ingress ?? [], report);
}

/** @source k8s.io/kubernetes `ValidateIngressLoadBalancerStatus` */
function checkAddresses(addresses: readonly { readonly ip?: string | undefined; readonly hostname?: string | undefined }[], report: Report): void {
  for (const [index, { ip = '', hostname = '' }] of addresses.entries()) {
    const at = `status.loadBalancer.ingress[${index}]`;
    if (ip !== '') reportInvalid(ip, ipProblem(ip), `${at}.ip`, report);
    if (hostname !== '') {
      reportInvalid(
        hostname,
        parseIpv4(hostname) === undefined ? dnsSubdomainProblem(hostname) : 'must be a DNS name, not an IP address',
        `${at}.hostname`,
        report,
      );
    }
  }
}

const CONTROLLER = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

export function checkIngressClass({ spec = {} }: DeepPartial<IngressClass>, report: Report): void {
  const { controller = '', parameters } = spec;
  if (controller === '') report('spec.controller', requiredValue());
  else if (controller.length > 250) report('spec.controller', tooLong(250));
  else if (!CONTROLLER.test(controller)) report('spec.controller', invalidValue(controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  if (!parameters) return;
  const at = 'spec.parameters';
  const { scope = DEFAULT_PARAMETERS_SCOPE, namespace, ...reference } = parameters;
  checkResource({ ...reference, kind: reference.kind ?? '', name: reference.name ?? '' }, at, report);
  if (scope === 'Cluster' && namespace !== undefined) report(`${at}.namespace`, forbidden("`parameters.scope` is set to 'Cluster'"));
  if (scope !== 'Namespace') return;
  if (namespace === undefined) report(`${at}.namespace`, requiredValue("`parameters.scope` is set to 'Namespace'"));
  else reportInvalid(namespace, dnsLabelProblem(namespace), `${at}.namespace`, report);
}
