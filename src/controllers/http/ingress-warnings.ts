/** What somebody who writes an Ingress should know about it. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { IngressFacts } from '../../domain/cluster/facts.js';
import { portOfBackend, serviceOfClass } from '../../domain/cluster/http-services.js';
import { didYouMean, similarNames } from '../../domain/cluster/similar-names.js';
import type { IngressClassView } from '../../domain/cluster/view.js';
import { isReadBy, readsNginxAnnotations } from '../../domain/http/controller-annotations.js';
import type { IngressPath, IngressView } from '../../domain/http/ingress-view.js';
import { ingressesByAge } from '../../domain/http/ingress.js';
import { loginProblem } from '../../domain/http/nginx-access.js';
import { isExact } from '../../domain/http/path-match.js';
import { wwwCounterpart } from '../../domain/http/nginx-server-names.js';

/** One for each Service. */
function backendProblems(state: ClusterState, { namespace, defaultBackend, rules }: IngressFacts): readonly string[] {
  const backends = [defaultBackend, ...rules.flatMap(({ paths }) => paths.map(({ backend }) => backend))];
  return [...new Set(
    backends.flatMap((backend) => {
      if (!backend || !('service' in backend)) return [];
      const service = state.service(namespace, backend.service);
      if (!service) return `there is no Service ${namespace}/${backend.service}${didYouMean(state.similarNames('service', namespace, backend.service))}`;
      return portOfBackend(service, backend.port)
        ? []
        : `Service ${namespace}/${backend.service} has no port ${backend.port}; it has ${service.ports.map(({ port, name }) => (name === '' ? String(port) : `${port} (${name})`)).join(', ')}`;
    }),
  )];
}

function classProblems(state: ClusterState, className: string | null, ingressClass: IngressClassView | undefined): readonly string[] {
  if (className === null) return ['it names no IngressClass and none is the default, so no controller serves it'];
  if (!ingressClass) {
    return [
      `there is no IngressClass ${className}, so no controller serves it${didYouMean(
        similarNames(
          className,
          state.http.ingressClasses().map((each) => each.name),
        ),
      )}`,
    ];
  }
  if (serviceOfClass(state, ingressClass)) return [];
  return [
    `the Service of its controller (IngressClass ${className}, ${ingressClass.controller}) is not known: name it by the annotation packetwalk.dev/ingress-controller of the IngressClass`,
  ];
}

function certificateProblems(state: ClusterState, { namespace, tls }: IngressFacts): readonly string[] {
  return tls.flatMap(({ hosts, secret }) => {
    if (secret === null || state.hasSecret(namespace, secret)) return [];
    const whoGets = hosts.length === 1 ? `${hosts.join('')} gets` : `${hosts.join(', ') || 'its hosts'} get`;
    return [`there is no Secret ${namespace}/${secret}, so ${whoGets} the controller's default certificate`];
  });
}

/** Paths without characters that mean something in a regular expression. @source ingress-nginx internal/ingress/inspector/rules.go `validPathType` */
const PLAIN_PATH = /^\/[A-Za-z0-9._\-/]*$/;

const placeOf = (className: string | null, host: string, place: IngressPath): string => `${className} ${isExact(place)} ${host}${place.path || '/'}`;

/** The oldest Ingress of each path at the hosts of `ingresses`; canaries share the paths of others. */
function ownersOfPaths(state: ClusterState, ingresses: readonly IngressFacts[]): ReadonlyMap<string, IngressView> {
  const owners = new Map<string, IngressView>();
  for (const host of new Set(ingresses.flatMap(({ rules }) => rules.map((rule) => rule.host)))) {
    for (const ingress of ingressesByAge(state.http.ingressesAt(host))) {
      if (ingress.nginx.canary !== null) continue;
      for (const path of ingress.rules.flatMap((rule) => (rule.host === host ? rule.paths : []))) {
        const place = placeOf(ingress.className, host, path);
        if (!owners.has(place)) owners.set(place, ingress);
      }
    }
  }
  return owners;
}

/**
 * What the validating webhook of ingress-nginx would refuse. Packetwalk takes such an Ingress, as a cluster without the webhook does.
 *
 * @source ingress-nginx internal/ingress/controller/controller.go `CheckIngress`, `checkOverlap`; `strict-validate-path-type`
 */
function refusedByWebhook(
  { namespace, name, className, nginx, rules, notModelled }: IngressFacts,
  owners: ReadonlyMap<string, IngressView>,
): readonly string[] {
  const snippets = notModelled
    .filter((key) => key.endsWith('-snippet'))
    .map((key) => `the webhook of ingress-nginx refuses the annotation ${key}, unless its ConfigMap has allow-snippet-annotations: "true"`);
  return snippets.concat(
    rules.flatMap(({ host, paths }) =>
      paths.flatMap((place) => {
        const { path, pathType } = place;
        const isOdd = pathType !== 'ImplementationSpecific' && path !== '' && !PLAIN_PATH.test(path);
        const owner = nginx.canary === null ? owners.get(placeOf(className, host, place)) : undefined;
        const isTaken = owner !== undefined && (owner.namespace !== namespace || owner.name !== name);
        return [
          ...(isOdd
            ? [`the webhook of ingress-nginx refuses path ${path} with pathType ${pathType}; a regular expression needs ImplementationSpecific`]
            : []),
          ...(isTaken
            ? [
                `the webhook of ingress-nginx refuses ${host}${path} (${pathType}), because Ingress ${owner.namespace}/${owner.name} has it already; here the rule of that Ingress counts`,
              ]
            : []),
        ];
      }),
    ),
  );
}

/** The first Ingress of the class with a rule for exactly this host. */
const ownerOf = (state: ClusterState, className: string | null, host: string): IngressView | undefined =>
  ingressesByAge(state.http.ingressesAt(host)).find((each) => each.className === className && each.nginx.canary === null);

/** Annotations of which ingress-nginx makes nothing, or an error, because of other objects. */
function annotationProblems(state: ClusterState, ingress: IngressFacts): readonly string[] {
  const { namespace, className, rules, nginx: { aliases, redirectsWww, login, defaultBackend, emptySources, canary } } = ingress;
  if (canary !== null) return [];
  const hosts = [...new Set(rules.map(({ host }) => host))];
  const why = login && loginProblem(state, ingress, login);
  return [
    ...aliases.flatMap((alias) => {
      const owner = ownerOf(state, className, alias);
      return owner ? [`server-alias ${alias} is ignored, because Ingress ${owner.namespace}/${owner.name} has a rule for that host`] : [];
    }),
    ...(aliases.length === 0
      ? []
      : hosts.flatMap((host) => {
          const first = ingressesByAge(state.http.ingressesAt(host)).find(
            (each) => each.className === className && each.nginx.aliases.length > 0 && each.nginx.canary === null,
          );
          const isOther = first && (first.namespace !== namespace || first.name !== ingress.name);
          return isOther
            ? [
                `server-alias is ignored for ${host || 'rules without a host'}, which has the aliases of the older Ingress ${first.namespace}/${first.name}`,
              ]
            : [];
        })),
    ...(redirectsWww
      ? hosts.flatMap((host) => {
          const other = wwwCounterpart(host);
          const owner = other === null ? undefined : ownerOf(state, className, other);
          return owner
            ? [`from-to-www-redirect is ignored for ${host}, because Ingress ${owner.namespace}/${owner.name} has a rule for ${other}`]
            : [];
        })
      : []),
    ...(emptySources === null ? [] : [`ingress-nginx answers all requests with 503, because ${emptySources} is empty`]),
    ...(why === null ? [] : [`ingress-nginx answers all requests with 503, because ${why}`]),
    ...(defaultBackend === null || state.service(namespace, defaultBackend)
      ? []
      : [`default-backend is ignored, because there is no Service ${namespace}/${defaultBackend}`]),
  ];
}

function warningsAbout(state: ClusterState, ingress: IngressFacts, owners: ReadonlyMap<string, IngressView>): readonly string[] {
  const { namespace, name, className } = ingress;
  const ingressClass = className === null ? undefined : state.http.ingressClass(className);
  const isNginx = ingressClass !== undefined && readsNginxAnnotations(ingressClass.controller);
  const notModelled = ingress.notModelled.filter((key) => !ingressClass || isReadBy(ingressClass.controller, key));
  return [
    ...classProblems(state, className, ingressClass),
    ...backendProblems(state, ingress),
    ...certificateProblems(state, ingress),
    ...(isNginx ? [...refusedByWebhook(ingress, owners), ...annotationProblems(state, ingress)] : []),
    ...(notModelled.length > 0 ? [`not modelled, and able to decide about requests: ${notModelled.join(', ')}`] : []),
  ].map((text) => `Ingress ${namespace}/${name}: ${text}`);
}

/** @param ingresses those that were written, as they are now */
export function ingressWarnings(state: ClusterState, ingresses: readonly IngressFacts[]): readonly string[] {
  const owners = ownersOfPaths(state, ingresses);
  return ingresses.flatMap((ingress) => warningsAbout(state, ingress, owners));
}
