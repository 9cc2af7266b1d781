/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateEndpoints` */
import { invalidValue, requiredValue } from '../api-messages.js';
import { ipProblem } from '../ip-syntax.js';
import { withoutPadding } from '../legacy-address.js';
import type { Endpoints } from '../kinds/endpoints.js';
import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { specialAddressProblem } from './endpoint-slice-rules.js';

type Subset = DeepPartial<NonNullable<Endpoints['subsets']>[number]>;

function checkAddresses(addresses: Subset['addresses'], path: string, report: Report): void {
  for (const [index, { ip, hostname, nodeName }] of (addresses ?? []).entries()) {
    const problems = {
      ip: ip === undefined ? undefined : (ipProblem(withoutPadding(ip)) ?? specialAddressProblem(ip)),
      hostname: hostname === undefined || hostname === '' ? undefined : dnsLabelProblem(hostname),
      nodeName: nodeName === undefined ? undefined : dnsSubdomainProblem(nodeName),
    };
    if (problems.ip !== undefined) report(`${path}[${index}].ip`, invalidValue(ip, problems.ip));
    if (problems.hostname !== undefined) report(`${path}[${index}].hostname`, invalidValue(hostname, problems.hostname));
    if (problems.nodeName !== undefined) report(`${path}[${index}].nodeName`, invalidValue(nodeName, problems.nodeName));
  }
}

function checkPorts(ports: NonNullable<Subset['ports']>, path: string, report: Report): void {
  for (const [index, { name = '', appProtocol }] of ports.entries()) {
    const problem = name === '' ? undefined : dnsLabelProblem(name);
    if (name === '' && ports.length > 1) report(`${path}[${index}].name`, requiredValue());
    if (problem !== undefined) report(`${path}[${index}].name`, invalidValue(name, problem));
    const protocolProblem = appProtocol === undefined ? undefined : qualifiedNameProblem(appProtocol);
    if (protocolProblem !== undefined) report(`${path}[${index}].appProtocol`, invalidValue(appProtocol, protocolProblem));
  }
}

export function checkEndpoints({ subsets = [] }: DeepPartial<Endpoints>, report: Report): void {
  for (const [index, { addresses, notReadyAddresses, ports }] of subsets.entries()) {
    const at = `subsets[${index}]`;
    if ((addresses ?? []).length === 0 && (notReadyAddresses ?? []).length === 0) report(at, requiredValue('must specify `addresses` or `notReadyAddresses`'));
    checkAddresses(addresses, `${at}.addresses`, report);
    checkAddresses(notReadyAddresses, `${at}.notReadyAddresses`, report);
    checkPorts(ports ?? [], `${at}.ports`, report);
  }
}
