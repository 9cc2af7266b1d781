/** `npm run test:kernel`: builds clusters for real, sends real packets, and holds the model against what became of them. */
import { compareFlow, type Comparison, type LabCase } from './compare.js';
import { Lab } from './lab.js';
import { sideBySide } from './print.js';
import { Product } from './product.js';
import { recordedCases } from './recorded-cases.js';

async function run(product: Product, { name, cluster, flows }: LabCase): Promise<Comparison[]> {
  const id = `${name}-${process.pid}`;
  await product.create(id, cluster);
  const lab = new Lab(await product.lab(id));
  const found: Comparison[] = [];
  try {
    lab.up();
    for (const flow of flows) found.push(await compareFlow(product, lab, id, cluster, flow));
  } finally {
    lab.down();
    await product.delete(id);
  }
  return found;
}

const product = await Product.open();
let [flows, different] = [0, 0];
const only = process.argv[2];
try {
  for (const each of recordedCases().filter(({ name }) => only === undefined || name.includes(only))) {
    for (const comparison of await run(product, each)) {
      flows += 1;
      if (comparison.differs.length === 0) continue;
      different += 1;
      process.stdout.write(`${sideBySide(comparison)}\n`);
    }
  }
} finally {
  await product.close();
}
process.stdout.write(`${flows} flows compared, ${different} different\n`);
process.exitCode = different === 0 && flows > 0 ? 0 : 1;
