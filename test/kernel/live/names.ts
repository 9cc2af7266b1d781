import type { Names } from '../canonical.js';
import { deviceName } from '../../../src/render/lab/lab-names.js';
import type { LabFlow } from './lab.js';

export interface FlowNames extends Names {
  /** `ip:port`, with ports that the kernel chose as p1, p2, … */
  end(address: string): string;
  /** The same with `?` for those. */
  masked(address: string): string;
}

/** The model's internet has one host at a time, behind the router's eth1; in a lab each has an interface of its own. */
export const interfaceOf = (netns: string, device: string): string => (netns === 'isp' && device !== 'eth0' ? 'eth1' : deviceName(device));

/** @param known ports that the cluster or the flow names; every other one was chosen on the way */
export function namesFor(flow: LabFlow, known: ReadonlySet<number>): FlowNames {
  const chosen = new Map<number, string>();
  const isChosen = (number: number): boolean => !known.has(number) && number !== flow.sourcePort && number !== flow.port;
  const port = (number: number): string => {
    if (!isChosen(number)) return String(number);
    const name = chosen.get(number) ?? `p${chosen.size + 1}`;
    chosen.set(number, name);
    return name;
  };
  return {
    datagramBytes: flow.payloadBytes ?? 0,
    place: (netns, device) => `${netns}/${interfaceOf(netns, device)}`,
    port,
    end: (address) => withPort(address, port),
    masked: (address) => withPort(address, (number) => (isChosen(number) ? '?' : String(number))),
  };
}

function withPort(address: string, name: (port: number) => string): string {
  const [ip, number] = address.split(':');
  return number === undefined ? address : `${ip}:${name(Number(number))}`;
}
