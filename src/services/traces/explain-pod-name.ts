/** Explains why a host that looks like a pod's name is not in DNS: a pod has a name only below the Service that its subdomain names. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { matchesLabels } from '../../domain/cluster/label-selector.js';
import type { PodView, ServiceView } from '../../domain/cluster/view.js';
import { labelsOf } from '../../domain/dns/dns-name.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Cause } from './explain-endpoints.js';
import { named } from './listed.js';
import { MOST_SEARCHED } from './most-searched.js';
import { nameOf } from './name-of.js';

/** @param own the client's namespace @returns `undefined` if the host does not look like a pod's name */
export function podNameCause(state: ClusterState, host: string, own: string): Cause | undefined {
  const [name = '', subdomain, namespace = own, below = 'svc'] = labelsOf(host.toLowerCase());
  if (subdomain === undefined) return bareName(state, own, name);
  const service = below === 'svc' ? state.service(namespace, subdomain) : undefined;
  if (service) return service.externalName === null ? belowService(state, service, name) : undefined;
  const pod = below === 'svc' ? podNamed(state, namespace, name, subdomain) : undefined;
  return pod && subdomainWithoutService(state, pod, subdomain);
}

/** The pod of a subdomain with this name or hostname. */
function podNamed(state: ClusterState, namespace: string, name: string, subdomain: string): PodView | undefined {
  const pod = state.pod(namespace, name);
  if (pod?.subdomain === subdomain || state.podCount() > MOST_SEARCHED) return pod?.subdomain === subdomain ? pod : undefined;
  return state.podsIn(namespace).find((each) => each.subdomain === subdomain && each.hostname?.toLowerCase() === name);
}

/** For a pod whose subdomain is not the name of a Service, e.g. because of a StatefulSet's wrong serviceName. */
function subdomainWithoutService(state: ClusterState, pod: PodView, subdomain: string): Cause {
  const headless = state.servicesSelecting(pod.namespace, pod.labels).find((each) => each.headless);
  const hostname = pod.hostname ?? pod.name;
  const who = `pod ${nameOf(pod)}`;
  const why = `the subdomain of ${who} is ${subdomain}, and there is no Service ${pod.namespace}/${subdomain}`;
  if (headless) {
    const fields = pod.hostname === null ? `hostname of ${who} to ${hostname} and its subdomain` : `subdomain of ${who}`;
    const rename = forStatefulSet(state, pod, headless.name) ?? `Set the ${fields} to ${headless.name} (for a StatefulSet its serviceName)`;
    return { why, fix: `${rename}, and ask for ${hostname}.${headless.name}.` };
  }
  const setHostname = pod.hostname === null ? `, and set hostname of the pod to ${hostname}` : '';
  return { why, fix: `Make Service ${pod.namespace}/${subdomain} with clusterIP None and a selector for ${who}${setHostname}.` };
}

/**
 * The fix for a pod of a StatefulSet, whose subdomain is the serviceName, which cannot be updated; `undefined` for other
 * pods.
 *
 * @source kubernetes/kubernetes pkg/apis/apps/validation `ValidateStatefulSetUpdate`
 */
function forStatefulSet(state: ClusterState, { namespace, name }: PodView, service: string): string | undefined {
  const owner = state.podFacts(namespace, name)?.owner;
  return owner?.kind === 'StatefulSet' ? `Delete StatefulSet ${namespace}/${owner.name} and make it anew with the serviceName ${service}` : undefined;
}

function bareName(state: ClusterState, namespace: string, name: string): Cause | undefined {
  const pod = state.pod(namespace, name);
  if (!pod) return undefined;
  if (pod.hostname !== null && pod.subdomain !== null && state.service(namespace, pod.subdomain)) {
    const full = `${pod.hostname}.${pod.subdomain}`;
    return { why: `the name of pod ${nameOf(pod)} is ${full}`, fix: `Ask for ${full} instead.` };
  }
  const [service] = state.servicesSelecting(namespace, pod.labels);
  const ask = [
    ...(service ? [`Service ${service.name}, which selects it`] : []),
    ...(pod.ip === null ? [] : [`its address ${formatIpv4(pod.ip)}`]),
  ].join(', or for ');
  return {
    why: `${nameOf(pod)} is a pod, and a pod's own name is not in DNS`,
    fix: ask === '' ? 'Make a Service that selects the pod, and ask for that.' : `Ask for ${ask}.`,
  };
}

function belowService(state: ClusterState, service: ServiceView, hostname: string): Cause {
  const pods = service.selector ? state.podsMatching(service.namespace, service.selector) : [];
  const ofService = pods.filter((each) => each.subdomain === service.name && each.hostname !== null);
  const pod = ofService.find((each) => each.hostname?.toLowerCase() === hostname) ?? state.pod(service.namespace, hostname);
  return pod ? nameOfPod(state, service, pod, hostname) : noPodWithHostname(service, ofService.flatMap((each) => each.hostname ?? []), hostname);
}

/** For a pod with this name or hostname: why it has no name below the Service. */
function nameOfPod(state: ClusterState, service: ServiceView, pod: PodView, hostname: string): Cause {
  const [who, subject] = [`pod ${nameOf(pod)}`, `Service ${nameOf(service)}`];
  if (pod.subdomain !== service.name) {
    return {
      why: `${who} has ${pod.subdomain === null ? 'no subdomain' : `the subdomain ${pod.subdomain}`}, not ${service.name}`,
      fix: `${forStatefulSet(state, pod, service.name) ?? `Set hostname to ${hostname} and subdomain to ${service.name} in ${who} (for a StatefulSet its serviceName)`}.`,
    };
  }
  if (pod.hostname === null) return { why: `${who} has the subdomain ${service.name}, but no hostname`, fix: `Set hostname of ${who} to ${hostname}.` };
  if (pod.hostname.toLowerCase() !== hostname) {
    return {
      why: `the hostname of ${who} is ${pod.hostname}`,
      fix: `Ask for ${pod.hostname}.${service.name} instead, or set hostname of ${who} to ${hostname}.`,
    };
  }
  if (!service.selector || !matchesLabels(service.selector, pod.labels)) {
    return {
      why: `${subject} does not select ${who}`,
      fix: `Give ${subject} a selector for the labels of ${who}, or the pod those that the Service selects.`,
    };
  }
  return { why: `${who} is no ready endpoint of ${subject}`, fix: `Make ${who} Ready, or set publishNotReadyAddresses of ${subject} to true.` };
}

function noPodWithHostname(service: ServiceView, theirs: readonly string[], hostname: string): Cause {
  return {
    why: `Service ${nameOf(service)} has no pod with the hostname ${hostname}${theirs.length > 0 ? `, but ${named(theirs)}` : ''}`,
    fix: `${theirs.length > 0 ? `Ask for ${theirs[0]!}.${service.name} or another of these, or start` : 'Start'} a pod with this hostname and the subdomain ${service.name}.`,
  };
}
