import type { ConntrackJson } from '../json/step-json.js';
import type { InsideTables } from './tables.js';

export const presentConntrackTable = ({ conntrack }: InsideTables): readonly ConntrackJson[] => conntrack;

export const conntrackTableText = ({ conntrack }: InsideTables): string => conntrack.map(({ text }) => `${text}\n`).join('');
