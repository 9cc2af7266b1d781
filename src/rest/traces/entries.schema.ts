/** Entries of the tables that decide about a packet. `text` is the line that the Linux tool named beside them prints. */
import * as z from 'zod';
import type { ConntrackJson, FdbJson, NeighbourJson, RouteJson, RuleJson, SocketJson } from '../../render/json/step-json.js';
import { protocol } from './packet.schema.js';

const text = (tool: string) => z.string().meta({ description: `As \`${tool}\` prints it` });

export const route = z
  .strictObject({
    text: text('ip route'),
    destination: z.string().meta({ description: 'A CIDR, or `default`' }),
    via: z.string().nullable().meta({ description: 'Next hop; null for a network on the link' }),
    device: z.string(),
    source: z.string().nullable().meta({ description: 'Preferred source address' }),
    metric: z.int(),
    scope: z.enum(['host', 'link', 'global']),
    protocol: z.enum(['kernel', 'boot', 'static']),
    table: z.enum(['local', 'main']),
    origin: z.string().nullable().meta({ description: 'What put the route there, in words' }),
  })
  .meta({ id: 'Route' }) satisfies z.ZodType<RouteJson>;

export const cause = z
  .strictObject({ code: z.string(), subject: z.string().meta({ description: 'E.g. `Service default/web`; empty if there is nothing to name' }) })
  .meta({ id: 'Cause', description: 'Why a rule exists or a packet was lost: a reason code, and the object that it speaks of' });

export const rule = z
  .strictObject({
    text: text('iptables-save'),
    chain: z.string(),
    target: z.string().meta({ description: '`ACCEPT`, `DNAT`, …; a jump has the name of the chain' }),
    cause: cause.nullable(),
  })
  .meta({ id: 'Rule' }) satisfies z.ZodType<RuleJson>;

export const neighbourState = z.enum(['incomplete', 'reachable', 'stale', 'delay', 'failed', 'permanent']);
export const neighbour = z
  .strictObject({
    text: text('ip neigh'),
    address: z.string(),
    device: z.string(),
    mac: z.string().nullable().meta({ description: 'null while incomplete or failed' }),
    state: neighbourState,
  })
  .meta({ id: 'Neighbour' }) satisfies z.ZodType<NeighbourJson>;

export const fdbEntry = z
  .strictObject({ text: text('bridge fdb'), mac: z.string(), port: z.string(), bridge: z.string() })
  .meta({ id: 'FdbEntry' }) satisfies z.ZodType<FdbJson>;

const tuple = z
  .strictObject({ src: z.string(), dst: z.string(), sport: z.int(), dport: z.int() })
  .meta({ id: 'Tuple', description: 'For ICMP echo both ports are the echo id' });
export const conntrackEntry = z
  .strictObject({
    text: text('conntrack -L'),
    protocol,
    original: tuple,
    reply: tuple.meta({ description: 'Addresses of an answer as it comes in' }),
    destinationNat: z.boolean(),
    sourceNat: z.boolean(),
    confirmed: z.boolean().meta({ description: 'Whether it is in the table, and not only attached to the packet' }),
    replied: z.boolean(),
  })
  .meta({ id: 'ConntrackEntry' }) satisfies z.ZodType<ConntrackJson>;

export const socket = z
  .strictObject({
    protocol,
    address: z.string().meta({ description: '0.0.0.0 listens on every address' }),
    port: z.int(),
    owner: z.string().nullable().meta({ description: "Its owner, e.g. a container's name" }),
  })
  .meta({ id: 'Socket' }) satisfies z.ZodType<SocketJson>;

export const interfaceRef = z.strictObject({ netns: z.string(), interface: z.string() }).meta({ id: 'InterfaceRef' });
