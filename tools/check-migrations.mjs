#!/usr/bin/env node
// Fails if the migrations cannot be applied, or if their result differs from prisma/schema.prisma.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'packetwalk-migrations-'));
const env = { ...process.env, DATABASE_URL: `file:${join(folder, 'check.db')}` };
const prisma = (...args) => execFileSync('node_modules/.bin/prisma', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
try {
  prisma('migrate', 'deploy');
  prisma('migrate', 'reset', '--force');
  const difference = prisma('migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--script');
  const statements = difference.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('--') && !line.startsWith('Loaded'));
  if (statements.length > 0) throw new Error(`the schema and the migrations differ; a migration is missing:\n${statements.join('\n')}`);
  console.log('the migrations make what prisma/schema.prisma says');
} catch (error) {
  console.error(error.stderr ?? error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
