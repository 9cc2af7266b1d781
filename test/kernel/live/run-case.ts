/** Builds one cluster for real and asks its flows. */
import { compareFlow, type Comparison, type LabCase } from './compare.js';
import { Lab } from './lab.js';
import type { Product } from './product.js';

let made = 0;

/** A name that nobody else on this machine uses. */
const uniqueName = (): string => `kt-${process.pid}-${(made += 1)}`;

export async function runCase(product: Product, { cluster, flows }: Pick<LabCase, 'cluster' | 'flows'>): Promise<Comparison[]> {
  const name = uniqueName();
  await product.create(name, cluster);
  const lab = new Lab(await product.lab(name));
  const found: Comparison[] = [];
  try {
    lab.up();
    for (const flow of flows) found.push(await compareFlow(product, lab, name, cluster, flow));
  } finally {
    lab.down();
    await product.delete(name);
  }
  return found;
}
