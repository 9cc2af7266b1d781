#!/usr/bin/env node
// Generates code (Prisma's client, GraphQL's resolver types) and compiles src/ to dist/, each only if
// its inputs have changed, so a second `npm start` is fast. With --generate it does not compile.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './choose-driver.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
process.chdir(ROOT);

const filesIn = (path) => (statSync(path).isDirectory() ? readdirSync(path).sort().flatMap((name) => filesIn(join(path, name))) : [path]);

/** One digest of the contents of files and folders; missing ones count as empty. */
function digestOf(paths) {
  const digest = createHash('sha256').update(process.version);
  for (const file of paths.filter((path) => existsSync(path)).flatMap(filesIn)) digest.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return digest.digest('hex');
}

/** Runs `command`, unless it has already run on the same inputs and its output still exists. */
function step({ name, inputs, output, command: [program, ...args] }) {
  const stamp = join(dirname(output), `.${name}-made-from`);
  const digest = digestOf([...inputs, 'package-lock.json']);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  execFileSync(join('node_modules/.bin', program), args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  writeFileSync(stamp, digest);
}

step({
  name: 'prisma', output: 'src/generated/prisma/client.ts', inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'tools/schema-engine.mjs'],
  command: ['prisma', 'generate'],
});
step({
  name: 'graphql', output: 'src/generated/graphql.ts', inputs: ['schema.graphql', 'codegen.ts'],
  command: ['graphql-codegen', '--config', 'codegen.ts'],
});
if (!process.argv.includes('--generate')) {
  step({
    name: 'compile', output: 'dist/main.js', inputs: ['src', 'tsconfig.json', 'tsconfig.build.json'],
    command: ['tsc', '-p', 'tsconfig.build.json'],
  });
}
