/** The rules for imports between the folders. A layer imports only from the layers listed for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export interface SourceFile {
  /** Path from the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** A file of the project (path from its root), or a package's name. */
  readonly to: string;
  readonly isLocal: boolean;
  /** A type-only import, which compilation removes. */
  readonly isType: boolean;
}

interface Rule {
  readonly name: string;
  readonly instead: string;
  readonly breaks: (found: Import) => boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The layers, each with those from which it may import. `domain` is split further, since the walk must not depend on Kubernetes. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/controllers': ['src/domain'],
  'src/compile': ['src/domain'],
  'src/render': ['src/domain', 'src/services/use-cases', 'src/services/traces/trace-request.ts'],
  'src/services': ['src/domain', 'src/controllers', 'src/compile', 'src/render'],
  'src/persistence': ['src/domain', 'src/services', 'src/generated/prisma'],
  'src/rest': ['src/domain', 'src/render', 'src/services', 'src/config.ts'],
  'src/graphql': ['src/domain', 'src/render', 'src/services', 'src/generated/graphql.ts', 'src/config.ts'],
  'src/cli': ['src/'],
};
const layerOf = (path: string): string | undefined => Object.keys(LAYERS).find((layer) => path.startsWith(`${layer}/`));
const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
const inAny = (path: string, folders: readonly string[]): boolean => folders.some((folder) => isWithin(path, folder));

const PURE = ['src/domain', 'src/controllers', 'src/compile', 'src/render'];
const IO_PACKAGES = /^(?:node:)?(?:fs|net|http|https|dns|child_process|os|worker_threads|timers|process)(?:\/|$)/;

export const RULES: readonly Rule[] = [
  {
    name: 'layers', instead: 'move what is needed down, or pass it in as an argument',
    breaks({ from, to, isLocal }) {
      const layer = layerOf(from);
      return isLocal && layer !== undefined && to.startsWith('src/') && !isWithin(to, layer) && !inAny(to, LAYERS[layer]!);
    },
  },
  { name: 'src never imports test', instead: 'move the helper to src, or the code to test', breaks: ({ from, to }) => from.startsWith('src/') && isWithin(to, 'test') },
  {
    name: 'the walk knows no Kubernetes', instead: 'compile the fact into a route, neighbour, FDB entry, rule or address',
    breaks: ({ from, to }) => inAny(from, ['src/domain/walk', 'src/domain/datapath', 'src/domain/packet', 'src/domain/values']) && inAny(to, ['src/domain/cluster', 'src/domain/dns']),
  },
  {
    name: 'pure code does no I/O', instead: 'take what was read as an argument',
    breaks: ({ from, to, isLocal }) => inAny(from, PURE) && !isLocal && IO_PACKAGES.test(to),
  },
  {
    name: 'only persistence knows Prisma', instead: 'go through a port in services/ports.ts',
    breaks: ({ from, to }) => !isWithin(from, 'src/persistence') && from.startsWith('src/') && !from.startsWith('src/cli/') && (/^@prisma\/|^prisma(\/|$)/.test(to) || isWithin(to, 'src/generated/prisma')) && !isWithin(from, 'src/generated'),
  },
  {
    name: 'only rest, and GraphQL\'s endpoint, know HTTP', instead: 'return data from services and present it in rest',
    breaks: ({ from, to }) => to === 'express' && !inAny(from, ['src/rest', 'src/app.ts', 'src/cli', 'src/graphql/server.ts', 'src/graphql/playground.ts']) && from.startsWith('src/'),
  },
];

/** All imports and re-exports of a file, including type-only ones. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const requests = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      isType: entries.length > 0 && entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) => (moduleRequest ? [{ specifier: moduleRequest.value, isType }] : [])),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => ({ specifier: text.slice(moduleRequest.start + 1, moduleRequest.end - 1), isType: false })),
  ];
  return requests.map(({ specifier, isType }) => {
    const isLocal = specifier.startsWith('.');
    return { from: path, to: isLocal ? join(dirname(path), specifier).replace(/\.js$/, '.ts').replaceAll('\\', '/') : specifier, isLocal, isType };
  });
}

export interface Violation {
  readonly rule: string;
  readonly message: string;
}

export function violationsOf(files: readonly SourceFile[]): readonly Violation[] {
  const imports = files.flatMap(importsOf);
  const broken = imports.flatMap((found) =>
    RULES.filter((rule) => rule.breaks(found)).map((rule) => ({
      rule: rule.name,
      message: `${found.from} imports ${found.to}: ${rule.name}; ${rule.instead}`,
    })),
  );
  return [...broken, ...cyclesOf(imports), ...files.flatMap(impurities)];
}

/** Only type imports between files of one folder may be part of a cycle. */
const mayGoRound = ({ from, to, isType }: Import): boolean => isType && dirname(from) === dirname(to);

/** Every cycle, reported at the import that closes it. */
function cyclesOf(imports: readonly Import[]): readonly Violation[] {
  const targets = new Map<string, string[]>();
  for (const found of imports) if (found.isLocal && !mayGoRound(found)) targets.set(found.from, [...(targets.get(found.from) ?? []), found.to]);
  const done = new Set<string>();
  const cycles: Violation[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) {
      cycles.push({ rule: 'no cycles', message: `${[...way.slice(start), file].join(' → ')}: no cycles; move what both need into a file of its own` });
      return;
    }
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

const IMPURE = /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bperformance\.now\(|\brandomUUID\(|\brandomBytes\(/;

function impurities({ path, text }: SourceFile): readonly Violation[] {
  const found: Violation[] = [];
  if (inAny(path, PURE) && IMPURE.test(text)) {
    found.push({ rule: 'pure code has no clock and no randomness', message: `${path}: time, randomness and choices are arguments` });
  }
  if (path.startsWith('src/') && !path.startsWith('src/cli/') && path !== 'src/config.ts' && /\bprocess\.env\b/.test(text)) {
    found.push({ rule: 'config.ts alone reads the environment', message: `${path}: take it from Config` });
  }
  return found;
}

/** All source files of the project except generated ones. */
export function projectFiles(): readonly SourceFile[] {
  return ['src', 'test'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, folder, name)))
    .filter((file) => /\.(ts|mts)$/.test(file)).map((file) => relative(ROOT, file).replaceAll('\\', '/')).filter((path) => !path.startsWith('src/generated/'))
    .toSorted().map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

