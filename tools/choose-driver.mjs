#!/usr/bin/env node
// Version 12 of the SQLite driver is the last that Node 20 can load, and Node 24 stops at it; version 13 begins with
// Node 22. Both are installed; this links the name `better-sqlite3`, which Prisma's adapter imports, to the right one.
import { existsSync, lstatSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inModules = (name) => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url));
const NAME = inModules('better-sqlite3');
const KEPT = inModules('.better-sqlite3-12');
const NEWER = inModules('better-sqlite3-13');

const isLink = existsSync(NAME) && lstatSync(NAME).isSymbolicLink();
const wantsNewer = Number(process.versions.node.split('.')[0]) >= 22 && existsSync(NEWER);
if (wantsNewer && existsSync(NAME) && !isLink) {
  rmSync(KEPT, { recursive: true, force: true }); // from an earlier installation
  renameSync(NAME, KEPT);
  symlinkSync(process.platform === 'win32' ? NEWER : 'better-sqlite3-13', NAME, 'junction'); // relative, so that the folder can be moved
} else if (!wantsNewer && isLink) {
  unlinkSync(NAME);
  renameSync(KEPT, NAME);
}
