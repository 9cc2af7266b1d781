import { expect, test } from 'vitest';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { step } from '../../src/rest/traces/step.schema.js';
import { trace } from '../../src/rest/traces/traces.schema.js';
import { everyStepTrace } from '../support/every-step-trace.js';

const shown = presentTrace({ id: null, cluster: 'demo', createdAt: '2026-01-01T00:00:00.000Z', trace: everyStepTrace(), differences: null });
const steps = shown.paths.flatMap(({ connections }) => connections.flatMap(({ forward, return: back }) => [...forward.steps, ...(back?.steps ?? [])]));

test('a step of every kind matches its documented schema exactly', () => {
  expect(trace.parse(shown)).toEqual(shown);
});

test('evidence of another kind of step is refused', () => {
  const [arpReply, transmit] = [steps.find(({ kind }) => kind === 'ARP_REPLY')!, steps.find(({ kind }) => kind === 'TRANSMIT')!];
  expect(step.safeParse({ ...transmit, evidence: arpReply.evidence }).error?.issues.map(({ path }) => path.join('.'))).toContain('evidence.peer');
  expect(step.safeParse({ ...transmit, kind: 'TELEPORT' }).success).toBe(false);
});
