import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Every prisma command otherwise downloads a native executable; the stand-in answers the same protocol with the
// WebAssembly build of that engine, which comes from the npm registry like everything else.
if (process.platform !== 'win32') process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= here('./tools/schema-engine.mjs');

export default defineConfig({
  schema: here('./prisma/schema.prisma'),
  migrations: { path: here('./prisma/migrations/sqlite') },
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:./data/packetwalk.db' },
});
