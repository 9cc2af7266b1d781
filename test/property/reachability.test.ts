/** Each cell of a reachability matrix is compared with the trace of its pair, on random clusters with random policies. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import { createReachabilityService } from '../../src/services/reachability/reachability-service.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../src/services/traces/run-trace.js';
import { policyView } from '../support/policy-view.js';
import { buildPolicyWorld, policyWorlds } from '../support/policy-world.js';
import { randomPolicies } from '../support/random-policies.js';

const VERDICTS: Readonly<Record<string, string>> = { REACHABLE: '.', UNREACHABLE: 'X', UNDETERMINED: '?' };
const PORTS = [{ protocol: 'TCP', port: 8080 }, { protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 30_080 }] as const;

const ask = async (view: ClusterState, request: object) =>
  createReachabilityService({ open: () => Promise.resolve({ id: 'c', name: 'c', index: view }) }).ask(LOCAL_VIEWER, 'c', request);

function traced(view: ClusterState, from: string, to: string, { protocol, port }: (typeof PORTS)[number]): string {
  if (from === to) return '#';
  return VERDICTS[runTrace(view, parseTraceRequest({ from: { pod: from }, to: { pod: to, port }, protocol, record: false })).verdict]!;
}

test('each cell is the verdict of a trace between the pair', async () => {
  await fc.assert(fc.asyncProperty(policyWorlds, async (world) => {
    const view = await buildPolicyWorld(world);
    const { pods, results } = await ask(view, { ports: PORTS });
    for (const [index, result] of results.entries()) {
      const expected = pods.map((from) => `${from} ${pods.map((to) => traced(view, from, to, PORTS[index]!)).join('')}`);
      expect(result.rows.map((row, position) => `${pods[position]} ${row}`)).toEqual(expected);
    }
  }), { numRuns: 60 });
}, 120_000);

test('rows are the same with and without explanations', async () => {
  const cells = new Set<string>();
  await fc.assert(fc.asyncProperty(randomPolicies, fc.boolean(), async (policies, listeners) => {
    const view = policyView(policies, 'DROP') as ClusterState;
    const request = {
      ports: [
        { protocol: 'TCP', port: 8080 },
        { protocol: 'UDP', port: 53 },
        { protocol: 'SCTP', port: 443 },
      ],
      external: ['0.0.0.0/0', '198.51.100.0/24', '10.244.0.0/16'],
      listeners,
    };
    const [plain, explained] = [await ask(view, request), await ask(view, { ...request, explain: true })];
    expect(plain.results.map(({ rows }) => rows)).toEqual(explained.results.map(({ rows }) => rows));
    for (const { rows } of plain.results) for (const row of rows) for (const cell of row) cells.add(cell);
  }), { numRuns: 500, seed: 3 });
  expect([...cells].toSorted()).toEqual(['#', '.', '/', 'X']);
}, 60_000);
