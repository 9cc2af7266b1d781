import { dnsRequestSchema } from '../../services/dns/dns-request.js';
import type { DnsService } from '../../services/use-cases/dns.js';
import { negotiate } from '../http/negotiate.js';
import { sendJson } from '../http/respond.js';
import { readQuery } from '../query.js';
import { operation, param, type Resource } from '../resource.js';
import { dnsLookup } from './dns.schema.js';

export const dnsResources = (dns: DnsService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/dns',
    tag: 'dns',
    operations: {
      get: operation({
        operationId: 'lookUpName',
        summary: "Looks a name up in the cluster's DNS, optionally with every query that a pod's resolver sends",
        description:
          'Answers by the records alone, as CoreDNS would with its Corefile (ConfigMap kube-system/coredns, else that of kubeadm). Whether a packet reaches the server is what a trace to a `host` tells.',
        useCaseQuery: dnsRequestSchema,
        responses: { 200: { description: 'The answer', content: { 'application/json': dnsLookup } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'UNPROCESSABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, ['application/json']);
          const { values, problems } = readQuery(dnsRequestSchema, req.url);
          sendJson(res, 200, await dns.lookUp(viewer, param(req, 'cluster'), values, problems));
        },
      }),
    },
  },
];
