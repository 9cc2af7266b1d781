/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `validatePodDNSConfig` */
import { invalidValue, requiredValue } from '../api-messages.js';
import { ipProblem } from '../ip-syntax.js';
import type { PodSpec } from '../kinds/pod.js';
import { dnsSubdomainWithUnderscoreProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';

/** The limits of libc's resolver. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

export function checkDnsConfig({ dnsPolicy, dnsConfig }: DeepPartial<PodSpec>, path: string, report: Report): void {
  if (!dnsConfig) {
    if (dnsPolicy === 'None') report(path, requiredValue('must provide `dnsConfig` when `dnsPolicy` is None'));
    return;
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  if (dnsPolicy === 'None' && nameservers.length === 0) {
    return report(`${path}.nameservers`, requiredValue('must provide at least one DNS nameserver when `dnsPolicy` is None'));
  }
  if (nameservers.length > MAX_NAMESERVERS) report(`${path}.nameservers`, invalidValue(nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`));
  for (const [index, address] of nameservers.entries()) {
    const problem = ipProblem(address);
    if (problem !== undefined) report(`${path}.nameservers[${index}]`, invalidValue(address, problem));
  }
  if (searches.length > MAX_SEARCHES) report(`${path}.searches`, invalidValue(searches, `must not have more than ${MAX_SEARCHES} search paths`));
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    report(
      `${path}.searches`,
      invalidValue(searches, `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`),
    );
  }
  for (const [index, search] of searches.entries()) {
    const problem = search === '.' ? undefined : dnsSubdomainWithUnderscoreProblem(search.replace(/\.$/, ''));
    if (problem !== undefined) report(`${path}.searches[${index}]`, invalidValue(search, problem));
  }
  for (const [index, { name = '' }] of options.entries()) if (name === '') report(`${path}.options[${index}]`, requiredValue('must not be empty'));
}
