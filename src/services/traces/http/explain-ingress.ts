/** Explains why an ingress controller answers a request with an error, and how to fix that. */
import type { ClusterState } from '../../../domain/cluster/draft.js';
import type { ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import { ingressPatternsFor, isOfWildcardDomain, isWildcard } from '../../../domain/http/host-pattern.js';
import { isPathPrefix } from '../../../domain/http/path-match.js';
import { parseIpv4 } from '../../../domain/values/ipv4.js';
import type { HttpRequest } from '../../../domain/http/http-request.js';
import type { IngressServer, IngressView } from '../../../domain/http/ingress-view.js';
import type { ServiceBackend } from '../../../domain/http/nginx-upstreams.js';
import { refusesSource } from '../../../domain/http/nginx-access.js';
import { contains, formatCidr } from '../../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';
import { whyNoEndpoint } from '../explain-endpoints.js';
import { named } from '../listed.js';
import { MOST_SEARCHED } from '../most-searched.js';
import type { Refusal } from './answer.js';
import { nameOf } from '../name-of.js';
import { capitalise } from '../../../domain/values/capitalise.js';

type Details = Refusal['details'];

const portText = ({ port, name }: ServicePortView): string => (name === '' ? String(port) : `${port} (${name})`);

/** For a backend whose Service or port does not exist. */
export function missingBackend(state: ClusterState, { namespace, name }: IngressView, { service: wanted, port }: ServiceBackend): Details {
  const asked = `Service ${namespace}/${wanted}:${port}`;
  const service = state.service(namespace, wanted);
  const ingress = `Ingress ${namespace}/${name}`;
  if (service) {
    const ports = named(service.ports.map(portText));
    return {
      name: asked,
      why: `has no such port; it has ${ports}`,
      fix: `Set the port of the backend in ${ingress} to one that Service ${nameOf(service)} has: ${ports}.`,
    };
  }
  const near = state.similarNames('service', namespace, wanted);
  if (near.length > 0) {
    return {
      name: asked,
      why: `does not exist (did you mean ${near.join(' or ')}?)`,
      fix: `Name Service ${near[0]!} in the backend of ${ingress}, or make Service ${namespace}/${wanted}.`,
    };
  }
  const elsewhere = [...state.namespaces()].map((each) => each.name).filter((each) => state.service(each, wanted));
  if (elsewhere.length > 0) {
    return {
      name: asked,
      why: `does not exist: an Ingress leads to Services of its own namespace alone, and ${wanted} is in namespace ${named(elsewhere)}`,
      fix: `Make the Ingress in namespace ${elsewhere[0]!}, or a Service ${wanted} in namespace ${namespace}.`,
    };
  }
  return {
    name: asked,
    why: 'does not exist',
    fix: `Name an existing Service of namespace ${namespace} in the backend of ${ingress}, or make Service ${namespace}/${wanted}.`,
  };
}

export function emptyBackend(state: ClusterState, service: ServiceView, port: number): Details {
  const { why, fix } = whyNoEndpoint(state, service, service.ports.find((each) => each.port === port)!);
  return { name: `Service ${nameOf(service)}`, why: `has no ready endpoint: ${why}`, fix };
}

/**
 * A client that the Ingress's annotations refuse by its address.
 *
 * @param hidden the client's own address, if it was replaced by `seen` on the way
 */
export function outsideSources(ingress: IngressView, seen: Ipv4, hidden: Ipv4 | null): Details {
  const subject = `Ingress ${nameOf(ingress)}`;
  const source = formatIpv4(seen);
  const { allowedSources, deniedSources } = ingress.nginx;
  const denying = deniedSources.find((block) => contains(block, seen));
  const list = `${denying ? 'denylist' : 'allowlist'}-source-range`;
  const blocks = denying ? formatCidr(denying) : named((allowedSources ?? []).map(formatCidr)) || 'no IPv4 range';
  const change = (address: Ipv4): string =>
    denying ? `take ${blocks} out of ${list} of ${subject}` : `add ${formatIpv4(address)}/32 to ${list} of ${subject}`;
  const mended = hidden !== null && !refusesSource(ingress.nginx, hidden);
  const fix = hidden === null ? `${capitalise(change(seen))}, or ask from an address that it admits.`
    : `Set externalTrafficPolicy of the controller's Service to Local, so that the proxy sees ${formatIpv4(hidden)}${mended ? '' : `, and ${change(hidden)}`}.`;
  return { subject, source: hidden === null ? source : `${source}, which stands for ${formatIpv4(hidden)}`, why: `${list} has ${blocks}`, fix };
}

/** A list of sources that is empty. @param list name of the annotation */
export function emptyList(ingress: IngressView, list: string): Details {
  const subject = `Ingress ${nameOf(ingress)}`;
  return {
    subject,
    source: 'every client',
    why: `${list} is empty, which ingress-nginx takes for an error and answers with 503`,
    fix: `Give ${list} of ${subject} an address or a range, or remove it.`,
  };
}

/** @param server the rules for the request's host, only of Ingresses that this controller serves */
export function whyNoRule(state: ClusterState, classes: readonly string[], server: IngressServer | null, { host, path }: HttpRequest): Details {
  const [first] = server?.ingresses ?? [];
  if (server && first) {
    const paths = server.ingresses.flatMap(({ rules }) =>
      rules.filter((rule) => rule.host === server.host).flatMap((rule) => rule.paths.map((each) => `${each.path} (${each.pathType})`)),
    );
    const ingress = `Ingress ${nameOf(first)}`;
    const exact = exactPath(server, path);
    return {
      why: `${server.host === '' ? 'rules without a host have' : `of ${server.host} there ${paths.length === 1 ? 'is' : 'are'}`} ${paths.length > 0 ? named(paths) : 'no paths'}`,
      fix: exact ?? `Add a path that matches ${path} to ${ingress}, or a defaultBackend, or ask for a path that it has.`,
    };
  }
  const other = ingressPatternsFor(host).flatMap((pattern) => (pattern === '' ? [] : state.http.ingressesAt(pattern)))[0];
  if (!other) return unknownHost(state, classes, host);
  const served = named(classes);
  return {
    why: `Ingress ${nameOf(other)} names the host, but ${other.className === null ? 'has no IngressClass' : `is of the IngressClass ${other.className}`}, and this controller serves ${served}`,
    fix: `Set ingressClassName of Ingress ${nameOf(other)} to ${classes[0]!}.`,
  };
}

/** The fix for a request below an Exact path; `undefined` if there is no such path. */
function exactPath({ host, ingresses }: IngressServer, asked: string): string | undefined {
  for (const ingress of ingresses) {
    const [found] = ingress.rules
      .filter((rule) => rule.host === host)
      .flatMap(({ paths }) => paths.filter(({ path, pathType }) => pathType === 'Exact' && isPathPrefix(path, asked)));
    if (found) return `Set pathType of path ${found.path} in Ingress ${nameOf(ingress)} to Prefix, or ask for ${found.path}.`;
  }
  return undefined;
}

/** For a host that no rule names. An address cannot be a rule's host. @source k8s.io/api networking/v1 `IngressRule.host` */
function unknownHost(state: ClusterState, classes: readonly string[], host: string): Details {
  const isAddress = parseIpv4(host) !== undefined;
  const served = state.http.all('Ingress').slice(0, MOST_SEARCHED).filter(({ className }) => className !== null && classes.includes(className));
  const hosts = [...new Set(served.flatMap(({ rules }) => rules.flatMap((rule) => (rule.host === '' ? [] : rule.host))))];
  const isCovering = hosts.some((each) => isOfWildcardDomain(each, host));
  const exact = hosts.find((each) => !isWildcard(each));
  const ask =
    exact !== undefined
      ? `Ask for the host ${exact} (by its name, or in the header Host), or add`
      : hosts.length > 0
        ? 'Ask for a host that they cover, or add'
        : 'Add';
  return {
    why: `none names this host${isAddress ? ', which is an address' : ''}${hosts.length > 0 ? `; there are rules for ${named(hosts)}${isCovering ? ' (* stands for one label)' : ''}` : ''}`,
    fix: `${ask} a rule ${isAddress ? 'without a host' : 'for this host and path'}, or a defaultBackend.`,
  };
}
