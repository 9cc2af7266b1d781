import { INSIDE_VIEWS, TABLE_VIEWS, type InsideViewName, type TableViewName } from '../../render/inside/inside-views.js';
import type { InsideTables } from '../../render/inside/tables.js';
import type { InsideView } from '../../services/use-cases/inside.js';

/** A view as text and as JSON, each created only if it is requested. */
export interface Shown {
  readonly json: () => unknown;
  /** The output of the Linux tool. */
  readonly text: () => string;
}

export const showInside = ({ netns, tables, network }: InsideView, name: InsideViewName): Shown => ({
  json: () => INSIDE_VIEWS[name].json(netns, inForm(tables)),
  text: () => INSIDE_VIEWS[name].text(netns, inForm(tables), network),
});

export const showTables = (tables: InsideView['tables'], name: TableViewName): Shown => ({
  json: () => TABLE_VIEWS[name].json(inForm(tables)),
  text: () => TABLE_VIEWS[name].text(inForm(tables)),
});

/** The entries in their presented form. */
const inForm = (tables: InsideView['tables']): InsideTables => tables as InsideTables;
