/** A trace for a terminal: the verdict first, then a block per place and a line per step, there and back, within 100 columns. */
import { hostWithoutPort } from '../../domain/http/http-request.js';
import type { HttpResult } from '../../domain/trace/trace.js';
import type { StepJson } from '../json/step-json.js';
import type { BackendJson, ClientSeesJson, ConnectionJson, LegJson, PathJson, TraceJson } from '../json/trace-json.js';
import { placeWords } from '../json/place-words.js';
import { ruled, wrap } from './layout.js';
import { requestText } from './request-text.js';
import { stepLines } from './step-text.js';

const LABEL_WIDTH = 15;

/** `  client sees    connected from 10.96.0.12:80` */
const fact = (label: string, value: string): string[] => wrap(value, `  ${label.padEnd(LABEL_WIDTH)}`, ' '.repeat(LABEL_WIDTH + 2));

const backendWords = ({ ip, port, pod, node }: BackendJson): string =>
  `${ip}:${port}${pod === null ? '' : `, pod ${pod}`}${node === null ? '' : ` on ${node}`}`;

export const outcomeWords = ({ outcome, from, afterSeconds }: ClientSeesJson): string =>
  `${outcome}${from === null ? '' : ` from ${from}`}${afterSeconds === 0 ? '' : ` after ${afterSeconds} s`}`;

function httpFacts({
  status,
  ingress,
  gateway,
  route,
  rule,
  backendService,
  backendPort,
  location,
  host,
  path,
  tls,
  backendRequest,
  mirrors,
}: HttpResult): string[] {
  const led = [
    ingress === null ? null : `Ingress ${ingress}`,
    gateway === null ? null : `Gateway ${gateway}`,
    route === null ? null : `HTTPRoute ${route}`,
    rule,
  ].filter((part) => part !== null);
  const origin = Object.entries(backendRequest?.headers ?? {})
    .filter(([name]) => name === 'X-Forwarded-For' || name === 'X-Real-IP' || name === 'Forwarded')
    .map(([name, value]) => `${name}: ${value}`);
  return [
    ...fact('HTTP', `${status ?? 'no answer'}${location === null ? '' : ` to ${location} (not followed)`}`),
    ...(led.length === 0 ? [] : fact('rule', led.join(', '))),
    ...(backendService === null ? [] : fact('service', `${backendService}${backendPort === null ? '' : ` port ${backendPort}`}`)),
    ...(backendRequest === null || (backendRequest.path === path && hostWithoutPort(backendRequest.host) === host)
      ? []
      : fact('rewritten', `the backend is asked for ${backendRequest.host}${backendRequest.path}`)),
    ...(tls === null ? [] : fact('TLS', `${tls.serverName}, certificate: ${tls.certificate}`)),
    ...(origin.length === 0 ? [] : fact('headers', origin.join(', '))),
    ...(mirrors.length === 0 ? [] : fact('copied to', `${mirrors.join(', ')} (the answers are thrown away)`)),
  ];
}

function pathFacts({ disposition, reason, backend, clientSees, seenByServer, http, connections }: PathJson): string[] {
  const lines = reason === null
    ? fact('outcome', disposition)
    : [
        ...fact('reason', reason.message),
        ...fact('likely fix', reason.fix),
        ...fact('outcome', `${disposition}${reason.code === disposition ? '' : `, ${reason.code}`}${reason.step === '' ? '' : ` at ${reason.step}`}`),
      ];
  if (http !== undefined) lines.push(...httpFacts(http));
  if (backend !== null) lines.push(...fact('backend', backendWords(backend)));
  lines.push(...fact('client sees', outcomeWords(clientSees)));
  if (seenByServer !== null) lines.push(...fact('server sees', `${seenByServer.source} → ${seenByServer.destination}`));
  const shown = http === undefined ? connections.slice(-1) : connections.filter(({ role }) => role !== 'DNS');
  for (const { type, netns, hook, before, after } of shown.flatMap(({ translations }) => translations)) {
    lines.push(...fact(type, `${before} → ${after} at ${placeWords(netns).inside}, ${hook}`));
  }
  return lines;
}

/** Consecutive steps in one place, under a heading with its name. */
function blocks(steps: readonly StepJson[]): string[] {
  const lines: string[] = [];
  let netns: string | null = null;
  let quoted = new Set<string>();
  for (const step of steps) {
    if (step.at.netns !== netns) {
      netns = step.at.netns;
      quoted = new Set();
      lines.push('', ...wrap(placeWords(netns).inside, '● ', '  '));
    }
    lines.push(...stepLines(step, quoted));
  }
  return lines;
}

const legLines = (title: string, { disposition, steps }: LegJson): string[] => ['', ...ruled(`${title}: ${disposition}`, '─'), ...blocks(steps)];

export const ROLES: Record<ConnectionJson['role'], string> = { DNS: 'the DNS lookup', CLIENT: 'the client\'s', PROXY: 'from the proxy to its backend' };

function connectionLines(connection: ConnectionJson, index: number, count: number): string[] {
  const lines = count === 1 ? [] : ['', ...ruled(`connection ${index + 1} of ${count}, ${ROLES[connection.role]}: ${connection.disposition}`, '━')];
  lines.push(...legLines('there', connection.forward));
  lines.push(...(connection.return === null ? ['', ...ruled('and back: nothing comes back', '─')] : legLines('and back', connection.return)));
  if (connection.data) lines.push(...legLines('data on the open connection', connection.data));
  return lines;
}

function pathLines(path: PathJson, index: number, count: number): string[] {
  // The facts of a single path are at the top already.
  const lines = count === 1 ? [] : ['', ...ruled(`path ${index + 1} of ${count}, weight ${path.weight}`, '═'), ...pathFacts(path)];
  path.connections.forEach((connection, each) => lines.push(...connectionLines(connection, each, path.connections.length)));
  return lines;
}

/** A table of several paths, or the facts of a single one. */
function overview({ paths, totalPaths, truncated }: TraceJson): string[] {
  const [only] = paths;
  if (paths.length === 1 && only) return [...pathFacts(only), ...(totalPaths > 1 ? fact('weight', `${only.weight}: one of ${totalPaths} paths`) : [])];
  const lines = fact('paths', truncated ? `${paths.length} of ${totalPaths}` : String(totalPaths));
  for (const { weight, backend, disposition, reason } of paths) {
    const outcome = `${backend === null ? 'no endpoint' : backendWords(backend)}: ${disposition}${reason === null ? '' : ` (${reason.code})`}`;
    lines.push(...wrap(outcome, `    ${weight.padEnd(LABEL_WIDTH - 2)}`, ' '.repeat(LABEL_WIDTH + 2)));
  }
  return lines;
}

export function renderTraceText(trace: TraceJson): string {
  const lines = wrap(requestText(trace.request), `${trace.verdict}  `, ' '.repeat(trace.verdict.length + 2));
  for (const warning of trace.warnings) lines.push(...fact('warning', warning));
  if (trace.met !== undefined) lines.push(...fact('expectation', trace.met ? 'met' : 'not met'));
  for (const { field, expected, actual } of trace.differences ?? []) lines.push(...fact('', `${field}: expected ${expected}, is ${actual}`));
  lines.push(...overview(trace));
  const state = trace.stateRevision === undefined ? '' : `, live state ${trace.stateRevision} at ${trace.clockSeconds} s`;
  lines.push(...fact('cluster', `${trace.cluster}, revision ${trace.revision}${state}${trace.id === null ? '' : `, trace ${trace.id}`}`));
  trace.paths.forEach((path, index) => lines.push(...pathLines(path, index, trace.paths.length)));
  return `${lines.join('\n')}\n`;
}
