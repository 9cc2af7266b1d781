/**
 * Routes that are stored but not modelled: those of the Gateway API for other protocols than HTTP, Istio's, which tell
 * a mesh what to do with requests to Services, and those that ingress controllers read beside Ingresses.
 */
import { GATEWAY_GROUP } from '../../http/gateway.js';
import type { ParentRef } from '../../http/http-route.js';
import { isFields, type Fields } from '../../values/fields.js';
import type { OtherFacts } from '../facts.js';
import { groupOf, type KubeObject } from '../objects.js';

type Routes = NonNullable<OtherFacts['routes']>;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);
const textsOf = (value: unknown): readonly string[] => listOf(value).filter((each) => typeof each === 'string');
const textOr = <Other>(value: unknown, other: Other): string | Other => (typeof value === 'string' ? value : other);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** @source gateway.networking.k8s.io/v1 `ParentReference` */
function gatewayRoutes({ parentRefs, hostnames }: Fields, own: string): Routes {
  const parents = listOf(parentRefs)
    .filter(isFields)
    .map(({ group, kind, namespace, name, sectionName, port }): ParentRef => ({
      group: textOr(group, GATEWAY_GROUP),
      kind: textOr(kind, 'Gateway'),
      namespace: textOr(namespace, own),
      name: textOr(name, ''),
      section: textOr(sectionName, null),
      port: numberOrNull(port),
    }));
  return { parents, hostnames: textsOf(hostnames).map((hostname) => hostname.toLowerCase()) };
}

/**
 * The Service that a host names; hosts with wildcards are ignored.
 *
 * @source istio.io/api networking/v1alpha3 `VirtualService.hosts`: a short name is one of the object's own namespace
 */
function serviceNamed(host: string, own: string): readonly ParentRef[] {
  const [, name, namespace = own] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\..*)?)?$/.exec(host) ?? [];
  return name === undefined ? [] : [{ group: '', kind: 'Service', namespace, name, section: null, port: null }];
}

/** Routes that a controller, named as in an IngressClass, reads beside Ingresses. */
const routesOf = (controller: string, hostnames: readonly string[]): Routes | null =>
  (hostnames.length === 0 ? null : { parents: [], controller, hostnames: hostnames.map((hostname) => hostname.toLowerCase()) });

/**
 * The hosts in the rules of an IngressRoute; `''`, for any, if a rule names none.
 *
 * @source Traefik reference "Rules & Priority": ``Host(`a`, `b`)``
 */
const hostsOfRules = (routes: unknown): readonly string[] => listOf(routes).filter(isFields).flatMap(({ match }) => {
  const hosts = [...textOr(match, '').matchAll(/\bHost\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    Array.from(names.matchAll(/[`"]([^`"]+)[`"]/g), ([, name = '']) => name),
  );
  return hosts.length > 0 ? hosts : [''];
});

const ingressRoutes = ({ routes }: Fields): Routes | null => routesOf('traefik.io/ingress-controller', hostsOfRules(routes));

const meshRoutes = (hosts: readonly string[], own: string): Routes => ({ parents: hosts.flatMap((host) => serviceNamed(host, own)), hostnames: [] });

/** What an object routes; `null`: nothing, as it is written. */
type Reading = (spec: Fields, own: string) => Routes | null;

/** By group and kind. */
const ROUTES: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['traefik.io/IngressRoute', ingressRoutes],
  ['traefik.containo.us/IngressRoute', ingressRoutes],
  // One without a virtual host is a part of others.
  [
    'projectcontour.io/HTTPProxy',
    ({ virtualhost }) => routesOf('projectcontour.io/ingress-controller', isFields(virtualhost) ? textsOf([virtualhost['fqdn']]) : []),
  ],
  ['k8s.nginx.org/VirtualServer', ({ host }) => routesOf('nginx.org/ingress-controller', textsOf([host]))],
  ...['GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'].map((kind) => [`${GATEWAY_GROUP}/${kind}`, gatewayRoutes] as const),
  // Without gateways it is for the sidecars, which have the name mesh.
  [
    'networking.istio.io/VirtualService',
    ({ hosts, gateways }, own) => (gateways === undefined || textsOf(gateways).includes('mesh') ? meshRoutes(textsOf(hosts), own) : null),
  ],
  // Without a trafficPolicy it only names subsets.
  ['networking.istio.io/DestinationRule', ({ host, trafficPolicy }, own) => (isFields(trafficPolicy) ? meshRoutes(textsOf([host]), own) : null)],
]);

/** Kinds of routes that are not modelled. */
export const FOREIGN_ROUTES: ReadonlySet<string> = new Set(ROUTES.keys());

/** @returns `null` if the object routes nothing */
export function foreignRoutes({ apiVersion, kind, spec, metadata: { namespace = '' } }: KubeObject): Routes | null {
  const routes = isFields(spec) ? ROUTES.get(`${groupOf(apiVersion)}/${kind}`)?.(spec, namespace) : undefined;
  return routes && (routes.parents.length > 0 || routes.controller !== undefined) ? routes : null;
}
