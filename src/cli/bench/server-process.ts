import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Order, Ready, Report } from './messages.js';

export interface Load {
  /** Requests per second. */
  readonly rate: number;
  /** The server's CPU time per request, in microseconds. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Size of the last response, in bytes. */
  readonly bytes: number;
}

const CONNECTIONS = 8;

/** A server in a process of its own, whose CPU time and memory can be read. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  #ready: Ready = { url: '', opened: 0 };
  #orders = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(databaseUrl: string, cluster: string, firstQuestion: object | null): Promise<ServerProcess> {
    const child = fork(
      fileURLToPath(new URL('server.js', import.meta.url)),
      [databaseUrl, cluster, firstQuestion ? JSON.stringify(firstQuestion) : ''],
      { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const server = new ServerProcess(child);
    const [ready] = (await once(child, 'message')) as [Ready];
    server.#ready = ready;
    return server;
  }

  /** Milliseconds from the opening of the database to the first trace. */
  get opened(): number {
    return this.#ready.opened;
  }

  async report(what: Order['do'] = 'usage'): Promise<Report> {
    this.#orders += 1;
    const answer = once(this.#child, 'message') as Promise<[Report]>;
    this.#child.send({ id: this.#orders, do: what } satisfies Order);
    return (await answer)[0];
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    const ended = once(this.#child, 'exit');
    this.#child.send({ id: 0, do: 'exit' } satisfies Order);
    await ended;
  }

  /** Sends one request. @throws Error if the response is not a success */
  send(method: string, path: string, body: string, type = 'application/json'): Promise<string> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.#ready.url}${path}`,
        { method, agent: this.#agent, headers: { 'content-type': type, 'content-length': Buffer.byteLength(body) } },
        (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode! < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Sends `count` requests over `CONNECTIONS` connections. @param bodyOf returns the body of the n-th request */
  async load(path: string, count: number, bodyOf: (number: number) => string): Promise<Load> {
    const times: number[] = [];
    let next = 0;
    let bytes = 0;
    const before = await this.report();
    const started = performance.now();
    const client = async (): Promise<void> => {
      while (next < count) {
        const body = bodyOf(next);
        next += 1;
        const sent = performance.now();
        bytes = (await this.send('POST', path, body)).length;
        times.push(performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    const seconds = (performance.now() - started) / 1000;
    const { cpu } = await this.report();
    times.sort((a, b) => a - b);
    return { rate: count / seconds, cpu: (cpu - before.cpu) / count, p50: times[Math.floor(count * 0.5)]!, p99: times[Math.floor(count * 0.99)]!, bytes };
  }
}
