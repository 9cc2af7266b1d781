/**
 * `npm run test:conformance [folder]`: runs every case of a folder against a server of its own.
 *
 * Exits with 0 if nothing failed, with 1 if a case failed, and with 2 if the folder cannot be read.
 */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openTestServer } from '../support/test-server.js';
import { createApi } from './api.js';
import { readCaseFolder, type CaseFolder } from './case-folder.js';
import { EXCEPTIONS } from './exceptions.js';
import { ADAPTERS } from './registry.js';
import { formatFailures, formatTable } from './report.js';
import { failedResult, runCases, type CaseResult } from './run-cases.js';

/** The default folder, beside the project. */
const DEFAULT_FOLDER = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function run({ cases, unreadable, file }: CaseFolder): Promise<readonly CaseResult[]> {
  const server = await openTestServer();
  server.http.keepAliveTimeout = 0; // a large case blocks this process for longer than a connection would be kept
  try {
    const { port } = server.http.address() as AddressInfo;
    const results = await runCases(cases, ADAPTERS, EXCEPTIONS, { api: createApi(`http://127.0.0.1:${port}`), file });
    return [...results, ...unreadable.map((each) => failedResult(each, each.problem))];
  } finally {
    server.http.closeAllConnections();
    await server.close();
  }
}

function open(folder: string): CaseFolder | null {
  try {
    return readCaseFolder(folder);
  } catch (error) {
    process.stderr.write(`no cases to run: ${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

async function main(): Promise<number> {
  const folder = process.argv[2] ?? DEFAULT_FOLDER;
  const cases = open(folder);
  if (!cases) return 2;
  if (cases.cases.length + cases.unreadable.length === 0) process.stderr.write(`no cases to run: ${folder} holds none\n`);
  const results = await run(cases);
  const failures = formatFailures(results);
  print(formatTable(results));
  if (failures !== '') print(`\n${failures}`);
  return results.length === 0 ? 2 : failures === '' ? 0 : 1;
}

process.exitCode = await main();
