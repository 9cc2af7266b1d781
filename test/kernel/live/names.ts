import type { Names } from '../canonical.js';
import { deviceName } from '../../../src/render/lab/lab-names.js';
import type { LabFlow } from './lab.js';

export interface FlowNames extends Names {
  /** `ip:port`, with ports that the kernel chose as p1, p2, … */
  end(address: string): string;
  /** The same with `?` for those. */
  masked(address: string): string;
}

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
    place: (netns, device) => `${netns}/${deviceName(device)}`,
    port,
    end: (address) => withPort(address, port),
    masked: (address) => withPort(address, (number) => (isChosen(number) ? '?' : String(number))),
  };
}

function withPort(address: string, name: (port: number) => string): string {
  const [ip, number] = address.split(':');
  return number === undefined ? address : `${ip}:${name(Number(number))}`;
}
