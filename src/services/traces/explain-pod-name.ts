/** Names of pods: a pod has one by its hostname and its subdomain alone, below the Service of that name. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { PodView, ServiceView } from '../../domain/cluster/view.js';
import { labelsOf } from '../../domain/dns/dns-name.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Cause } from './explain-endpoints.js';
import { named } from './listed.js';
import { nameOf } from './name-of.js';

/** @param own the namespace of who asks. @returns `undefined`: the host looks like the name of no pod */
export function podNameCause(state: ClusterState, host: string, own: string): Cause | undefined {
  const [name = '', subdomain, namespace = own, below = 'svc'] = labelsOf(host.toLowerCase());
  if (subdomain === undefined) return bareName(state, own, name);
  const service = below === 'svc' ? state.service(namespace, subdomain) : undefined;
  if (service) return service.externalName === null ? belowService(state, service, name) : undefined;
  const pod = below === 'svc' ? state.pod(namespace, name) : undefined;
  return pod?.subdomain === subdomain ? belowNothing(state, pod, subdomain) : undefined;
}

/** A pod whose subdomain names no Service, as a StatefulSet's serviceName may. */
function belowNothing(state: ClusterState, pod: PodView, subdomain: string): Cause {
  const headless = state.servicesSelecting(pod.namespace, pod.labels).find((each) => each.headless);
  return {
    why: `the subdomain of pod ${nameOf(pod)} is ${subdomain}, and there is no Service ${pod.namespace}/${subdomain}`,
    fix: headless ? `Set the subdomain of pod ${nameOf(pod)} to ${headless.name} (for a StatefulSet its serviceName), and ask for ${pod.hostname ?? pod.name}.${headless.name}.`
      : `Make Service ${pod.namespace}/${subdomain} with clusterIP None and a selector for pod ${nameOf(pod)}.`,
  };
}

function bareName(state: ClusterState, namespace: string, name: string): Cause | undefined {
  const pod = state.pod(namespace, name);
  if (!pod) return undefined;
  if (pod.subdomain !== null && state.service(namespace, pod.subdomain)) {
    const full = `${pod.hostname ?? name}.${pod.subdomain}`;
    return { why: `the name of pod ${nameOf(pod)} is ${full}`, fix: `Ask for ${full} instead.` };
  }
  const [service] = state.servicesSelecting(namespace, pod.labels);
  const ask = [...(service ? [`Service ${service.name}, which selects it`] : []), ...(pod.ip === null ? [] : [`its address ${formatIpv4(pod.ip)}`])].join(', or for ');
  return { why: `${nameOf(pod)} is a pod, and a pod's own name is not in DNS`, fix: ask === '' ? 'Make a Service that selects the pod, and ask for that.' : `Ask for ${ask}.` };
}

function belowService(state: ClusterState, service: ServiceView, hostname: string): Cause {
  const pod = state.pod(service.namespace, hostname);
  const subject = `Service ${nameOf(service)}`;
  if (pod?.subdomain === service.name) return { why: `pod ${nameOf(pod)} is no ready endpoint of ${subject}`, fix: `Make pod ${nameOf(pod)} Ready, or set publishNotReadyAddresses of ${subject} to true.` };
  const set = `Set hostname to ${hostname} and subdomain to ${service.name}`;
  if (pod) return { why: `pod ${nameOf(pod)} has not the subdomain ${service.name}`, fix: `${set} in pod ${nameOf(pod)} (for a StatefulSet its serviceName).` };
  const pods = service.selector ? state.podsMatching(service.namespace, service.selector) : [];
  const theirs = pods.flatMap((each) => (each.subdomain === service.name ? each.hostname ?? [] : []));
  return { why: `${subject} has no pod with the hostname ${hostname}${theirs.length > 0 ? `, but ${named(theirs)}` : ''}`, fix: `${theirs.length > 0 ? `Ask for ${theirs[0]!}.${service.name} or another of these, or start` : 'Start'} a pod with this hostname and the subdomain ${service.name}.` };
}
