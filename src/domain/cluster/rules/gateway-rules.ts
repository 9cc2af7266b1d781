/** @source kubernetes-sigs/gateway-api, the validation of the CRDs of gatewayclasses, gateways, referencegrants */
import { invalidValue, tooMany } from '../api-messages.js';
import type { Gateway, GatewayClass, Listener, ReferenceGrant } from '../kinds/gateway.js';
import { ipProblem } from '../ip-syntax.js';
import { dnsLabelProblem, dnsSubdomainProblem, wildcardSubdomainProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { parseIpv4 } from '../../values/ipv4.js';
import type { DeepPartial } from './deep-partial.js';
import { checkGatewayClassSchema, checkGatewaySchema, checkReferenceGrantSchema } from './gateway-schema.js';
import { checkLabelsAndAnnotations } from './metadata-rules.js';
import { Seen } from './seen.js';
import { checkLabelSelector } from './selector-rules.js';

const CONTROLLER = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const WITHOUT_TLS: ReadonlySet<string> = new Set(['HTTP', 'TCP', 'UDP']);
const WITHOUT_HOSTS: ReadonlySet<string> = new Set(['TCP', 'UDP']);

/** A list that must have from one to `limit` items. */
export function checkSize(list: readonly unknown[] | undefined, limit: number, path: string, report: Report): void {
  if (list?.length === 0) report(path, invalidValue(0, 'should have at least 1 items'));
  else if (list && list.length > limit) report(path, tooMany(list.length, limit));
}

export function checkHostname(hostname: string, path: string, report: Report): void {
  const problem =
    parseIpv4(hostname) !== undefined
      ? 'must be a DNS name, not an IP address'
      : hostname.includes('*')
        ? wildcardSubdomainProblem(hostname)
        : dnsSubdomainProblem(hostname);
  if (problem !== undefined) report(path, invalidValue(hostname, problem));
}

export function checkGatewayClass(object: DeepPartial<GatewayClass>, report: Report): void {
  checkGatewayClassSchema(object, report);
  const name = object.spec?.controllerName;
  if (name !== undefined && !CONTROLLER.test(name)) report('spec.controllerName', invalidValue(name, 'must be a domain-prefixed path (such as "acme.io/foo")'));
}

function checkTls({ protocol = '', tls }: DeepPartial<Listener>, at: string, report: Report): void {
  if (WITHOUT_TLS.has(protocol) && tls) report(at, invalidValue(protocol, "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"));
  if (protocol === 'HTTPS' && tls?.mode === 'Passthrough') report(at, invalidValue('Passthrough', 'tls mode must be Terminate for protocol HTTPS'));
  if (protocol === 'TLS' && !tls) report(at, invalidValue(protocol, 'tls mode must be set for protocol TLS'));
  const terminates = tls && (tls.mode ?? 'Terminate') === 'Terminate' && !WITHOUT_TLS.has(protocol);
  if (terminates && (tls.certificateRefs ?? []).length === 0 && tls.options === undefined) {
    report(`${at}.tls`, invalidValue('Terminate', 'certificateRefs or options must be specified when mode is Terminate'));
  }
}

function checkListener(listener: DeepPartial<Listener>, at: string, report: Report): void {
  const { name, protocol = '', hostname = '', allowedRoutes } = listener;
  const nameProblem = name === undefined ? undefined : dnsSubdomainProblem(name);
  if (nameProblem !== undefined) report(`${at}.name`, invalidValue(name, nameProblem));
  if (hostname !== '') checkHostname(hostname, `${at}.hostname`, report);
  if (hostname !== '' && WITHOUT_HOSTS.has(protocol)) {
    report(`${at}.hostname`, invalidValue(hostname, "hostname must not be specified for protocols ['TCP', 'UDP']"));
  }
  checkTls(listener, at, report);
  const selector = allowedRoutes?.namespaces?.selector;
  if (selector) checkLabelSelector(selector, `${at}.allowedRoutes.namespaces.selector`, report);
}

function checkAddresses(addresses: readonly { readonly type?: string | undefined; readonly value?: string | undefined }[], report: Report): void {
  const seen = new Seen();
  for (const [index, { type = 'IPAddress', value }] of addresses.entries()) {
    const at = `spec.addresses[${index}]`;
    if (type === 'IPAddress' && value !== undefined && ipProblem(value) !== undefined) {
      report(`${at}.value`, invalidValue(value, `${at}.value in body must be of type ipv4`));
    }
    if (type === 'Hostname' && value !== undefined && !HOST.test(value)) {
      report(at, invalidValue(value, `Hostname value must be empty or contain only valid characters (matching ${HOST.source})`));
    }
    const isKnown = type === 'IPAddress' || type === 'Hostname';
    if (isKnown && value !== undefined && seen.add(`${type} ${value}`)) report('spec.addresses', invalidValue(value, `${type} values must be unique`));
  }
}

export function checkGateway(object: DeepPartial<Gateway>, report: Report): void {
  checkGatewaySchema(object, report);
  checkAddresses(object.spec?.addresses ?? [], report);
  if (object.spec?.infrastructure) checkLabelsAndAnnotations(object.spec.infrastructure, 'spec.infrastructure', report);
  const listeners = object.spec?.listeners;
  checkSize(listeners, 64, 'spec.listeners', report);
  const names = new Seen();
  const places = new Seen();
  for (const [index, listener] of (listeners ?? []).entries()) {
    const at = `spec.listeners[${index}]`;
    const { name, port, protocol, hostname = '' } = listener;
    checkListener(listener, at, report);
    if (name !== undefined && names.add(name)) report(`${at}.name`, invalidValue(name, 'Listener name must be unique within the Gateway'));
    if (port !== undefined && places.add(`${port}/${protocol}/${hostname}`)) {
      report(at, invalidValue({ port, protocol, hostname }, 'Combination of port, protocol and hostname must be unique for each listener'));
    }
  }
}

export function checkReferenceGrant(object: DeepPartial<ReferenceGrant>, report: Report): void {
  checkReferenceGrantSchema(object, report);
  const { spec } = object;
  checkSize(spec?.from, 16, 'spec.from', report);
  checkSize(spec?.to, 16, 'spec.to', report);
  for (const [index, { namespace }] of (spec?.from ?? []).entries()) {
    const problem = namespace === undefined ? undefined : dnsLabelProblem(namespace);
    if (problem !== undefined) report(`spec.from[${index}].namespace`, invalidValue(namespace, problem));
  }
}
