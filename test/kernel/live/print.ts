import type { Comparison } from './compare.js';

/** The lines of both sides in one list; lines that only one side has are marked. */
export function sideBySide({ flow, kernel, model, differs, verdict }: Comparison): string {
  const lines = [`${flow.title}: ${JSON.stringify(flow)} (${verdict})`];
  for (const part of differs) {
    const [left, right] = [kernel[part], model[part]].map((value) => (typeof value === 'string' ? [value] : value)) as [readonly string[], readonly string[]];
    lines.push(`  ${part}`, ...diff(left, right).map((line) => `    ${line}`));
  }
  return lines.join('\n');
}

/** A diff by the longest common subsequence. `k` marks lines that only the kernel has, `m` those that only the model has. */
export function diff(kernel: readonly string[], model: readonly string[]): string[] {
  const lengths = Array.from({ length: kernel.length + 1 }, () => new Array<number>(model.length + 1).fill(0));
  for (let k = kernel.length - 1; k >= 0; k -= 1) {
    for (let m = model.length - 1; m >= 0; m -= 1) {
      lengths[k]![m] = kernel[k] === model[m] ? lengths[k + 1]![m + 1]! + 1 : Math.max(lengths[k + 1]![m]!, lengths[k]![m + 1]!);
    }
  }
  const lines: string[] = [];
  let [k, m] = [0, 0];
  while (k < kernel.length || m < model.length) {
    if (k < kernel.length && m < model.length && kernel[k] === model[m]) {
      lines.push(`        ${kernel[k]}`);
      k += 1;
      m += 1;
    } else if (m >= model.length || (k < kernel.length && lengths[k + 1]![m]! >= lengths[k]![m + 1]!)) {
      lines.push(`kernel  ${kernel[k]}`);
      k += 1;
    } else {
      lines.push(`model   ${model[m]}`);
      m += 1;
    }
  }
  return lines;
}
