/** Properties of every trace, for random requests on random clusters. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import type { Step } from '../../src/domain/trace/step.js';
import type { Path, Trace } from '../../src/domain/trace/trace.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { renderTraceText } from '../../src/render/text/trace-text.js';
import { AppError } from '../../src/services/app-error.js';
import { endpointText } from '../../src/services/traces/trace-choices.js';
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../src/services/traces/run-trace.js';
import type { TraceRequest } from '../../src/services/traces/trace-request.js';
import { build, questions, recipes } from '../support/random-cluster.js';

const RUNS = { numRuns: 80, seed: 11 };

/** The trace, or `null` if the request was refused. @throws any other error, which is a bug */
function ask(view: ClusterState, question: object): Trace<TraceRequest> | null {
  try {
    return runTrace(view, parseTraceRequest(question));
  } catch (error) {
    if (error instanceof AppError && error.errors.length > 0) return null;
    throw error;
  }
}

/**
 * Least numbers of traces to a Service's endpoint, of those that were answered, and of those with a choice, so that the
 * properties are really tested.
 */
const ENOUGH = { backends: 40, answers: 20, choices: 20 };

async function asked(check: (trace: Trace<TraceRequest>, view: ClusterState, question: object) => void, more: object = {}): Promise<void> {
  const met = { backends: 0, answers: 0, choices: 0 };
  await fc.assert(fc.asyncProperty(recipes(false), fc.array(questions, { minLength: 5, maxLength: 5 }), async (recipe, list) => {
    const view = await build(recipe);
    for (const question of list) {
      const trace = ask(view, { ...question, ...more });
      if (!trace) continue;
      check(trace, view, { ...question, ...more });
      const toBackends = trace.paths.filter(({ backend }) => backend !== null);
      if (toBackends.length > 0) met.backends += 1;
      if (toBackends.some(({ disposition }) => disposition === 'ACCEPTED')) met.answers += 1;
      if (trace.totalPaths > 1) met.choices += 1;
    }
  }), RUNS);
  for (const kind of ['backends', 'answers', 'choices'] as const) expect(met[kind], kind).toBeGreaterThanOrEqual(ENOUGH[kind]);
}

const legs = (path: Path): readonly (readonly Step[])[] =>
  path.connections.flatMap(({ forward, return: back, data }) => [forward.steps, ...(back ? [back.steps] : []), ...(data ? [data.steps] : [])]);

test('a walk always ends, and its reason points to one of its steps', async () => {
  await asked((trace) => {
    for (const path of trace.paths) {
      if (path.disposition === 'ACCEPTED') expect(path.reason).toBeNull();
      else {
        expect(path.reason!.message).not.toMatch(/undefined|\[object|NaN/);
        const [, connection, leg, step] = /^connections\/(\d+)\/(forward|return|data)\/(\d+)$/.exec(path.reason!.step) ?? [];
        if (path.reason!.step !== '') expect(path.connections[Number(connection)]![leg as 'forward']!.steps[Number(step)]).toBeDefined();
      }
    }
  });
}, 60_000);

test('the client sees the answer come from the address that it asked', async () => {
  await asked(({ paths, request }) => {
    for (const { disposition, connections, seenByClient } of paths) {
      if (disposition !== 'ACCEPTED' || 'at' in request.from) continue;
      const sent = connections.find(({ role }) => role === 'CLIENT')!.forward.steps[0]!.packet!;
      const peer = endpointText({ ip: sent.destination, port: sent.destinationPort });
      expect(seenByClient!.peer).toBe(request.protocol === 'ICMP' ? peer.split(':')[0] : peer);
    }
  });
}, 60_000);

test('every TRANSMIT is followed by the matching RECEIVE', async () => {
  await asked(({ paths }) => {
    for (const path of paths) {
      for (const steps of legs(path)) {
        steps.forEach((step, index) => {
          if (step.kind !== 'TRANSMIT' || !step.peer) return;
          const next = steps.slice(index + 1).find((later) => later.packet?.id === step.packet!.id);
          if (next) expect([next.kind, next.netns, next.interface]).toEqual([next.kind === 'DROP' ? 'DROP' : 'RECEIVE', step.peer.netns, step.peer.name]);
        });
      }
      // On a cable, what goes out at one end comes in at the other.
      const frames = (path.frames ?? []).filter(({ flooded }) => !flooded);
      const received = new Set(frames.filter(({ direction }) => direction === 'rx').map(({ packet, netns, interface: device }) => `${packet} ${netns}/${device}`));
      for (const steps of legs(path)) {
        for (const step of steps) if (step.kind === 'RECEIVE' && path.frames) expect(received).toContain(`${step.packet!.id} ${step.netns}/${step.interface}`);
      }
    }
  }, { include: ['frames'] });
}, 60_000);

test('the TTL is lowered by each forwarding host and nowhere else', async () => {
  await asked(({ paths }) => {
    for (const path of paths) {
      for (const steps of legs(path)) {
        const last = new Map<number, number>();
        for (const step of steps) {
          if (!step.packet) continue;
          const before = last.get(step.packet.id);
          if (before !== undefined) expect(step.packet.ttl).toBe(step.kind === 'FORWARD_CHECK' && step.outcome === 'FORWARDED' ? before - 1 : before);
          last.set(step.packet.id, step.packet.ttl);
        }
      }
    }
  });
}, 60_000);

test('the weights of ALL sum to 1, and each of its paths can be forced', async () => {
  await asked((trace, view, question) => {
    const denominators = trace.paths.map(({ weight }) => Number(weight.split('/')[1]));
    const common = denominators.reduce((product, each) => (product % each === 0 ? product : product * each), 1);
    expect(denominators.reduce((sum, each) => sum + common / each, 0)).toBe(common);
    expect(trace.totalPaths).toBe(trace.paths.length);
    for (const path of trace.paths) {
      if (!path.backend) continue;
      const forced = ask(view, { ...question, choice: { mode: 'FORCED', backend: endpointText(path.backend) } })!.paths[0]!;
      expect([forced.backend, forced.disposition, forced.seenByServer]).toEqual([path.backend, path.disposition, path.seenByServer]);
    }
    const seeded = ask(view, { ...question, choice: { mode: 'SEEDED', seed: 5 } })!.paths[0]!;
    expect(trace.paths.map(({ backend, disposition }) => JSON.stringify([backend, disposition]))).toContain(JSON.stringify([seeded.backend, seeded.disposition]));
  }, { choice: { mode: 'ALL' } });
}, 60_000);

test('the reply tuple of an untranslated conntrack entry mirrors the original', async () => {
  await asked(({ paths }) => {
    for (const { connections } of paths) {
      for (const { conntrack } of connections) {
        for (const { entry } of conntrack) {
          const { original, reply } = entry;
          if (!entry.sourceNat && !entry.destinationNat) {
            expect([reply.source, reply.destination, reply.sourcePort, reply.destinationPort]).toEqual([
              original.destination,
              original.source,
              original.destinationPort,
              original.sourcePort,
            ]);
          }
        }
      }
    }
  });
}, 60_000);

test('the same request gives the same trace, byte for byte, and all renderers accept it', async () => {
  await asked((trace, view, question) => {
    const present = (each: Trace<TraceRequest>): string => JSON.stringify(presentTrace({ id: null, cluster: 'c', createdAt: '', trace: each, differences: null }));
    const json = present(trace);
    expect(present(ask(view, question)!)).toBe(json);
    expect(json).not.toMatch(/undefined|NaN|\[object/);
    const text = renderTraceText(presentTrace({ id: null, cluster: 'c', createdAt: '', trace, differences: null }));
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
}, 60_000);
