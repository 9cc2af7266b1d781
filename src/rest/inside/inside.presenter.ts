import { INSIDE_VIEWS, type InsideViewName } from '../../render/inside/inside-views.js';
import type { InsideTables } from '../../render/inside/tables.js';
import type { InsideView } from '../../services/types.js';

/** Entries come in the form in which they are presented. */
const tablesOf = ({ tables }: InsideView): InsideTables => tables as InsideTables;

export const presentInside = (view: InsideView, name: InsideViewName): unknown => INSIDE_VIEWS[name].json(view.netns, tablesOf(view));

/** @returns `null` where the view has no text */
export const insideRenderer = (name: InsideViewName): ((view: InsideView) => string) | null => {
  const { text } = INSIDE_VIEWS[name];
  return text === null ? null : (view) => text(view.netns, tablesOf(view));
};
