import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { describeIssue, problemsOf } from './services/zod-problems.js';

export interface Config {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly auth: 'off';
  /** Whether to listen on other interfaces than loopback without authentication. */
  readonly allowOpen: boolean;
  /**
   * Names and addresses, without ports, that requests may have as their host, beside loopback's and `host`. If it is empty,
   * with `allowOpen` all are allowed.
   */
  readonly allowedHosts: readonly string[];
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** The configuration is invalid; the message has every problem on a line of its own. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(['Packetwalk cannot start with this configuration:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ConfigError';
  }
}

/** A name, an IPv4 address, or an IPv6 address in brackets, as a Host header has them. */
const HOST_NAME = /^(?:[^\s/:@[\]]+|\[[\da-f:.]+\])$/;

const environment = z.object({
  PORT: z.string().regex(/^\d{1,5}$/, 'must be a port number from 0 (a free one) to 65535').transform(Number).pipe(z.int().max(65535)).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^file:(?!:memory:$)./, 'must be a SQLite file such as file:./data/packetwalk.db; postgresql:// is not available yet')
    .default('file:./data/packetwalk.db'),
  AUTH: z.enum(['off', 'on']).default('off').refine((auth) => auth === 'off', 'on: authentication is not available yet; leave AUTH out or set it to off'),
  ALLOW_OPEN: z.enum(['0', '1', '']).default('0'),
  ALLOWED_HOSTS: z.string().default('').transform((list) => (list === '' ? [] : list.toLowerCase().split(',')))
    .refine(
      (names) => names.every((name) => HOST_NAME.test(name)),
      'must be names or addresses without ports, with commas between them, e.g. localhost,192.168.1.5',
    ),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

/** Is it in 127.0.0.0/8, ::1, or a name that RFC 6761 reserves for them? @param host a name or an address, also in brackets */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/.test(name);
}

/**
 * Reads the configuration from the environment; nothing else in the program does.
 *
 * @throws ConfigError with every problem, never with the value of DATABASE_URL, which may hold a password
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const result = environment.safeParse(env, { error: describeIssue });
  const problems = result.success ? [] : problemsOf(result.error.issues).map(({ path, message }) => `${path}: ${message}`);
  const host = env['HOST'] ?? '127.0.0.1';
  if (host !== '' && !isLoopbackHost(host) && env['ALLOW_OPEN'] !== '1') {
    problems.push(
      `HOST: without authentication only a loopback address such as 127.0.0.1 is listened on, not ${host}; ALLOW_OPEN=1 opens it to everyone who can reach it`,
    );
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  const { PORT, HOST, DATABASE_URL, ALLOW_OPEN, ALLOWED_HOSTS, LOG_LEVEL } = result.data;
  return { host: HOST, port: PORT, databaseUrl: DATABASE_URL, auth: 'off', allowOpen: ALLOW_OPEN === '1', allowedHosts: ALLOWED_HOSTS, logLevel: LOG_LEVEL };
}

/** The folder of package.json. Paths of assets are relative to it, so that the program can run from src/ and from dist/. */
export const packageRoot = ((): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
})();

export const packageVersion = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
