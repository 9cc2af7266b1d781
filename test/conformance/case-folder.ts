/**
 * Reads a folder of cases: JSON files, each with a list `cases`. Files without one are data that cases refer to.
 *
 * An entry that is not a valid case counts as failed, and the others are still run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from './adapter.js';

export interface UnreadableCase extends ConformanceCase {
  readonly problem: string;
}

export interface CaseFolder {
  /** In the order of the files' names, then of each file. */
  readonly cases: readonly ConformanceCase[];
  readonly unreadable: readonly UnreadableCase[];
  /** @throws if the file does not exist or is not JSON */
  readonly file: (name: string) => unknown;
}

/** @throws if the folder does not exist */
export function readCaseFolder(folder: string): CaseFolder {
  const cases: ConformanceCase[] = [];
  const unreadable: UnreadableCase[] = [];
  const contents = new Map<string, unknown>();
  const ids = new Set<string>();
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json')).sort()) {
    const content = parseFile(join(folder, name));
    if (content instanceof Error) {
      unreadable.push({ id: name, family: 'no JSON', problem: content.message });
      continue;
    }
    contents.set(name, content);
    for (const [index, given] of casesOf(content).entries()) {
      const problem = isCase(given) ? (ids.has(given.id) ? `two cases are called ${given.id}` : null) : 'a case without id or family';
      if (problem === null) cases.push(given as ConformanceCase);
      else unreadable.push({ id: `${name}, case ${index + 1}`, family: 'no case', problem });
      if (isCase(given)) ids.add(given.id);
    }
  }
  return {
    cases, unreadable,
    file(name) {
      if (!contents.has(name)) throw new Error(`${folder} has no file ${name} that can be read`);
      return contents.get(name);
    },
  };
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function casesOf(content: unknown): readonly unknown[] {
  const cases = typeof content === 'object' && content !== null && 'cases' in content ? content.cases : [];
  return Array.isArray(cases) ? cases : [];
}

const isCase = (given: unknown): given is ConformanceCase =>
  typeof given === 'object' && given !== null && 'id' in given && typeof given.id === 'string' && 'family' in given && typeof given.family === 'string';
