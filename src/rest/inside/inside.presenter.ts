import { INSIDE_VIEWS, type InsideViewName } from '../../render/inside/inside-views.js';
import type { InsideTables } from '../../render/inside/tables.js';
import type { InsideView } from '../../services/types.js';

/** Entries come in the form in which they are presented. */
const tablesOf = ({ tables }: InsideView): InsideTables => tables as InsideTables;

export const presentInside = (view: InsideView, name: InsideViewName): unknown => INSIDE_VIEWS[name].json(view.netns, tablesOf(view));

export const insideText = (view: InsideView, name: InsideViewName): string => INSIDE_VIEWS[name].text(view.netns, tablesOf(view), view.network);
