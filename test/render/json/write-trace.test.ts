import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { writeTrace } from '../../../src/render/json/write-trace.js';
import { serviceRecord } from '../../support/service-trace.js';
import { anyStep, EVERY_KIND, stepOf } from '../../support/step-arbitrary.js';
import { connection, leg, path, record, type BuiltRecord } from '../../support/trace-builder.js';

function expectSameBytes(built: BuiltRecord): void {
  expect(writeTrace(built)).toBe(JSON.stringify(presentTrace(built)));
}

test('the golden trace is written as it is presented', () => expectSameBytes(serviceRecord));

test.each(EVERY_KIND)('a step %s is written as it is presented, whatever it holds', (kind) => {
  fc.assert(fc.property(stepOf(kind), (step) => expectSameBytes(record([path([connection(leg('ACCEPTED', [step]), null)])]))), { numRuns: 60 });
});

test('legs of any steps are written as they are presented: packets and frames are compared with those before', () => {
  fc.assert(fc.property(fc.array(anyStep, { maxLength: 12 }), fc.array(anyStep, { maxLength: 6 }), (there, back) => {
    const both = connection(leg('ACCEPTED', there), leg('TIMED_OUT', back), { data: leg('ACCEPTED', there.slice(0, 2)) });
    expectSameBytes(record([path([both, both]), path([both])], { warnings: ['one', '"two"'], totalPaths: 300, truncated: true }));
  }));
});

test.each<{ name: string; built: BuiltRecord }>([
  { name: 'is not kept', built: { ...serviceRecord, id: null } },
  { name: 'met its expectation', built: { ...serviceRecord, differences: [] } },
  { name: 'did not', built: { ...serviceRecord, differences: [{ field: 'verdict', expected: 'UNREACHABLE', actual: 'REACHABLE' }] } },
  { name: 'includes frames', built: { ...serviceRecord, trace: { ...serviceRecord.trace, request: { ...serviceRecord.trace.request, include: ['frames'] } } } },
  { name: 'has no path', built: record([]) },
  { name: 'has a reason', built: record([path([connection(leg('DROPPED'), null)], { reason: { code: 'NO_ROUTE', message: 'a "quoted" word', step: 'connections/0/forward/0', fix: 'Add it.' } })]) },
])('a trace that $name is written as it is presented', ({ built }) => expectSameBytes(built));
