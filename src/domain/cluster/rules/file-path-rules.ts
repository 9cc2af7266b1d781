/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `validatePathNoBacksteps`, `ValidateLocalNonReservedPath` */
import { invalidValue, requiredValue } from '../api-messages.js';
import type { Report } from '../object-problem.js';

export function checkNoBacksteps(file: string | undefined, path: string, report: Report): void {
  if (file?.split('/').includes('..')) report(path, invalidValue(file, "must not contain '..'"));
}

/** Checks a path within a volume. */
export function checkRelative(file: string | undefined, path: string, report: Report): void {
  if (file?.startsWith('/')) report(path, invalidValue(file, 'must be a relative path'));
  checkNoBacksteps(file, path, report);
}

/** Checks the path of a file created in a volume. */
export function checkFilePath(file: string | undefined, path: string, report: Report): void {
  if (file === '') return report(path, requiredValue());
  checkRelative(file, path, report);
  if (file?.startsWith('..') && !file.startsWith('../') && file !== '..') report(path, invalidValue(file, "must not start with '..'"));
}

/** Permission bits, usually written in octal. */
export function checkFileMode(mode: number | undefined, path: string, report: Report): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) report(path, invalidValue(mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
}
