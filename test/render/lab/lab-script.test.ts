import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allMachines } from '../../../src/compile/all-machines.js';
import { deviceName, labPrefix, namespaceName } from '../../../src/render/lab/lab-names.js';
import { labScript } from '../../../src/render/lab/lab-script.js';
import { hereDocument, shellComment, shellWord } from '../../../src/render/lab/shell-text.js';
import { fakeView } from '../../support/fake-view.js';

const view = fakeView({
  nodes: [{ name: 'node-1', ip: '192.168.1.11', podCIDR: '10.244.0.0/24' }, { name: 'node-2', ip: '192.168.1.12', podCIDR: '10.244.1.0/24', linkUp: false }],
  pods: [{ name: 'web', ip: '10.244.0.2', node: 'node-1', ports: [8080] }],
});
const script = labScript({ name: 'demo', revision: 3, machines: allMachines(view) });

describe('text from users', () => {
  test.each(["it's", 'a b', '$(reboot)', '`reboot`', '"; reboot #', "'; reboot #", '-n', 'a\nb', '', 'plain-1.2', '*'])('%j is quoted as one shell word', (text) => {
    expect(execFileSync('sh', ['-c', `printf '%s' ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });
  test('a comment contains no line breaks', () => expect(shellComment('a\nreboot\r\u2028x')).toBe('a?reboot??x'));
  test('a here-document keeps its text unchanged, and refuses its own end marker', () => {
    const text = '$(reboot) `reboot` \\ "$PATH"\nsecond';
    expect(execFileSync('sh', ['-c', hereDocument('cat', text)], { encoding: 'utf8' })).toBe(`${text}\n`);
    expect(() => hereDocument('cat', 'a\nEND\nreboot')).toThrow(RangeError);
  });
});

describe('names', () => {
  test('the prefix of one cluster\'s namespaces is never that of another\'s', () => {
    expect(labPrefix('demo-2').startsWith(labPrefix('demo'))).toBe(false);
  });
  test('long names are shortened but stay unique', () => {
    const [a, b] = ['a', 'b'].map((end) => namespaceName(`pod:default/${'x'.repeat(250)}${end}`)) as [string, string];
    expect([a.length, b.length]).toEqual([200, 200]);
    expect(a).not.toBe(b);
    expect(deviceName(`p-${'node'.repeat(9)}`)).toMatch(/^p-[0-9a-f]{8}$/);
    expect(deviceName('p-node-1')).toBe('p-node-1');
  });
});

describe('the script', () => {
  let folder: string;
  const run = (...args: string[]): { readonly status: number; readonly out: string } => {
    try {
      return {
        status: 0,
        out: execFileSync('sh', [join(folder, 'lab.sh'), ...args], {
          encoding: 'utf8',
          stdio: 'pipe',
          env: { ...process.env, PATH: '/nowhere:/usr/bin:/bin' },
        }),
      };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { status, out: stdout + stderr };
    }
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packetwalk-lab-'));
    writeFileSync(join(folder, 'lab.sh'), script);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is valid POSIX shell, and prints its usage', () => {
    execFileSync('sh', ['-n', join(folder, 'lab.sh')]);
    const { status, out } = run();
    expect(status).toBe(2);
    expect(out).toContain('trace <flow>');
    expect(out).not.toContain('set -eu');
  });
  test('creates only namespaces with its prefix', () => {
    const namespaces = [...script.matchAll(/ netns (\S+)$|netns add "\$PREFIX"(\S+)$/gm)].map(([, peer, added]) => peer ?? `pw.demo.${added}`);
    expect(namespaces.length).toBeGreaterThan(10);
    expect(namespaces.filter((name) => !name.startsWith('pw.demo.'))).toEqual([]);
  });
  test('creates each link once, with the MAC addresses of the model', () => {
    expect(script).toContain('link add name veth');
    expect(script.match(/ address 02:00:c0:a8:01:0b /g)).toHaveLength(1);
    expect(script.match(/ address 0a:58:0a:f4:00:02 /g)).toHaveLength(1);
    expect(script.match(/ type bridge$/gm)).toHaveLength(3);
  });
  test('leaves the switch\'s port of a cut link down', () => {
    expect(script).toContain('link set dev p-node-1 up');
    expect(script).not.toContain('link set dev p-node-2 up');
  });
  test('is the same for the same cluster', () => expect(labScript({ name: 'demo', revision: 3, machines: allMachines(view) })).toBe(script));
  test('contains valid Python', () => {
    for (const [, program] of script.matchAll(/<<'PYTHON'\n([\s\S]*?)\nPYTHON\n/g)) {
      execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: program });
    }
  });
});
