import * as z from 'zod';
import { INSIDE_VIEWS } from '../../render/inside/inside-views.js';

export const INSIDE_NAMES = Object.keys(INSIDE_VIEWS);

export const insideQuery = z.object({
  format: z.enum(['json', 'text']).optional().meta({ description: 'Instead of `Accept`' }),
  trace: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Id of a trace: the tables as they are after it; of a LIVE one what it made, changed or used there. Its neighbours and conntrack are there also when the node or pod is gone. Without: the live tables',
    }),
});

export const insideJson = z.union([z.array(z.looseObject({})), z.looseObject({})]).meta({
  description: 'interfaces, routes and neighbours in the shape of `ip -j`, fdb in that of `bridge -j fdb`; rules, conntrack and sockets in the same manner',
});
export const insideTable = z
  .string()
  .meta({ description: 'What `ip addr`, `ip route`, `ip neigh`, `bridge fdb`, `iptables-save`, `conntrack -L` or `ss -ltnu` prints' });
