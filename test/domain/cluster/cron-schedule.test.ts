import { expect, test } from 'vitest';
import { scheduleProblem } from '../../../src/domain/cluster/rules/cron-schedule.js';

test.each(['* * * * *', '*/15 0-5,7 ? JAN-mar mon-fri', '5/10 * 1-31/2 12 0', '@daily', '@every 1h30m', ' 0  3 * * 6 ', '0 0 , * *'])(
  '%s is a valid schedule',
  (schedule) => {
    expect(scheduleProblem(schedule)).toBeUndefined();
  },
);

test.each([
  { schedule: '60 * * * *', problem: 'end of range (60) above maximum (59): 60' },
  { schedule: '* * 0 * *', problem: 'beginning of range (0) below minimum (1): 0' },
  { schedule: '* 5-3 * * *', problem: 'beginning of range (5) beyond end of range (3): 5-3' },
  { schedule: '* 1-2-3 * * *', problem: 'too many hyphens: 1-2-3' },
  { schedule: '*/0 * * * *', problem: 'step of range should be a positive number: */0' },
  { schedule: '*/2/3 * * * *', problem: 'too many slashes: */2/3' },
  { schedule: '*/x * * * *', problem: 'failed to parse int from x: */x' },
  { schedule: '* * * * sunday', problem: 'failed to parse int from sunday: sunday' },
  { schedule: '* * * * 7', problem: 'end of range (7) above maximum (6): 7' },
  { schedule: '* * * *', problem: 'expected exactly 5 fields, found 4: [* * * *]' },
  { schedule: '@fortnightly', problem: 'unrecognized descriptor: @fortnightly' },
  { schedule: '@every day', problem: 'failed to parse duration @every day' },
  { schedule: 'CRON_TZ=UTC * * * * *', problem: 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead' },
])('$schedule is invalid', ({ schedule, problem }) => {
  expect(scheduleProblem(schedule)).toBe(problem);
});
