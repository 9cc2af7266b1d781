import * as z from 'zod';
import type { FdbView } from '../../render/inside/fdb.js';
import { INSIDE_VIEWS } from '../../render/inside/inside-views.js';
import type { InterfaceView } from '../../render/inside/interfaces.js';
import type { NeighbourView } from '../../render/inside/neighbours.js';
import type { RouteView } from '../../render/inside/routes.js';
import type { ChainView, RulesView } from '../../render/inside/rules.js';
import type { SocketView } from '../../render/inside/sockets.js';
import { conntrackEntry, interfaceRef, rule } from '../traces/entries.schema.js';

export const INSIDE_NAMES = Object.keys(INSIDE_VIEWS);

export const insideQuery = z.object({
  format: z.enum(['json', 'text']).optional().meta({ description: 'Overrides `Accept`' }),
  trace: z.string().min(1).optional().meta({
    description:
      'Id of a trace: the tables as they are after it; of a LIVE one what it made, changed or used there. Its neighbours and conntrack are there also when the node or pod is gone. Without: the live tables',
  }),
});

const interfaceView = z
  .strictObject({
    ifindex: z.int(),
    ifname: z.string(),
    flags: z.array(z.string()),
    mtu: z.int(),
    qdisc: z.literal('noqueue'),
    master: z.string().exactOptional(),
    operstate: z.enum(['UP', 'DOWN', 'UNKNOWN']),
    group: z.literal('default'),
    txqlen: z.int(),
    link_type: z.enum(['loopback', 'ether']),
    address: z.string(),
    broadcast: z.string(),
    addr_info: z.array(
      z.strictObject({ family: z.literal('inet'), local: z.string(), prefixlen: z.int(), scope: z.enum(['host', 'global']), label: z.string() }),
    ),
    linkinfo: z.strictObject({ info_kind: z.enum(['veth', 'bridge']) }).exactOptional(),
    peer: interfaceRef.exactOptional().meta({ description: 'The other end of a veth or of a cable' }),
  })
  .meta({ id: 'InterfaceView', description: 'One element of `ip -j addr`' }) satisfies z.ZodType<InterfaceView>;

const routeView = z
  .strictObject({
    dst: z.string(), gateway: z.string().exactOptional(), dev: z.string(), protocol: z.string().exactOptional(), scope: z.string().exactOptional(),
    prefsrc: z.string().exactOptional(), metric: z.int().exactOptional(), flags: z.array(z.string()),
  })
  .meta({ id: 'RouteView', description: 'One element of `ip -j route`' }) satisfies z.ZodType<RouteView>;

const neighbourView = z
  .strictObject({ dst: z.string(), dev: z.string(), lladdr: z.string().exactOptional(), state: z.tuple([z.string()]) })
  .meta({ id: 'NeighbourView', description: 'One element of `ip -j neigh`' }) satisfies z.ZodType<NeighbourView>;

const fdbView = z
  .strictObject({ mac: z.string(), ifname: z.string(), flags: z.array(z.string()), master: z.string(), state: z.enum(['permanent', '']) })
  .meta({ id: 'FdbView', description: 'One element of `bridge -j fdb`' }) satisfies z.ZodType<FdbView>;

const chainView = z
  .strictObject({
    policy: z.enum(['ACCEPT', 'DROP']).nullable().meta({ description: 'Policy of a base chain; null for a user chain' }),
    rules: z.array(rule.omit({ chain: true })).meta({ description: 'In chain order' }),
  })
  .meta({ id: 'ChainView' }) satisfies z.ZodType<ChainView>;
const rulesView = z
  .record(z.string(), z.record(z.string(), chainView))
  .meta({ id: 'RulesView', description: 'Tables by name, their chains by name, base chains first' }) satisfies z.ZodType<RulesView>;

const socketView = z
  .strictObject({
    netid: z.string(), state: z.enum(['LISTEN', 'UNCONN']), local: z.strictObject({ address: z.string(), port: z.int() }),
    peer: z.strictObject({ address: z.literal('0.0.0.0'), port: z.literal('*') }),
    process: z.string().nullable().meta({ description: "Its owner, e.g. a container's name" }),
  })
  .meta({ id: 'SocketView', description: 'A listening socket with the columns of `ss -ltnu`' }) satisfies z.ZodType<SocketView>;

export const insideJson = z
  .union([
    z.array(interfaceView),
    z.array(routeView),
    z.array(neighbourView),
    z.array(fdbView),
    rulesView,
    z.array(conntrackEntry),
    z.array(socketView),
  ])
  .meta({
    description:
      'By `what`: interfaces, routes and neighbours in the shape of `ip -j`, fdb in that of `bridge -j fdb`; rules, conntrack and sockets in the same manner',
  });
export const insideTable = z
  .string()
  .meta({ description: 'What `ip addr`, `ip route`, `ip neigh`, `bridge fdb`, `iptables-save`, `conntrack -L` or `ss -ltnu` prints' });
