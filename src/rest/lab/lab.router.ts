import * as z from 'zod';
import { labScript } from '../../render/lab/lab-script.js';
import type { LabService } from '../../services/use-cases/lab.js';
import { negotiate } from '../http/negotiate.js';
import { sendText } from '../http/respond.js';
import { operation, param, type Resource } from '../resource.js';

const MEDIA_TYPE = 'text/x-shellscript';

export const labResources = (lab: LabService): Resource[] => [
  {
    path: '/api/v1/clusters/{cluster}/lab',
    tag: 'clusters',
    operations: {
      get: operation({
        operationId: 'getLab',
        summary: 'Exports a shell script that builds the cluster for real, from network namespaces',
        description:
          "A POSIX shell script with `up`, `down`, `shell <pod|node>` and `trace <flow>`. It needs root, iproute2, iptables, and python3 or socat on a Linux machine, and makes only network namespaces with the cluster's prefix.",
        responses: { 200: { description: 'The script', content: { [MEDIA_TYPE]: z.string() } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'UNPROCESSABLE'],
        handle: async ({ req, res, viewer }) => {
          negotiate(req, [MEDIA_TYPE]);
          sendText(res, 200, `${MEDIA_TYPE}; charset=utf-8`, labScript(await lab.writeOut(viewer, param(req, 'cluster'))));
        },
      }),
    },
  },
];
