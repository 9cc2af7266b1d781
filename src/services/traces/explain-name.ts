/** Explains why a name was not resolved to an address. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { similarNames } from '../../domain/cluster/similar-names.js';
import type { ServiceView } from '../../domain/cluster/view.js';
import { clusterDnsAddress } from '../../domain/dns/cluster-dns.js';
import { labelsOf } from '../../domain/dns/dns-name.js';
import { placeName } from '../../domain/trace/place-name.js';
import { formatIpv4, parseIpv4 } from '../../domain/values/ipv4.js';
import { isOfWildcardDomain, isWildcard } from '../../domain/http/host-pattern.js';
import { whyNoEndpoint, type Cause } from './explain-endpoints.js';
import { podNameCause } from './explain-pod-name.js';
import { unservedName } from './http/public-name.js';
import type { HostLookup } from './look-up-host.js';
import { nameOf } from './name-of.js';
import type { Obstacle } from './obstacle.js';
import type { ResolvedSource } from './resolve-source.js';

/** @returns `null` if the name was found */
export function nameObstacle(state: ClusterState, source: ResolvedSource, lookup: HostLookup): Obstacle | null {
  const { host, resolver, resolution } = lookup;
  const isAskedOutside = resolver.asks === 'UNDERLAY';
  switch (resolution.outcome) {
    case 'FOUND':
      return null;
    case 'UNDETERMINED':
      return {
        code: 'DNS_ANSWER_UNKNOWN',
        details: {
          name: resolution.deciding?.answer.unknown ?? host,
          ...(isAskedOutside
            ? { ...outside(source), ...servedAs(state, source, host) }
            : (as('hint', otherServer(state, source, lookup)) ?? hintForOutsideName(state, source, lookup))),
        },
      };
    case 'NODATA':
      return { code: 'DNS_NO_ADDRESS', details: { name: host, ...noAddress(state, source, host) } };
    case 'NXDOMAIN':
      return {
        code: 'DNS_NAME_NOT_FOUND',
        details: {
          name: host,
          ...(isAskedOutside ? outside(source) : (as('subject', otherServer(state, source, lookup)) ?? hint(state, source, lookup))),
        },
      };
  }
}

type Details = Readonly<Record<string, string>>;

const as = (detail: 'hint' | 'subject', cause: Cause | undefined): Details | undefined => cause && { [detail]: cause.why, fix: cause.fix };

/** For a name of the cluster that a pod with dnsPolicy None asks another DNS server for. */
function otherServer(state: ClusterState, { pod }: ResolvedSource, { host, server }: HostLookup): Cause | undefined {
  const ours = clusterDnsAddress(state);
  if (pod?.dns?.policy !== 'None' || server === null || server === ours) return undefined;
  const asked = clusterName(state, host, pod.namespace);
  if (!(asked && state.service(asked.namespace, asked.name)) && !podNameCause(state, host, pod.namespace)) return undefined;
  const name = `pod ${nameOf(pod)}`;
  return {
    why: `${name} (dnsPolicy None) asks ${formatIpv4(server)}, which knows no name of the cluster`,
    fix: `Set dnsPolicy of ${name} to ClusterFirst, or make ${formatIpv4(ours)} the first of its dnsConfig.nameservers.`,
  };
}

/** For a source that does not use the cluster's DNS: which resolver it uses instead. */
function outside({ pod, node, origin }: ResolvedSource): Details {
  const resolver = 'which knows no name of the cluster';
  const askBy = (addresses: string): string => `Ask for an address of the Service (${addresses}), or ask from a pod.`;
  const fromOutside = askBy("a node port or a load balancer's");
  if (pod) {
    const name = `pod ${pod.namespace}/${pod.name}`;
    const who = `${name} (dnsPolicy ${pod.dns?.policy ?? 'ClusterFirst'}${pod.hostNetwork ? ', on the node\'s network' : ''})`;
    return {
      subject: `${who} asks the resolver of the nodes' network, ${resolver}`,
      fix: `Set dnsPolicy of ${name} to ${pod.hostNetwork ? 'ClusterFirstWithHostNet' : 'ClusterFirst'}.`,
    };
  }
  const { netns } = origin;
  if (netns.startsWith('internet:')) return { subject: `${placeName(netns)} asks public DNS, ${resolver}`, fix: fromOutside };
  const who = origin.kind === 'arrival' ? formatIpv4(origin.source) : node === null ? placeName(netns) : `node ${node}`;
  return {
    subject: `${who} asks the resolver of the nodes' network, ${resolver}`,
    fix: netns.startsWith('lan:') ? fromOutside : askBy("its clusterIP, a node port or a load balancer's"),
  };
}

/** For a name asked outside: the Ingress, Gateway or HTTPRoute that names it, the Service with this name in the cluster, or a similar host name. */
function servedAs(state: ClusterState, { pod }: ResolvedSource, host: string): Details {
  const unserved = as('hint', unservedName(state, host) ?? undefined);
  if (unserved) return unserved;
  const asked = clusterName(state, host, pod?.namespace ?? 'default');
  const service = asked && !asked.isMistyped ? state.service(asked.namespace, asked.name) : undefined;
  if (service) return { hint: `for the cluster's DNS it is Service ${nameOf(service)}` };
  const hosts = [
    ...state.http.all('Ingress').flatMap(({ rules }) => rules.map((rule) => rule.host)),
    ...state.http.all('HTTPRoute').flatMap(({ hostnames }) => hostnames),
    ...state.http.all('Gateway').flatMap(({ listeners }) => listeners.map(({ hostname }) => hostname)),
  ];
  const wild = hosts.find((each) => isOfWildcardDomain(each, host));
  if (wild !== undefined) {
    return { hint: `${wild} does not cover it`, fix: `Ask for a name that ${wild} covers, or name ${host} in the Ingress or HTTPRoute too.` };
  }
  const [near] = similarNames(host, new Set(hosts.filter((each) => each !== '' && !isWildcard(each))));
  return near === undefined
    ? { fix: `Name ${host} in an Ingress or an HTTPRoute, or ask for the address itself.` }
    : { hint: `did you mean ${near}?`, fix: `Ask for ${near}, or name ${host} in the Ingress or HTTPRoute instead.` };
}

/** For a name that exists without an address: if it is an ExternalName Service, its target has none. */
function noAddress(state: ClusterState, { pod }: ResolvedSource, host: string): Details {
  const asked = clusterName(state, host, pod?.namespace ?? 'default');
  const service = asked && state.service(asked.namespace, asked.name);
  return service && service.externalName !== null ? { ...externalNameWithoutAddress(state, service, service.externalName) } : {};
}

function externalNameWithoutAddress(state: ClusterState, { namespace, name }: ServiceView, target: string): Cause {
  const subject = `Service ${namespace}/${name}`;
  const named = clusterName(state, target, '');
  const [near] = named && named.end !== '' ? namesNear(state, named, undefined) : [];
  return {
    why: `${subject} is an ExternalName for ${target}, which has none${near === undefined ? '' : ` (did you mean ${near}?)`}`,
    fix: `Set externalName of ${subject} to ${near ?? 'a name that has an address'}.`,
  };
}

/** For an ExternalName that is a Service's short name: only a search path would complete it, and none applies to a CNAME. */
function shortAlias(state: ClusterState, subject: string, target: string): Cause | undefined {
  const asked = clusterName(state, target, '');
  if (!asked || asked.isMistyped || !state.service(asked.namespace, asked.name)) return undefined;
  const full = `${asked.name}.${asked.namespace}.svc.${state.settings.clusterDomain}`;
  return {
    why: `${subject} is an ExternalName for ${target}, and no search path completes the name that an ExternalName stands for`,
    fix: `Set externalName of ${subject} to ${full}.`,
  };
}

/** For a name below `svc` without a namespace. */
function withoutNamespace(state: ClusterState, host: string, own: string): Cause | undefined {
  const [name = '', below, ...domain] = labelsOf(host.toLowerCase());
  if (below !== 'svc' || domain.join('.') !== state.settings.clusterDomain.toLowerCase()) return undefined;
  const [namespace] = [own, ...[...state.namespaces()].map((each) => each.name)].filter((each) => state.service(each, name));
  return { why: `the namespace is missing between ${name} and svc`, fix: `Ask for ${name}.${namespace ?? '<namespace>'}.svc.${state.settings.clusterDomain}.` };
}

/** For a name that the cluster's DNS does not have: what is missing, or which similar names exist. */
function hint(state: ClusterState, { pod }: ResolvedSource, lookup: HostLookup): Details {
  const { host } = lookup;
  const own = pod?.namespace ?? 'default';
  const asked = clusterName(state, host, own);
  if (!asked) return as('subject', podNameCause(state, host, own) ?? withoutNamespace(state, host, own)) ?? {};
  const { name, namespace } = asked;
  const service = asked.isMistyped ? undefined : state.service(namespace, name);
  const target = service?.externalName ?? null;
  if (service && target !== null && parseIpv4(target) !== undefined) return as('subject', addressForName(service, target))!;
  if (service?.headless === true) return withoutEndpoints(state, service);
  if (service) {
    const { why, fix } = whyNotCompleted(state, service, lookup);
    return { subject: why, fix };
  }
  const ofPod = asked.isMistyped ? undefined : podNameCause(state, host, own);
  if (ofPod) return { subject: ofPod.why, fix: ofPod.fix };
  if (pod?.containers.some((each) => each.name === host)) {
    return {
      subject: `${host} is a container of pod ${nameOf(pod)} itself, and containers have no names in DNS`,
      fix: 'Ask for localhost: the containers of a pod share its network.',
    };
  }
  const absent = state.hasNamespace(namespace) ? '' : `there is no namespace "${namespace}"`;
  const meant = namesNear(state, asked, pod?.namespace);
  const parts = [absent, didYouMean(meant)].filter((part) => part !== '');
  if (parts.length === 0 && !asked.isMistyped && lookup.server === clusterDnsAddress(state)) {
    return {
      subject: `namespace ${namespace} has no Service ${name}`,
      fix: `Make Service ${namespace}/${name}, or correct the name: of a Service in another namespace it is <service>.<namespace>.`,
    };
  }
  return parts.length === 0
    ? {}
    : {
        subject: parts.join('; '),
        ...(meant[0] !== undefined && {
          fix: `Ask for ${meant[0]} instead${state.service(namespace, name) ? '' : `, or make Service ${namespace}/${name}`}.`,
        }),
      };
}

/** @source CoreDNS plugin/kubernetes: an ExternalName is a CNAME, which needs a name, not an address */
const addressForName = ({ namespace, name }: ServiceView, target: string): Cause => ({
  why: `externalName of Service ${namespace}/${name} is the address ${target} and no name, so that it has no CNAME`,
  fix: `Make Service ${namespace}/${name} one of clusterIP None without a selector, with an EndpointSlice that holds ${target}; or set its externalName to a name.`,
});

function withoutEndpoints(state: ClusterState, service: ServiceView): { readonly subject: string; readonly fix: string } {
  const { why, fix } = whyNoEndpoint(state, service, service.ports[0] ?? null);
  return { subject: `the Service ${service.namespace}/${service.name} is headless and has no ready endpoint (${why})`, fix };
}

/** For a name that outside servers might know: like `hint`, but only if the Service, its namespace or something similar exists in the cluster. */
function hintForOutsideName(state: ClusterState, { pod }: ResolvedSource, lookup: HostLookup): Details {
  const { host } = lookup;
  const own = pod?.namespace ?? 'default';
  const asked = clusterName(state, host, own);
  const service = !asked || asked.isMistyped ? undefined : state.service(asked.namespace, asked.name);
  const ofPod = service ? undefined : podNameCause(state, host, own);
  if (ofPod) return { hint: ofPod.why, fix: ofPod.fix };
  if (!asked) return {};
  if (!service) return noSuchService(state, asked, pod?.namespace);
  const subject = `Service ${service.namespace}/${service.name}`;
  if (service.externalName?.replace(/\.$/, '').toLowerCase().endsWith(`.${state.settings.clusterDomain}`)) {
    const { why, fix } = externalNameWithoutAddress(state, service, service.externalName);
    return { hint: why, fix };
  }
  const short = service.externalName === null ? undefined : shortAlias(state, subject, service.externalName);
  if (short) return { hint: short.why, fix: short.fix };
  if (service.externalName !== null) {
    return {
      hint: `${subject} is an ExternalName for ${service.externalName}`,
      fix: `Set externalName of ${subject} to a name of the cluster, or give ${service.externalName} an address in a hosts block of the Corefile (ConfigMap kube-system/coredns).`,
    };
  }
  if (service.headless && service.ports.every((port) => !state.endpoints(service, port).some(({ ready }) => ready))) {
    const { subject: lack, fix } = withoutEndpoints(state, service);
    return { hint: lack, fix };
  }
  const { why, fix } = whyNotCompleted(state, service, lookup);
  return { hint: why, fix };
}

const GIVE_ADDRESS = 'give the name an address, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod\'s hostAliases';

function noSuchService(state: ClusterState, asked: ClusterName, own: string | undefined): Details {
  const meant = namesNear(state, asked, own);
  if (meant[0] !== undefined) return { hint: didYouMean(meant), fix: `Ask for ${meant[0]} instead; or ${GIVE_ADDRESS}.` };
  const { name, namespace, isMistyped } = asked;
  if (isMistyped || !state.hasNamespace(namespace)) return {};
  return { hint: `the cluster's namespace ${namespace} has no Service ${name}`, fix: `Make Service ${namespace}/${name}; or ${GIVE_ADDRESS}.` };
}

/** For a Service whose short name the resolver does not complete. */
function whyNotCompleted({ settings: { clusterDomain } }: ClusterState, { namespace, name }: ServiceView, { host, resolver }: HostLookup): Cause {
  const full = `${name}.${namespace}.svc.${clusterDomain}`;
  const is = `Service ${namespace}/${name} is ${full}, and`;
  if (host.endsWith('.')) return { why: `${is} a name with a dot at its end is not completed`, fix: `Ask for ${full}, or leave out the dot.` };
  const search = resolver.search.length > 0 ? resolver.search.join(' ') : 'none';
  return {
    why: `${is} the search path (${search}) of the pod does not complete it`,
    fix: `Ask for ${full}, or give the pod ${full.slice(host.length + 1)} in dnsConfig.searches and an ndots option above ${labelsOf(host).length - 1}.`,
  };
}

interface ClusterName {
  readonly name: string;
  readonly namespace: string;
  /** The corrected part after the namespace: `''`, `.svc` or `.svc.cluster.local`. */
  readonly end: string;
  readonly isMistyped: boolean;
}

/** Reads a host as the name of a Service, tolerating typing mistakes in `svc` and the cluster's domain. @returns `undefined` if it cannot be one */
function clusterName({ settings }: ClusterState, host: string, own: string): ClusterName | undefined {
  const [name = '', namespace = own, below, ...domain] = labelsOf(host.toLowerCase());
  if (below === undefined) return { name, namespace, end: '', isMistyped: false };
  const zone = settings.clusterDomain.toLowerCase();
  const written = domain.join('.');
  const isNear = similarNames(below, ['svc']).length > 0 && (written === '' || similarNames(written, [zone]).length > 0);
  if (!isNear) return undefined;
  return { name, namespace, end: written === '' ? '.svc' : `.svc.${zone}`, isMistyped: below !== 'svc' || (written !== '' && written !== zone) };
}

/**
 * Suggests names such as `web.shop`: similar Services of the namespace, or of similar namespaces if it does not exist; else
 * Services of exactly this name in other namespaces.
 */
function namesNear(state: ClusterState, { name, namespace, end }: ClusterName, own: string | undefined): readonly string[] {
  const all = [...state.namespaces()].map((each) => each.name);
  const namespaces = state.hasNamespace(namespace) ? [namespace] : similarNames(namespace, all);
  const near = namespaces.flatMap((each) =>
    (state.service(each, name) ? [name] : state.similarNames('service', each, name)).map((service) => [service, each] as const),
  );
  const swapped = near.length === 0 && state.service(name, namespace) ? [[namespace, name] as const] : near;
  const meant =
    swapped.length > 0
      ? swapped
      : end === '' && namespace !== own
        ? []
        : all.filter((each) => state.service(each, name)).map((each) => [name, each] as const);
  return meant.slice(0, SUGGESTED).map(([service, each]) => (each === own && end === '' ? service : `${service}.${each}${end}`));
}

const didYouMean = (names: readonly string[]): string => (names.length > 0 ? `did you mean ${names.join(' or ')}?` : '');

const SUGGESTED = 3;
