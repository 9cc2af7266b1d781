import * as z from 'zod';
import { RCODES, RECORD_TYPES } from '../../domain/dns/dns-record.js';

const recordType = z.enum(RECORD_TYPES).meta({ id: 'DnsRecordType' });
const rcode = z.enum(RCODES).meta({
  id: 'DnsRcode',
  description:
    'NOERROR without answers: the name exists, but has no data of that type. UNDETERMINED: only a server outside of the cluster could answer; those are not modelled',
});

const record = z
  .strictObject({
    name: z.string(),
    type: recordType,
    ttl: z.int().meta({ description: 'Seconds' }),
    data: z.string().meta({ description: 'As in a zone file; TXT without quotes', example: '0 100 80 web.default.svc.cluster.local.' }),
  })
  .meta({ id: 'DnsRecord' });

export const dnsLookup = z
  .strictObject({
    rcode,
    answers: z.array(record),
    additional: z.array(record),
    authority: z.array(record).meta({ description: "The zone's SOA if the answer is negative" }),
    queries: z
      .array(
        z.strictObject({
          name: z.string(),
          type: recordType,
          server: z.string().nullable().meta({ description: "null: the resolver of the nodes' network, which is not a machine of the model" }),
          rcode,
          answers: z.array(z.string()).meta({ description: 'Data of the records; with their type if it is not the one asked for' }),
        }),
      )
      .meta({ description: 'Every query that is sent, in order' }),
    resolver: z
      .strictObject({ nameservers: z.array(z.string()), search: z.array(z.string()), options: z.array(z.string()) })
      .nullable()
      .meta({ description: "The pod's resolv.conf, by its dnsPolicy and dnsConfig; null if no pod is named" }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'DnsLookup' });
