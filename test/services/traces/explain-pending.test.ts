import { expect, test } from 'vitest';
import { fixForPending } from '../../../src/services/traces/explain-pending.js';

test.each([
  { waiting: 'no nodes available to schedule pods', fix: 'Add a node to the cluster.' },
  { waiting: '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.', fix: 'Set the condition Ready of a node to True.' },
  {
    waiting: '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.',
    fix: 'Set the condition Ready of a node to True.',
  },
  {
    waiting: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    fix: 'Give a node the labels that the nodeSelector and the node affinity of pod x/a ask for, or change these.',
  },
  {
    waiting: "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    fix: 'Add a node whose ports are free, or take the hostPort out of pod x/a.',
  },
  {
    waiting: "0/2 nodes are available: 1 node(s) didn't match pod affinity rules, 1 node(s) didn't match pod anti-affinity rules.",
    fix: 'Run a pod that the podAffinity of pod x/a asks for, or change that; or add a node where none of the pods is that the podAntiAffinity of pod x/a keeps away from, or run fewer of them.',
  },
  {
    waiting: "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
    fix: 'Add a node, because the podAntiAffinity of the pods that run there keeps pod x/a away.',
  },
  {
    waiting: "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).",
    fix: 'Give the nodes the label that the topologySpreadConstraints of pod x/a count by.',
  },
  {
    waiting: "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints.",
    fix: 'Add a node where the topologySpreadConstraints of pod x/a leave room, or set their whenUnsatisfiable to ScheduleAnyway.',
  },
  { waiting: null, fix: 'Change the spec of pod x/a or the nodes, so that one of them takes it.' },
])('the fix for: $waiting', ({ waiting, fix }) => {
  expect(fixForPending({ namespace: 'x', name: 'a', waiting })).toBe(fix);
});
