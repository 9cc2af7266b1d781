/** What a Corefile makes of names that the kubernetes plugin does not have, and chains of aliases. */
import { expect, test } from 'vitest';
import { answerQuestion } from '../../../src/domain/dns/answer-question.js';
import type { RecordType } from '../../../src/domain/dns/dns-record.js';
import { ControlPlane } from '../../support/control-plane.js';

const COREFILE = `
.:53 {
  hosts {
    10.9.9.1 db.corp.example cache.corp.example
    10.9.9.2 *.apps.example
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa second.local {
    fallthrough in-addr.arpa
  }
  forward corp.example 10.9.9.9 {
    except internal.corp.example
  }
}
own.example:53 {
  hosts {
    10.9.9.3 a.own.example
  }
  forward . 10.9.9.9
}
`;
const external = (name: string, to: string): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { type: 'ExternalName', externalName: to } });
const inCluster = (name: string): string => `${name}.default.svc.cluster.local`;
/** `link-1` is an alias of `link-2`, and so on; the last one of `web`. */
const chain = (length: number): readonly object[] => Array.from({ length }, (_, index) => external(`link-${index + 1}`, inCluster(index + 1 === length ? 'web' : `link-${index + 2}`)));

const plane = await ControlPlane.create(1);
await plane.apply(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'coredns' }, data: { Corefile: COREFILE } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { clusterIP: '10.96.0.100', ports: [{ port: 80 }] } },
  ...chain(12), external('nowhere', 'elsewhere.example'), external('round', 'about.default.svc.second.local'), external('about', inCluster('round')),
);
const ask = (name: string, type: RecordType = 'A'): readonly string[] => {
  const { rcode, answers } = answerQuestion(plane.draft, { name: `${name}.`, type });
  return answers.length === 0 ? [rcode] : answers.map(({ type: of, data }) => `${of} ${data}`);
};

test.each<{ name: string; ask: string; type?: RecordType; said: readonly string[] }>([
  { name: 'an entry of hosts has its name in reverse', ask: '1.9.9.10.in-addr.arpa', type: 'PTR', said: ['PTR db.corp.example.', 'PTR cache.corp.example.'] },
  { name: 'a wildcard stands for one label', ask: 'shop.apps.example', said: ['A 10.9.9.2'] },
  { name: 'not for two', ask: 'a.shop.apps.example', said: ['SERVFAIL'] },
  { name: 'and has no reverse name', ask: '2.9.9.10.in-addr.arpa', type: 'PTR', said: ['SERVFAIL'] },
  { name: 'names of a forwarded zone are answered elsewhere', ask: 'mail.corp.example', said: ['UNDETERMINED'] },
  { name: 'but for those excepted', ask: 'a.internal.corp.example', said: ['SERVFAIL'] },
  { name: 'and those of no forwarded zone', ask: 'example.com', said: ['SERVFAIL'] },
  { name: 'an alias of a name that nobody answers stays', ask: inCluster('nowhere'), said: ['CNAME elsewhere.example.'] },
  { name: 'eleven aliases are followed', ask: inCluster('link-2'), said: [...Array.from({ length: 10 }, (_, index) => `CNAME ${inCluster(`link-${index + 3}`)}.`), `CNAME ${inCluster('web')}.`, 'A 10.96.0.100'] },
  { name: 'twelve are not', ask: inCluster('link-1'), said: ['NOERROR'] },
  { name: 'nor are those that come round, through another zone', ask: inCluster('round'), said: Array.from({ length: 11 }, (_, index) => `CNAME ${index % 2 === 0 ? 'about.default.svc.second.local' : inCluster('round')}.`) },
  { name: 'an entry of hosts', ask: 'a.own.example', said: ['A 10.9.9.3'] },
  { name: 'without fallthrough nobody else is asked', ask: 'b.own.example', said: ['SERVFAIL'] },
  { name: 'the zone\'s own server has no texts', ask: 'ns.dns.cluster.local', type: 'TXT', said: ['NXDOMAIN'] },
  { name: 'nor what is in a reverse lookup', ask: 'ns.dns.cluster.local', type: 'PTR', said: ['NXDOMAIN'] },
])('$name: $ask', ({ ask: name, type, said }) => {
  expect(ask(name, type)).toEqual(said);
});
