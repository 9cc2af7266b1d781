/** A running lab, built by the product's own script, which also sends the packets. */
import { execFile, execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ErrorBudget } from './error-budget.js';
import type { KeyedFrame } from './numbered.js';

export interface Announcement {
  readonly node: string;
  readonly ip: string;
}

/** The input of `trace --json` of a lab script. */
export interface LabFlow {
  readonly from: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly to: string;
  readonly port?: number;
  readonly source?: string;
  /** If set, the packet arrives from outside at the node's eth0 with this source address, which may be anyone's. */
  readonly arrives?: string;
  readonly sourcePort?: number;
  readonly ttl?: number;
  readonly payloadBytes?: number;
  readonly dontFragment?: boolean;
  readonly neighbours?: 'COLD' | 'WARM';
  /** `FRESH` for the first of several flows that use the same tables, `KEPT` for the later ones. */
  readonly state?: 'FRESH' | 'KEPT';
  /** Nodes whose links are down for this flow; if unset, the same as before. */
  readonly cut?: readonly string[];
  /** Flows after this one was answered: the connection after a name lookup, or that of a proxy to its backend. */
  readonly next?: readonly LabFlow[];
  /** After a change of the cluster: the UDP connections that kube-proxy keeps, as `netns UDP source destination`. */
  readonly kept?: readonly string[];
  /** Before the flow, this node announces an address by a gratuitous ARP request. */
  readonly announcement?: Announcement;
  /** Of several flows, the one whose outcome the client sees. */
  readonly decides?: boolean;
}

/** The output of `trace --json` of a lab script. */
export interface LabAnswer {
  readonly outcome: string;
  readonly from: string | null;
  /** Rows of protocol, machine, client and own address. */
  readonly served: readonly (readonly [string, string, string, string])[];
  readonly frames: readonly KeyedFrame[];
  /** Rows of machine and line. */
  readonly conntrack: readonly (readonly [string, string])[];
  /** Rows of machine, interface, address, MAC address and state. */
  readonly neighbours: readonly (readonly [string, string, string, string | null, string])[];
  /** Rows of machine, table, rule and number of packets. */
  readonly rules: readonly (readonly [string, string, string, number])[];
}

/** Longest time for one flow, on a busy machine. */
const TIMEOUT_MS = 60_000;
/** Longest time for building or removing a lab. */
const BUILDING_MS = 120_000;

const run = promisify(execFile);

export class Lab {
  readonly #folder = mkdtempSync(join(tmpdir(), 'packetwalk-lab-'));
  readonly #script = join(this.#folder, 'lab.sh');
  #tracer: ChildProcessWithoutNullStreams | null = null;
  #lines: AsyncIterator<string> | null = null;
  readonly #errors = new ErrorBudget();
  /** Outcomes of the flows since the tables were empty, by their ends. */
  readonly #outcomes = new Map<string, string>();

  /** Removes the lab if the process is interrupted. */
  readonly #atExit = (): void => {
    execFileSync('sh', [this.#script, 'down'], { stdio: 'ignore', timeout: BUILDING_MS });
    rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor(script: string) {
    writeFileSync(this.#script, script);
  }

  async up(): Promise<void> {
    process.on('exit', this.#atExit);
    await run('sh', [this.#script, 'up'], { timeout: BUILDING_MS });
  }

  async down(): Promise<void> {
    this.#tracer?.kill('SIGKILL');
    this.#tracer = null;
    await run('sh', [this.#script, 'down'], { timeout: BUILDING_MS });
    rmSync(this.#folder, { recursive: true, force: true });
    process.off('exit', this.#atExit);
  }

  /**
   * Makes of what is up the cluster of another script of the same name, as far as pods that go and come back, routes and
   * rules. A pod that is gone leaves its namespace, without a cable.
   */
  async follow(script: string): Promise<void> {
    const functions = join(this.#folder, 'functions.sh');
    writeFileSync(functions, script.slice(0, script.lastIndexOf('main "$@"')));
    for (const { namespace, device, rest } of podCables(script)) {
      if (!(await hasDevice(namespace, device))) await run('ip', ['-n', namespace, 'link', 'add', device, ...rest]);
    }
    for (const { namespace, device, rest } of podCables(readFileSync(this.#script, 'utf8'))) {
      if (script.includes(` name ${device} `) || !(await hasDevice(namespace, device))) continue;
      await run('ip', ['-n', namespace, 'link', 'delete', device]);
      await run('ip', ['netns', 'exec', rest.at(-1)!, 'ss', '-K', '-t', 'state', 'connected']); // its programs keep listening, for when the pod is created again
    }
    for (const [namespace, wanted] of routesOf(script)) {
      const { stdout } = await run('ip', ['-n', namespace, 'route', 'show']);
      const stale = stdout
        .split('\n')
        .map((line) => line.replace(' linkdown', '').trim())
        .filter((line) => line !== '' && !line.includes('proto kernel') && !wanted.has(line));
      for (const line of stale) await run('ip', ['-n', namespace, 'route', 'delete', ...line.split(' ')]);
    }
    await run('sh', ['-c', `. '${functions}' && build_machines`], { timeout: BUILDING_MS });
  }

  /** Did the same flow time out before? Its server may still wait for the rest of that connection. */
  wasLost(flow: LabFlow): boolean {
    const outcome = flow.state === 'KEPT' && flow.protocol === 'tcp' ? this.#outcomes.get(endsOf(flow)) : undefined;
    return outcome === 'timeout';
  }

  async ask(flow: LabFlow): Promise<LabAnswer> {
    if (!this.#tracer) await this.#start();
    await this.#errors.wait();
    this.#tracer!.stdin.write(`${JSON.stringify(flow)}\n`);
    const answer = JSON.parse(await this.#line()) as LabAnswer;
    this.#errors.spend(answer);
    if (flow.state !== 'KEPT') this.#outcomes.clear();
    this.#outcomes.set(endsOf(flow), answer.outcome);
    return answer;
  }

  async #start(): Promise<void> {
    this.#tracer = spawn('sh', [this.#script, 'trace', '--json']);
    this.#tracer.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    this.#lines = createInterface(this.#tracer.stdout)[Symbol.asyncIterator]();
    await this.#line();
  }

  async #line(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('the lab does not answer')), TIMEOUT_MS); });
    const { value, done } = await Promise.race([this.#lines!.next(), late]).finally(() => clearTimeout(timer)) as IteratorResult<string>;
    if (done) throw new Error('the lab\'s tracer has ended');
    return value;
  }
}

const endsOf = ({ from, source, to, port, sourcePort, protocol }: LabFlow): string => JSON.stringify([protocol, from, source, sourcePort, to, port]);

const hasDevice = (namespace: string, device: string): Promise<boolean> => run('ip', ['-n', namespace, 'link', 'show', device]).then(() => true, () => false);

interface Cable {
  readonly namespace: string;
  readonly device: string;
  /** The arguments of `ip link add`. */
  readonly rest: readonly string[];
}

/** Lines of the script, each with its namespace. */
function linesOf(script: string): { readonly namespace: string; readonly line: string }[] {
  const prefix = /^PREFIX='?([^'\n]+)'?$/m.exec(script)![1]!;
  let name = '';
  return script.split('\n').map((line) => {
    name = /^ip -n "\$PREFIX"'?([^' ]+)'? -batch/.exec(line)?.[1] ?? name;
    return { namespace: prefix + name, line };
  });
}

/** The routes of nodes and of the gateway, as `ip route` prints them. */
function routesOf(script: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { namespace, line } of linesOf(script)) {
    const route = /^route replace (.*)$/.exec(line)?.[1];
    if (route !== undefined && /\.(?:node\..*|gateway)$/.test(namespace)) found.set(namespace, (found.get(namespace) ?? new Set<string>()).add(route));
  }
  return found;
}

/** As the script makes them; whatever number the kernel gives them. */
const podCables = (script: string): Cable[] => linesOf(script).flatMap(({ namespace, line }): Cable[] => {
  const [, device, rest] = /^link add name (veth[0-9a-f]{8}) (.*)$/.exec(line) ?? [];
  return device ? [{ namespace, device, rest: rest!.replaceAll(/index \d+ /g, '').split(' ') }] : [];
});
