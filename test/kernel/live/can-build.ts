import { spawnSync } from 'node:child_process';

/** Can labs be built on this machine? With KERNEL=required it is assumed, so that no test is skipped. */
export function canBuild(...tools: readonly string[]): boolean {
  if (process.env['KERNEL'] === 'required') return true;
  return (
    process.getuid?.() === 0 &&
    spawnSync('sh', ['-c', `command -v ${tools.join(' && command -v ')} && unshare --net true && test -e /proc/sys/net/netfilter`], { stdio: 'ignore' })
      .status === 0
  );
}
