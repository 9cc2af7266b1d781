/** Properties of the DNS names of every cluster: they agree with the Services and their endpoints. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import { answerQuestion } from '../../src/domain/dns/answer-question.js';
import type { RecordType } from '../../src/domain/dns/dns-record.js';
import { formatIpv4 } from '../../src/domain/values/ipv4.js';
import { build, recipes, type Recipe } from '../support/random-cluster.js';

const RUNS = { numRuns: 60, seed: 7 };
const ZONE = 'default.svc.cluster.local.';

const dataOf = (view: ClusterState, name: string, type: RecordType): readonly string[] =>
  answerQuestion(view, { name, type })
    .answers.filter((record) => record.type === type)
    .map(({ data }) => data);
const reverseName = (address: string): string => `${address.split('.').toReversed().join('.')}.in-addr.arpa.`;

/** The expected endpoints by the recipe alone: the ready pods of the Service's app. */
const readyAddresses = (view: ClusterState, { pods }: Recipe, app: number): readonly string[] =>
  [...new Set(pods.flatMap((pod, index) => (pod.app === app && pod.ready ? [formatIpv4(view.pod('default', `p${index}`)!.ip!)] : [])))].toSorted();

const inEvery = (check: (view: ClusterState, recipe: Recipe) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(recipes(false), async (recipe) => check(await build(recipe), recipe)),
    RUNS,
  );

test('a Service\'s addresses are its clusterIP, or its ready pods if it is headless', async () => {
  await inEvery((view, recipe) => {
    for (const [index, { app, headless, type }] of recipe.services.entries()) {
      const service = view.service('default', `s${index}`)!;
      const expected = headless && type === 'ClusterIP' ? readyAddresses(view, recipe, app) : [formatIpv4(service.clusterIP!)];
      expect([...dataOf(view, `s${index}.${ZONE}`, 'A')].toSorted()).toEqual(expected);
      expect(answerQuestion(view, { name: `s${index}.${ZONE}`, type: 'A' }).rcode).toBe(expected.length > 0 ? 'NOERROR' : 'NXDOMAIN');
      expect(dataOf(view, `s${index}.${ZONE}`, 'AAAA')).toEqual([]);
    }
  });
});

test('the targets of SRV records have the addresses of the additional section, and weights from 1 to 100', async () => {
  await inEvery((view, recipe) => {
    for (const index of recipe.services.keys()) {
      const { answers, additional } = answerQuestion(view, { name: `s${index}.${ZONE}`, type: 'SRV' });
      for (const { data } of answers) {
        const [, weight, , target = ''] = data.split(' ');
        expect(Number(weight)).toBeGreaterThan(0);
        expect(Number(weight)).toBeLessThanOrEqual(100);
        expect(dataOf(view, target, 'A')).toEqual(additional.filter(({ name }) => name === target).map(({ data: address }) => address));
      }
    }
  });
});

test('the reverse name of an address resolves to that address', async () => {
  await inEvery((view, recipe) => {
    for (const index of recipe.services.keys()) {
      for (const address of dataOf(view, `s${index}.${ZONE}`, 'A')) {
        const names = dataOf(view, reverseName(address), 'PTR');
        expect(names.length).toBeGreaterThan(0);
        for (const name of names) expect(dataOf(view, name, 'A')).toContain(address);
      }
    }
  });
});
