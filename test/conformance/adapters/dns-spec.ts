/** dns-spec.json: the records of the Kubernetes DNS specification. */
import { adapter, type ConformanceCase, type Finding } from '../adapter.js';
import { listOf } from '../stated.js';
import { askDns, dnsServiceObjects, dnsSettings, dnsSliceObjects, namespaceObject, recordTexts, type DnsRecordOfCase, type ServiceOfDnsCase } from '../dns-cluster.js';

type EndpointsOfCase = {
  readonly kind: 'Endpoints';
  readonly service: string;
  readonly endpoints: readonly { readonly ip: string; readonly hostname: string | null; readonly ready: boolean }[] | null;
};
type ServiceOfCase = ServiceOfDnsCase & { readonly kind: 'Service' };

interface DnsSpecCase extends ConformanceCase {
  readonly zone: string;
  readonly objects: readonly (ServiceOfCase | EndpointsOfCase)[];
  readonly query: { readonly name: string; readonly type: string } | null;
  readonly expected: {
    readonly rcode?: string;
    readonly answers?: readonly DnsRecordOfCase[] | null;
    readonly mayAlsoContain?: readonly DnsRecordOfCase[] | null;
    readonly srvRecordCount?: number | null;
  };
}

/** The names of SRV records by which a client could ask for the ports: by the port's name or, if it has none, by its number. */
const srvNames = (zone: string, { namespace, name, ports }: ServiceOfDnsCase): readonly string[] =>
  listOf(ports).map((port) => `_${port.name === '' ? port.port : port.name}._${port.protocol.toLowerCase()}.${name}.${namespace}.svc.${zone}.`);

/** The endpoints of cases have no ports, so they get those of their Service. */
const sliceObjects = ({ service, endpoints }: EndpointsOfCase, services: readonly ServiceOfCase[]): readonly object[] =>
  dnsSliceObjects({ service, addresses: endpoints, ports: services.find(({ namespace, name }) => service === `${namespace}/${name}`)?.ports ?? [] });

/**
 * The record without what the specification leaves to the server: letter case, and the priority and weight of SRV records.
 * Zone files quote texts.
 */
function asSpecified(record: DnsRecordOfCase): DnsRecordOfCase {
  const { name, type, data, port, target } = record;
  const [lastPort = port, lastTarget = target] = (data ?? '').split(' ').slice(2);
  if (type === 'SRV') return { name, type, data: `${lastPort} ${lastTarget}` };
  return type === 'TXT' ? { name, type, data: data?.replace(/^"(.*)"$/, '$1') ?? '' } : record;
}

const texts = (records: readonly DnsRecordOfCase[]): readonly string[] => recordTexts(records.map(asSpecified), false).map((text) => text.toLowerCase());

export const dnsSpec = adapter<DnsSpecCase>({
  families: ['dns-spec'],
  run: ({ zone, objects, query, expected }, { api }) => {
    const services = objects.filter((object) => object.kind === 'Service');
    const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
    const slices = objects.filter((object) => object.kind === 'Endpoints').flatMap((endpoints) => sliceObjects(endpoints, services));
    return api.inCluster(dnsSettings(zone, services), [...namespaces.map(namespaceObject), ...services.flatMap(dnsServiceObjects), ...slices], async (cluster): Promise<readonly Finding[]> => {
      const { rcode, answers, mayAlsoContain } = expected;
      const srvRecordCount = expected.srvRecordCount ?? undefined;
      if (query === null) {
        let count = 0;
        for (const name of services.flatMap((service) => srvNames(zone, service))) count += (await askDns(cluster, { name, type: 'SRV' })).answers.length;
        return [{ name: 'srvRecordCount', expected: srvRecordCount, actual: count }];
      }
      const answer = await askDns(cluster, query);
      // Where a case only counts records, it does not know the names of all.
      const stated = texts(listOf(answers));
      const [optional, known] = [new Set(texts(listOf(mayAlsoContain))), new Set(stated)];
      const came = texts(answer.answers).filter((text) => !optional.has(text));
      return [
        { name: 'rcode', expected: rcode, actual: answer.rcode },
        { name: 'answers', expected: stated, actual: srvRecordCount === undefined ? came : came.filter((text) => known.has(text)) },
        ...(srvRecordCount === undefined ? [] : [{ name: 'srvRecordCount', expected: srvRecordCount, actual: came.length }]),
      ];
    });
  },
});
