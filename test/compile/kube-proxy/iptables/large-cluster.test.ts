import { expect, test } from 'vitest';
import { isLargeCluster } from '../../../../src/compile/kube-proxy/iptables/large-cluster.js';
import { LAB, labView } from '../../../support/lab-cluster.js';

const [web] = LAB.services!;
const endpoints = (count: number): string[] => Array.from({ length: count }, (_, index) => `10.244.${index >> 8}.${index & 255}:8080`);

test('a cluster of few endpoints is known as such without its services being looked through', () => {
  const view = { ...labView({ services: [{ ...web!, endpoints: endpoints(1000) }] }), allServices: () => { throw new Error('the services were looked through'); } };
  expect(isLargeCluster(view)).toBe(false);
});

test('endpoints of services that kube-proxy ignores do not count', () => {
  const many = labView({ services: [{ ...web!, endpoints: endpoints(1001) }] });
  expect(isLargeCluster(many)).toBe(true);
  expect(isLargeCluster({ ...many, allServices: () => [...many.allServices()].map((service) => ({ ...service, proxyName: 'another' })) })).toBe(false);
});
