import type { RequestJson } from '../json/trace-json.js';

/** The ends of a flow in words. A stored request may lack newer fields; they are left out. */
type End = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null);

function sourceWords(from: End): string {
  const container = text(from['container']);
  const bound = text(from['source']);
  const suffix = (container === null ? '' : ` (container ${container})`) + (bound === null ? '' : ` from ${bound}`);
  for (const [field, name] of [['pod', 'pod '], ['deployment', 'deployment '], ['node', ''], ['internet', 'internet host '], ['lan', 'LAN host ']] as const) {
    const value = text(from[field]);
    if (value !== null) return name + value + suffix;
  }
  return `${text(from['ip']) ?? 'an address'} arriving at ${text(from['at']) ?? 'a node'}`;
}

function destinationWords(to: End): string {
  const port = text(to['port']);
  const suffix = port === null ? '' : ` port ${port}`;
  const service = text(to['service']);
  if (service !== null) {
    const via = text(to['via']);
    const node = text(to['node']);
    return `service ${service}${suffix}${via === null || via === 'clusterIP' ? '' : ` by its ${via}`}${node === null ? '' : ` at ${node}`}`;
  }
  const container = text(to['container']);
  const method = text(to['method']);
  for (const [field, name] of [
    ['pod', 'pod '],
    ['host', ''],
    ['url', method === null || method === 'GET' ? '' : `${method} `],
    ['ip', ''],
    ['node', ''],
  ] as const) {
    const value = text(to[field]);
    if (value !== null) return `${name}${value}${container === null ? '' : ` (container ${container})`}${suffix}`;
  }
  return 'an unknown destination';
}

const USUAL_TTL = 64;

/** `pod default/client → service default/web port 80, TCP`, plus settings that are not the default. */
export const requestText = ({ from, to, protocol, ttl = USUAL_TTL, payloadBytes = 0 }: RequestJson): string =>
  [
    `${sourceWords(from as End)} → ${destinationWords(to as End)}`,
    protocol,
    ...(ttl === USUAL_TTL ? [] : [`TTL ${ttl}`]),
    ...(payloadBytes === 0 ? [] : [`${payloadBytes} bytes`]),
  ].join(', ');
