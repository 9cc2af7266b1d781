/** The schedule of a CronJob. @source robfig/cron v3 `ParseStandard`; k8s.io/kubernetes `pkg/apis/batch/validation` `validateScheduleFormat` */

interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Names of the values, from the lowest. */
  readonly names?: readonly string[];
}

const FIELDS: readonly Bounds[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const DESCRIPTORS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const EVERY = '@every ';
/** @source Go `time.ParseDuration` */
const DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

function valueOf(text: string, { least, names = [] }: Bounds): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return least + named;
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

/** Checks `*`, `5` or `1-5`, each optionally with a step: `1-5/2`. */
function rangeProblem(range: string, bounds: Bounds): string | undefined {
  const [span = '', step, ...moreSteps] = range.split('/');
  // A single value with a step means the range from it to the maximum.
  const [low = '', high = step === undefined ? low : String(bounds.most), ...moreEnds] = span.split('-');
  if (moreSteps.length > 0) return `too many slashes: ${range}`;
  if (step !== undefined && !/^\+?\d+$/.test(step)) return `failed to parse int from ${step}: ${range}`;
  if (step !== undefined && Number(step) === 0) return `step of range should be a positive number: ${range}`;
  if (low === '*' || low === '?') return undefined;
  if (moreEnds.length > 0) return `too many hyphens: ${range}`;
  const [start, end] = [valueOf(low, bounds), valueOf(high, bounds)];
  if (start === undefined || end === undefined) return `failed to parse int from ${start === undefined ? low : high}: ${range}`;
  if (start < bounds.least) return `beginning of range (${start}) below minimum (${bounds.least}): ${range}`;
  if (end > bounds.most) return `end of range (${end}) above maximum (${bounds.most}): ${range}`;
  return start > end ? `beginning of range (${start}) beyond end of range (${end}): ${range}` : undefined;
}

/** @returns what is wrong; `undefined` if it is a valid schedule of five fields or a descriptor such as `@daily` */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.includes('TZ')) return 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
  if (schedule.startsWith(EVERY)) return DURATION.test(schedule.slice(EVERY.length)) ? undefined : `failed to parse duration ${schedule}`;
  if (schedule.startsWith('@')) return DESCRIPTORS.has(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, bounds] of FIELDS.entries()) {
    const ranges = (fields[index] ?? '').split(',').filter((range) => range !== '');
    const problem = ranges.map((range) => rangeProblem(range, bounds)).find((found) => found !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
