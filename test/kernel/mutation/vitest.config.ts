/** Runs tests with the mutation that the environment variable MUTATION names. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import usual from '../../../vitest.config.js';
import { MUTATIONS } from './mutations.js';
import { replacing } from './replacing.js';

const mutation = MUTATIONS.find(({ name }) => name === process.env['MUTATION']);
export default mergeConfig(usual, defineConfig({ root: fileURLToPath(new URL('../../..', import.meta.url)), plugins: mutation ? [replacing(mutation)] : [] }));
