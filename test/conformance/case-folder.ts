/** Reads a folder of cases: JSON files, each with a list `cases`. Files without one are data that cases refer to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from './adapter.js';

export interface CaseFolder {
  /** In the order of the files' names, then of each file. */
  readonly cases: readonly ConformanceCase[];
  readonly file: (name: string) => unknown;
}

/** @throws where a file is no JSON, a case lacks its id or family, or two cases share an id */
export function readCaseFolder(folder: string): CaseFolder {
  const files = new Map(readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown]));
  const cases = [...files.values()].flatMap((content) => casesOf(content));
  const ids = new Set<string>();
  for (const { id, family } of cases) {
    if (typeof id !== 'string' || typeof family !== 'string') throw new Error(`${folder}: a case without id or family: ${String(id)}`);
    if (ids.has(id)) throw new Error(`${folder}: two cases are called ${id}`);
    ids.add(id);
  }
  return {
    cases,
    file(name) {
      if (!files.has(name)) throw new Error(`${folder} has no file ${name}`);
      return files.get(name);
    },
  };
}

function casesOf(content: unknown): readonly ConformanceCase[] {
  const cases = typeof content === 'object' && content !== null && 'cases' in content ? content.cases : [];
  return Array.isArray(cases) ? (cases as ConformanceCase[]) : [];
}
