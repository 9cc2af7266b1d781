import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

// graphql 16 has no "exports" map: Vite would load index.mjs while Node's loader gives every dependency index.js,
// and two copies refuse each other's schema ("from another module or realm").
const graphql = createRequire(import.meta.url).resolve('graphql');

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  // Vitest's own default leaves one core idle: on two of them, half the machine.
  test: { include: ['test/**/*.test.ts'], maxWorkers: '100%', testTimeout: 30_000, hookTimeout: 60_000 },
});
