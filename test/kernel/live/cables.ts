/** The nodes whose links are down, by cluster. */
export class Cables {
  readonly #cut = new Map<string, readonly string[]>();

  /** The merge patches of the nodes that have to change. @param cut nodes whose links are down from now on; all others are up */
  changes(cluster: string, cut: readonly string[]): (readonly [node: string, change: object])[] {
    const before = this.#cut.get(cluster) ?? [];
    this.#cut.set(cluster, cut);
    const change = (link: 'down' | null): object => ({ metadata: { annotations: { 'packetwalk.dev/link': link } } });
    return [
      ...before.filter((node) => !cut.includes(node)).map((node) => [node, change(null)] as const),
      ...cut.filter((node) => !before.includes(node)).map((node) => [node, change('down')] as const),
    ];
  }
}
