import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { createApp } from './app.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { createServices } from './create-services.js';
import { DatabaseError } from './persistence/database-error.js';
import { ensureDemoCluster } from './services/demo/demo-cluster.js';

/** Milliseconds that requests under way get to finish once the server is told to stop. */
const GRACE = 10_000;

/** An error that the user who starts the server can correct; it is printed in one line, without a stack. */
class StartError extends Error {}

const LISTEN_PROBLEMS: Readonly<Record<string, (config: Config) => string>> = {
  EADDRINUSE: ({ host, port }) => `Port ${port} of ${host} is in use: stop the other program, or set PORT to another one (0 picks a free one).`,
  EACCES: ({ port }) => `Port ${port} needs privileges: set PORT to one above 1023.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}: set HOST to one that it has.`,
  ENOTFOUND: ({ host }) => `The name ${host} is not known: set HOST to a name or an address of this machine.`,
};

/** @returns the server's own URL */
function listen(server: Server, config: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const explain = LISTEN_PROBLEMS[error.code ?? ''];
      reject(explain ? new StartError(explain(config)) : error);
    });
    server.listen(config.port, config.host, () => {
      const { port } = server.address() as AddressInfo;
      resolve(`http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`);
    });
  });
}

/** Closes `parts` one after the other. A second signal, or a timeout, ends the process at once. */
function stopOnSignals(logger: Logger, parts: readonly (() => Promise<void>)[]): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), GRACE).unref();
    for (const close of parts) await close();
    process.exit(0);
  };
  const onSignal = (signal: string): void => {
    stop(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    });
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

async function start(config: Config, logger: Logger): Promise<void> {
  const services = await createServices({ databaseUrl: config.databaseUrl, now: () => new Date().toISOString(), randomId: randomUUID });
  let complete = false;
  const { server, close } = await createApp({ ...services, ready: async () => complete && await services.ready() }, { config, logger });
  const url = await listen(server, config);
  const hint = await ensureDemoCluster(services, url);
  complete = true;
  stopOnSignals(logger, [close, services.close]);
  process.stdout.write(`listening on ${url}\n${hint === null ? '' : `${hint}\n`}`);
}

/** Logs to stderr, so that stdout has only the output that users and scripts need. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const die = (error: unknown): void => {
    logger.fatal({ err: error }, 'uncaught');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  await start(config, logger);
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || error instanceof StartError || error instanceof DatabaseError;
  process.stderr.write(`${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
