/** Columns as `ss` lays them out: each as wide as its widest cell. @source iproute2 `misc/ss.c` `render_calc_width` */
export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** Between this column and the one before. */
  readonly gap: string;
}

export function columnsText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ head }, index) => Math.max(head.length, ...rows.map((row) => row[index]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => columns[index]!.gap + (columns[index]!.align === 'left' ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!))).join('');
  return [columns.map(({ head }) => head), ...rows].map((cells) => `${line(cells)}\n`).join('');
}
