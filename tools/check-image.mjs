#!/usr/bin/env node
// Checks the Dockerfile without a container engine: runs its COPY and RUN steps in a clean folder, as far as possible, and
// starts a server with the files of the last stage.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'packetwalk-image-'));
const build = join(folder, 'build');
const image = join(folder, 'image');
const lines = readFileSync('Dockerfile', 'utf8').split('\n');
const lastStage = lines.findLastIndex((line) => line.startsWith('FROM '));

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, filter: (path) => !path.includes('/src/generated') || from.startsWith(build) });
}

try {
  mkdirSync(build);
  for (const [index, line] of lines.entries()) {
    const [instruction, ...words] = line.split(' ');
    if (index < lastStage && instruction === 'COPY') {
      const target = words.pop();
      for (const name of words) copy(join(root, name), words.length === 1 && target.endsWith(name) ? join(build, name) : join(build, name));
    } else if (index < lastStage && instruction === 'RUN' && !line.includes('apt-get')) {
      execFileSync('sh', ['-c', words.join(' ')], {
        cwd: build,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, npm_config_loglevel: 'error' },
      });
    } else if (index > lastStage && instruction === 'COPY') {
      const [, ...paths] = words;
      const target = paths.pop();
      for (const path of paths) {
        const name = path.replace(/^\/app\//, '');
        copy(join(build, name), join(image, paths.length > 1 ? name : target));
      }
    }
  }
  execFileSync(process.execPath, [join(root, 'tools/check-start.mjs'), join(image, 'dist/main.js'), image], { stdio: 'inherit' });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
