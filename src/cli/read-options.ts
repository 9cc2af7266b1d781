import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<Known extends Options> = ReturnType<typeof parseArgs<{ readonly options: Known }>>['values'];

interface Tool<Known extends Options> {
  /** What `--help` prints. */
  readonly usage: string;
  readonly options: Known;
  /** What is wrong with the values, in the user's words. */
  readonly problems?: (values: Values<Known>) => readonly (string | null)[];
}

/**
 * The options of a command line tool. `--help` prints the usage and ends the process with 0; wrong options print every problem
 * and the usage, and end it with 2.
 */
export function readOptions<const Known extends Options>(
  { usage, options, problems = () => [] }: Tool<Known>,
  args: readonly string[] = process.argv.slice(2),
): Values<Known> {
  const read = parse(args, { ...options, help: { type: 'boolean' } });
  if (typeof read !== 'string' && (read as { readonly help?: boolean }).help === true) return end(0, process.stdout, usage);
  const found = typeof read === 'string' ? [read] : problems(read as Values<Known>).filter((problem) => problem !== null);
  return found.length === 0 ? (read as Values<Known>) : end(2, process.stderr, [...found, usage].join('\n'));
}

/** The problem with an option that is to be a whole number; `null` if it is one, or was not given. */
export const wholeNumber = (name: string, text: string | undefined): string | null =>
  text === undefined || /^\d+$/.test(text) ? null : `--${name} ${text}: must be a whole number`;

function parse(args: readonly string[], options: Options): object | string {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    if (error instanceof TypeError) return error.message; // Node's word for an option that is unknown or lacks its value
    throw error;
  }
}

function end(code: number, stream: NodeJS.WriteStream, text: string): never {
  stream.write(`${text}\n`);
  process.exit(code);
}
