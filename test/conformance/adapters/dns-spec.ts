/** dns-spec.json: the records of the Kubernetes DNS specification. */
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import { askDns, dnsServiceObjects, dnsSettings, dnsSliceObjects, namespaceObject, recordTexts, type DnsRecordOfCase, type ServiceOfDnsCase } from '../dns-cluster.js';

type ObjectOfCase = (ServiceOfDnsCase & { readonly kind: 'Service' })
  | { readonly kind: 'Endpoints'; readonly service: string; readonly endpoints: readonly { readonly ip: string; readonly hostname: string | null; readonly ready: boolean }[] };

interface DnsSpecCase extends ConformanceCase {
  readonly zone: string;
  readonly objects: readonly ObjectOfCase[];
  readonly query: { readonly name: string; readonly type: string } | null;
  readonly expected: { readonly rcode?: string; readonly answers?: readonly DnsRecordOfCase[]; readonly mayAlsoContain?: readonly DnsRecordOfCase[]; readonly srvRecordCount?: number };
}

/** Where a client that follows the specification could look for SRV records of a port: by the port's name, or for want of one by its number. */
const srvNames = (zone: string, { namespace, name, ports = [] }: ServiceOfDnsCase): readonly string[] =>
  ports.map((port) => `_${port.name === '' ? port.port : port.name}._${port.protocol.toLowerCase()}.${name}.${namespace}.svc.${zone}.`);

export const dnsSpec = adapter<DnsSpecCase>({
  families: ['dns-spec'],
  run: ({ zone, objects, query, expected }, { api }) => {
    const services = objects.filter((object) => object.kind === 'Service');
    const slices = objects.filter((object) => object.kind === 'Endpoints');
    const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
    const all = [...namespaces.map(namespaceObject), ...services.flatMap(dnsServiceObjects), ...slices.flatMap(({ service, endpoints }) => dnsSliceObjects({ service, addresses: endpoints }))];
    return api.inCluster(dnsSettings(zone, services), all, async (cluster): Promise<readonly Finding[]> => {
      if (query === null) {
        let count = 0;
        for (const name of services.flatMap((service) => srvNames(zone, service))) count += (await askDns(cluster, { name, type: 'SRV' })).answers.length;
        return [{ name: 'srvRecordCount', expected: expected.srvRecordCount, actual: count }];
      }
      const answer = await askDns(cluster, query);
      const optional = new Set(recordTexts(expected.mayAlsoContain ?? [], false));
      return [
        { name: 'rcode', expected: expected.rcode, actual: answer.rcode },
        { name: 'answers', expected: recordTexts(expected.answers ?? [], false), actual: recordTexts(answer.answers, false).filter((text) => !optional.has(text)) },
      ];
    });
  },
});
