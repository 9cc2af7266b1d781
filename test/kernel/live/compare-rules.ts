/** Compares the rules of every node in a lab, as iptables-save prints them, with those of the model. */
import { execFileSync } from 'node:child_process';
import { labPrefix, namespaceName } from '../../../src/render/lab/lab-names.js';
import { diff } from './print.js';
import type { Product } from './product.js';

/** The output of iptables-save without comments, and with all counters 0. */
export const savedRules = (cluster: string, node: string): string =>
  execFileSync('ip', ['netns', 'exec', `${labPrefix(cluster)}${namespaceName(`node:${node}`)}`, 'iptables-save'], { encoding: 'utf8' })
    .split('\n').filter((line) => !line.startsWith('#')).join('\n').replaceAll(/\[\d+:\d+\]/g, '[0:0]');

export async function compareRules(product: Product, cluster: string): Promise<string[]> {
  const { items } = JSON.parse(await product.get(`/${cluster}/nodes`)) as { items: { metadata: { name: string } }[] };
  const found: string[] = [];
  for (const { metadata: { name } } of items) {
    const shown = await product.get(`/${cluster}/nodes/${name}/rules`, 'text/plain');
    const saved = savedRules(cluster, name);
    if (shown !== saved) found.push(`rules of ${name}`, ...diff(saved.split('\n'), shown.split('\n')).filter((line) => !line.startsWith(' ')).map((line) => `  ${line}`));
  }
  return found;
}
