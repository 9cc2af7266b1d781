import * as z from 'zod';
import { MAX_ENTRIES } from '../../domain/walk/limit-tables.js';
import { frame } from '../traces/packet.schema.js';

/** The use-case owns the body's schema: it reads the same body for GraphQL. */
export { advanceInput, announceInput } from '../../services/state/parse-state-input.js';

const count = z.int().min(0);

const summary = z.strictObject({
  cluster: z.string(),
  revision: z.int().min(1).meta({ description: "The cluster's" }),
  stateRevision: count.meta({
    description: 'Raised by whatever changes the state: LIVE traces, time, a reset, changes of the cluster that take something away',
  }),
  clockSeconds: count.meta({ description: 'Since the last reset; it moves only when it is told to' }),
  entries: z.strictObject({ neighbours: count, fdb: count, conntrack: count, recent: count, sockets: count }).meta({
    description: 'recent: addresses that session affinity remembers; sockets: ends of open TCP connections',
  }),
  limit: z.int().meta({ description: 'How many entries are kept in all; when there are more, the least recently used are forgotten', example: MAX_ENTRIES }),
});

export const state = summary.meta({ id: 'State', description: 'What packets have left behind in a cluster' });

export const stateChange = summary
  .extend({
    frames: z.array(frame).meta({ description: 'What was sent meanwhile, flooded copies included' }),
    truncated: z.boolean().meta({ description: 'There were more frames' }),
  })
  .meta({ id: 'StateChange', description: 'The state after something was done to it' });
