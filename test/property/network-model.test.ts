/** The four rules of the Kubernetes network model, for random clusters. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileNetwork } from '../../src/compile/compile-network.js';
import { formatIpv4 } from '../../src/domain/values/ipv4.js';
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../src/services/traces/run-trace.js';
import { build, PORT, recipes } from '../support/random-cluster.js';

const RUNS = { numRuns: 60, seed: 7 };

describe('the Kubernetes network model', () => {
  test('every pod has a unique IP address', async () => {
    await fc.assert(fc.asyncProperty(recipes(false), async (recipe) => {
      const addresses = [...(await build(recipe)).allPods()].filter((pod) => !pod.hostNetwork).map((pod) => pod.ip);
      expect(addresses).not.toContain(null);
      expect(new Set(addresses).size).toBe(addresses.length);
    }), RUNS);
  }, 60_000);

  test('every pod reaches every other without NAT, and both see the same addresses', async () => {
    await fc.assert(fc.asyncProperty(recipes(true), async (recipe) => {
      const view = await build(recipe);
      const pods = [...view.allPods()].filter((pod) => pod.namespace === 'default');
      for (const from of pods) {
        for (const to of pods) {
          const { verdict, paths } = runTrace(
            view,
            parseTraceRequest({ from: { pod: `default/${from.name}` }, to: { pod: `default/${to.name}`, port: PORT }, sourcePort: 40000, record: false }),
          );
          expect({
            verdict,
            nat: paths[0]!.connections.flatMap(({ translations }) => translations),
            seenByServer: paths[0]!.seenByServer,
            seenByClient: paths[0]!.seenByClient,
          }).toEqual({
            verdict: 'REACHABLE',
            nat: [],
            seenByServer: { source: `${formatIpv4(from.ip!)}:40000`, destination: `${formatIpv4(to.ip!)}:${PORT}` },
            seenByClient: { peer: `${formatIpv4(to.ip!)}:${PORT}` },
          });
        }
      }
    }), { ...RUNS, numRuns: 25 });
  }, 60_000);

  test('a pod\'s address in its own namespace is the one that others see', async () => {
    await fc.assert(fc.asyncProperty(recipes(false), async (recipe) => {
      const view = await build(recipe);
      const network = compileNetwork(view);
      for (const pod of view.allPods()) {
        const netns = network.netns(`pod:${pod.namespace}/${pod.name}`);
        if (pod.hostNetwork) expect(netns).toBeUndefined();
        else expect(netns!.interface('eth0')!.addresses.map(({ address }) => address)).toEqual([pod.ip]);
      }
    }), RUNS);
  }, 60_000);

  test('containers of a pod share a network namespace, and reach each other on localhost', async () => {
    await fc.assert(fc.asyncProperty(recipes(true), async (recipe) => {
      const view = await build(recipe);
      const { paths } = runTrace(
        view,
        parseTraceRequest({
          from: { pod: 'default/p0', container: 'two' },
          to: { pod: 'default/p0', container: 'one', port: PORT },
          sourcePort: 40000,
          record: false,
        }),
      );
      expect(paths[0]!.seenByServer).toEqual({ source: '127.0.0.1:40000', destination: `127.0.0.1:${PORT}` });
      expect(new Set(paths[0]!.connections[0]!.forward.steps.map(({ netns }) => netns))).toEqual(new Set(['pod:default/p0']));
    }), RUNS);
  }, 60_000);
});
