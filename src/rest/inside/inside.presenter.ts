import { INSIDE_VIEWS, type InsideViewName } from '../../render/inside/inside-views.js';
import { EMPTY_TABLES, type InsideTables } from '../../render/inside/tables.js';
import type { InsideView } from '../../services/types.js';

/** What a recorded trace left behind is kept in the form in which it is presented. */
const tablesOf = ({ tables }: InsideView): InsideTables => (tables as InsideTables | null) ?? EMPTY_TABLES;

export const presentInside = (view: InsideView, name: InsideViewName): unknown => INSIDE_VIEWS[name].json(view.netns, tablesOf(view));

/** @returns `null` where the view has no text */
export const insideRenderer = (name: InsideViewName): ((view: InsideView) => string) | null => {
  const { text } = INSIDE_VIEWS[name];
  return text === null ? null : (view) => text(view.netns, tablesOf(view));
};
