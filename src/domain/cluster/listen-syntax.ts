/** The syntax of listening ports: `127.0.0.1:9000/tcp` in the annotation `packetwalk.dev/listen`, `80/tcp` in the settings. */
import { parseIpv4, UNSPECIFIED, type Ipv4 } from '../values/ipv4.js';
import type { ListenAddress } from './view.js';

export const LISTEN_ANNOTATION = 'packetwalk.dev/listen';

export interface ListenPort {
  readonly port: number;
  readonly protocol: ListenAddress['protocol'];
}

const PORT = /^(\d{1,5})\/(tcp|udp|sctp)$/i;

/** Parses `80/tcp`. @returns `undefined` for anything else. */
export function parseListenPort(text: string): ListenPort | undefined {
  const match = PORT.exec(text.trim());
  const port = Number(match?.[1]);
  if (!match || port < 1 || port > 65535) return undefined;
  return { port, protocol: (match[2] ?? '').toUpperCase() as ListenPort['protocol'] };
}

/** Parses one entry: `address:port/protocol`; without an address it is for all addresses. */
function parseEntry(entry: string): ListenAddress | undefined {
  const colon = entry.lastIndexOf(':');
  const host = entry.slice(0, Math.max(colon, 0)).trim();
  const address: Ipv4 | undefined = host === '' || host === '*' ? UNSPECIFIED : parseIpv4(host);
  const listenPort = parseListenPort(entry.slice(colon + 1));
  return address === undefined || !listenPort ? undefined : { address, ...listenPort };
}

/**
 * Parses a comma-separated list. Blank text is an empty list, for a pod that listens on nothing.
 *
 * @returns the valid entries, and one problem for each invalid one
 */
export function parseListen(text: string): { readonly addresses: readonly ListenAddress[]; readonly problems: readonly string[] } {
  const addresses: ListenAddress[] = [];
  const problems: string[] = [];
  for (const entry of text.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const address = parseEntry(entry);
    if (address) addresses.push(address);
    else {
      problems.push(
        `${JSON.stringify(entry)} must be address:port/protocol, e.g. 0.0.0.0:8080/tcp, with a port between 1 and 65535 and one of tcp, udp, sctp`,
      );
    }
  }
  return { addresses, problems };
}
