/** Installs a controller if an Ingress needs one, sets the default class of Ingresses that name none, and writes the address into their status. */
import { defaultObject } from '../../domain/cluster/default-object.js';
import type { Facts, IngressFacts } from '../../domain/cluster/facts.js';
import { serviceOfClass } from '../../domain/cluster/http-services.js';
import { refOf, type KubeObject } from '../../domain/cluster/objects.js';
import type { ServiceView } from '../../domain/cluster/view.js';
import { byText } from '../../domain/values/by-text.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import { ingressClassRef, ingressRef } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';
import { ingressWarnings } from './ingress-warnings.js';
import { NGINX_CLASS, NGINX_CONTROLLER, NGINX_NAME, NGINX_NAMESPACE, NGINX_OBJECTS, nginxClass } from './nginx-objects.js';

export async function syncIngresses(run: Reconciliation): Promise<void> {
  const written = writtenIngresses(run);
  ensureController(run, written);
  await giveDefaultClass(run);
  const affected = affectedIngresses(run);
  if (affected.length > 0) await publishAddresses(run, affected);
  for (const warning of ingressWarnings(run.draft, writtenIngresses(run))) run.warnings.push(warning);
}

/** The Ingresses that the request wrote, in their current state. */
function writtenIngresses({ draft, touched }: Reconciliation): readonly IngressFacts[] {
  const written = new Map<string, IngressFacts>();
  for (const { after, ref } of touched) {
    const current = after?.kind === 'Ingress' ? draft.facts(ref) : undefined;
    if (current?.kind === 'Ingress') written.set(`${current.namespace}/${current.name}`, current);
  }
  return [...written.values()];
}

/** Installs ingress-nginx if nothing serves the class nginx, and an Ingress names that class, or names none while there is no class at all. */
function ensureController(run: Reconciliation, written: readonly IngressFacts[]): void {
  const { draft } = run;
  if (draft.settings.ingress.controller === 'none') return;
  const known = draft.http.ingressClass(NGINX_CLASS);
  if (known && (known.controller !== NGINX_CONTROLLER || known.service !== null || serviceOfClass(draft, known))) return;
  const noClass = draft.http.ingressClasses().length === 0;
  const wanting = written.find(({ className }) => className === NGINX_CLASS || (className === null && noClass));
  if (!wanting) return;
  const objects = [...NGINX_OBJECTS, ...(known ? [] : [nginxClass(noClass)])].map(defaultObject).filter((object) => !draft.facts(refOf(object)));
  for (const object of objects) run.create(object, ingressRef(wanting), 'spec.ingressClassName');
  run.warnings.push(
    `Ingress ${wanting.namespace}/${wanting.name}: the cluster had no ingress controller, so it got ingress-nginx: Deployment and Service ${NGINX_NAMESPACE}/${NGINX_NAME}, IngressClass ${NGINX_CLASS}; the setting ingress.controller "none" keeps it away`,
  );
}

/** Only Ingresses that are created get the default class. @source k8s.io/kubernetes plugin/pkg/admission/network/defaultingressclass */
async function giveDefaultClass(run: Reconciliation): Promise<void> {
  const { touched } = run;
  const bare = touched.filter(({ before, after }) => before === undefined && after?.kind === 'Ingress' && after.className === null).map(({ ref }) => ref);
  const name = bare.length === 0 ? undefined : await defaultClass(run);
  if (name === undefined) return;
  for (const body of await run.load(bare)) run.update({ ...body, spec: { ...(body['spec'] as object), ingressClassName: name } });
}

/** Of several default classes the newest; of those created in the same second the first by name. @source `getDefaultClass` */
async function defaultClass(run: Reconciliation): Promise<string | undefined> {
  const classes = await run.load(run.draft.http.ingressClasses().filter(({ isDefault }) => isDefault).map(ingressClassRef));
  const created = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';
  return [...classes].sort((a, b) => byText(created(b), created(a)) || byText(a.metadata.name, b.metadata.name))[0]?.metadata.name;
}

const concernsClasses = (facts: Facts | undefined): boolean => facts?.kind === 'IngressClass' || facts?.kind === 'Service';

/** The written Ingresses, and those whose class, or whose controller's Service, was changed. */
function affectedIngresses(run: Reconciliation): readonly IngressFacts[] {
  const { draft, touched } = run;
  const classes = new Set<string>();
  for (const { before, after } of touched) {
    if (!concernsClasses(before) && !concernsClasses(after)) continue;
    for (const facts of [before, after]) {
      if (facts?.kind === 'IngressClass') classes.add(facts.name);
      if (facts?.kind !== 'Service') continue;
      for (const each of draft.http.ingressClasses()) {
        const service = serviceOfClass(draft, each);
        if (service ? service.namespace === facts.namespace && service.name === facts.name : after === undefined) classes.add(each.name);
      }
    }
  }
  const written = writtenIngresses(run);
  if (classes.size === 0) return written;
  const all = new Map(
    draft.http
      .all('Ingress')
      .filter(({ className }) => className !== null && classes.has(className))
      .map((each) => [`${each.namespace}/${each.name}`, each]),
  );
  for (const ingress of written) all.set(`${ingress.namespace}/${ingress.name}`, ingress);
  return [...all.values()];
}

/** Those of the load balancer, then the external ones. @source ingress-nginx internal/ingress/status `statusAddressFromService` */
const addressesOf = ({ loadBalancerIngress, externalIPs }: ServiceView): readonly { readonly ip: string }[] =>
  Array.from(new Set([...loadBalancerIngress.map(({ ip }) => ip), ...externalIPs]), (ip) => ({ ip: formatIpv4(ip) }));

async function publishAddresses(run: Reconciliation, ingresses: readonly IngressFacts[]): Promise<void> {
  for (const body of await run.load<KubeObject & { readonly status?: object }>(ingresses.map(ingressRef))) {
    const facts = run.draft.facts(refOf(body));
    const ingressClass = facts?.kind === 'Ingress' && facts.className !== null ? run.draft.http.ingressClass(facts.className) : undefined;
    const service = ingressClass && serviceOfClass(run.draft, ingressClass);
    // Another controller has written the status.
    if (!service && body.status) continue;
    const ingress = service ? addressesOf(service) : [];
    run.update({ ...body, status: { loadBalancer: ingress.length > 0 ? { ingress } : {} } });
  }
}
