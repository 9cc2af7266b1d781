/**
 * CoreDNS's configuration as text: server blocks with directives, which may have blocks of their own.
 *
 * @source coredns.io/manual; Caddyfile v1 syntax. Snippets, imports and environment variables are not expanded.
 */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** The lines of its block, split into words. */
  readonly block: readonly (readonly string[])[];
}

export interface ServerBlock {
  /** As written: `.:53`, `cluster.local`, `10.0.0.0/24`. */
  readonly keys: readonly string[];
  readonly directives: readonly Directive[];
}

/** Of an invalid Corefile, with which CoreDNS would not start, returns what could be read. */
export function parseCorefile(text: string): readonly ServerBlock[] {
  const lines = text.split('\n').map(wordsOf).filter((words) => words.length > 0);
  const blocks: ServerBlock[] = [];
  let next = 0;
  const line = (): readonly string[] => lines[next++] ?? [];
  while (next < lines.length) {
    const keys = [...line()];
    while (keys.at(-1) !== '{' && next < lines.length) keys.push(...line());
    if (keys.pop() !== '{') break;
    const directives: Directive[] = [];
    for (let words = line(); words.length > 0 && words[0] !== '}'; words = line()) directives.push(directiveOf(words, line));
    blocks.push({ keys: keys.map((key) => key.replace(/,$/, '')).filter((key) => key !== ''), directives });
  }
  return blocks;
}

function directiveOf(words: readonly string[], line: () => readonly string[]): Directive {
  const [name = '', ...args] = words;
  if (args.at(-1) !== '{') return { name, args, block: [] };
  const block: (readonly string[])[] = [];
  let depth = 1;
  for (let inner = line(); inner.length > 0; inner = line()) {
    if (inner.at(-1) === '{') depth += 1;
    if (inner[0] === '}') depth -= 1;
    if (depth === 0) break;
    block.push(inner);
  }
  return { name, args: args.slice(0, -1), block };
}

/** Quotes hold a word together; a `#` that begins a word begins a comment. */
const wordsOf = (line: string): readonly string[] =>
  [...line.replace(/(^|\s)#.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
