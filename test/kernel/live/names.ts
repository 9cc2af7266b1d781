import type { Names } from '../canonical.js';
import { deviceName } from '../../../src/render/lab/lab-names.js';
import type { LabFlow } from './lab.js';

export interface FlowNames extends Names {
  /** `ip:port`; ports that the kernel chose are written as p1, p2, … */
  end(address: string): string;
  /** The same, but such ports are written as `?`. */
  masked(address: string): string;
}

/** The interface's name in the model, whose isp has only the interface eth1 to the internet; in a lab it has one for each internet host. */
export const interfaceOf = (netns: string, device: string): string => (netns === 'isp' && device !== 'eth0' ? 'eth1' : deviceName(device));

/** @param known ports that the cluster or the flow names; all others were chosen by the kernel */
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
