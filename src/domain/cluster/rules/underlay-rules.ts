/** Rules for the gateway, the machines on the node network and those beyond the gateway. */
import { PORT_RANGE, duplicateValue, invalidValue } from '../api-messages.js';
import type { ClusterInput } from '../cluster-settings-schema.js';
import { parseListenPort } from '../listen-syntax.js';
import { dnsSubdomainProblem } from '../name-syntax.js';
import { extraRoutes } from '../node-seed.js';
import type { Report } from '../object-problem.js';
import { cidrOf, contains } from '../../values/cidr.js';
import { parseIpv4 } from '../../values/ipv4.js';
import type { AddressPlan } from './address-plan.js';
import { HostAddresses, readAddress } from './host-address.js';
import { machineNameProblem } from './machine-name.js';
import { checkRoutes } from './route-rules.js';
import { Seen } from './seen.js';

type Underlay = ClusterInput['underlay'];

function checkListen(listen: readonly string[], path: string, report: Report): void {
  for (const [index, text] of listen.entries()) {
    if (!parseListenPort(text)) report(`${path}[${index}]`, invalidValue(text, 'must be port/protocol, e.g. 80/tcp, with one of tcp, udp, sctp'));
  }
}

function checkPortForwards({ gateway }: Underlay, report: Report): void {
  const ports = new Seen();
  for (const [index, { protocol, port, to }] of gateway.portForwards.entries()) {
    const path = `underlay.gateway.portForwards[${index}]`;
    if (ports.add(`${protocol}/${port}`)) report(path, duplicateValue({ protocol, port }));
    const [address = '', target = '', ...rest] = to.split(':');
    const targetPort = /^\d{1,5}$/.test(target) ? Number(target) : 0;
    if (parseIpv4(address) === undefined || rest.length > 0) report(`${path}.to`, invalidValue(to, 'must be address:port, e.g. 192.168.1.11:30080'));
    else if (targetPort < 1 || targetPort > 65535) report(`${path}.to`, invalidValue(to, `the port ${PORT_RANGE}`));
  }
}

function checkInternetHosts({ internetHosts }: Underlay, plan: AddressPlan, report: Report): void {
  if (internetHosts === 'any') return;
  const inside = [
    { name: 'podCIDR', block: plan.pod }, { name: 'serviceCIDR', block: plan.service }, { name: 'underlay.nodeCIDR', block: plan.node },
    ...plan.loadBalancer.map((block, index) => ({
      name: index === 0 ? 'underlay.loadBalancer.cidr' : `underlay.loadBalancer.furtherCIDRs[${index - 1}]`,
      block,
    })),
    { name: 'the network of underlay.gateway.externalIP', block: plan.external?.network },
  ];
  const addresses = new Seen();
  for (const [index, { ip, listen }] of internetHosts.entries()) {
    const path = `underlay.internetHosts[${index}]`;
    const address = readAddress(ip, `${path}.ip`, report);
    const range = inside.find(({ block }) => block && address !== undefined && contains(block, address));
    if (range) report(`${path}.ip`, invalidValue(ip, `lies in ${range.name}: an internet host has an address outside of the cluster`));
    if (addresses.add(ip)) report(`${path}.ip`, duplicateValue(ip));
    checkListen(listen, `${path}.listen`, report);
  }
}

function checkLanHosts({ lanHosts }: Underlay, plan: AddressPlan, machines: HostAddresses, report: Report): void {
  const names = new Seen();
  for (const [index, { name, ip, listen, routes }] of lanHosts.entries()) {
    const path = `underlay.lanHosts[${index}]`;
    const problem = dnsSubdomainProblem(name) ?? machineNameProblem(name);
    if (problem !== undefined) report(`${path}.name`, invalidValue(name, problem));
    else if (names.add(name)) report(`${path}.name`, duplicateValue(name));
    machines.take(ip, `${path}.ip`, `lanHost ${name}`, report);
    checkListen(listen, `${path}.listen`, report);
    const own = parseIpv4(ip);
    checkRoutes(
      extraRoutes(routes),
      `${path}.routes`,
      [{ name: 'underlay.nodeCIDR', block: plan.node, isLink: true }],
      [{ name: 'its address', block: own === undefined ? undefined : cidrOf(own, 32) }],
      report,
    );
  }
}

/** @returns the addresses taken on the node network, to check the nodes against */
export function checkUnderlay(
  underlay: Underlay & { readonly gateway: { readonly internalIP?: string | undefined } },
  plan: AddressPlan,
  report: Report,
): HostAddresses {
  const machines = new HostAddresses(plan.node, 'underlay.nodeCIDR');
  if (underlay.gateway.internalIP !== undefined) machines.take(underlay.gateway.internalIP, 'underlay.gateway.internalIP', 'the gateway', report);
  const outside = new HostAddresses(plan.external?.network, 'the network of underlay.gateway.externalIP');
  if (plan.external) outside.take(underlay.gateway.externalIP.split('/')[0] ?? '', 'underlay.gateway.externalIP', 'the gateway', report);
  if (underlay.isp.ip !== undefined) outside.take(underlay.isp.ip, 'underlay.isp.ip', 'the ISP', report);
  checkPortForwards(underlay, report);
  checkInternetHosts(underlay, plan, report);
  checkLanHosts(underlay, plan, machines, report);
  return machines;
}
