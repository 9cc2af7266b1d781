/** One-line summaries of objects with many parts. */
/**
 * @import { AdminNetworkPolicy, AdminPolicyPeer, AdminPolicyPort, BaselineAdminNetworkPolicy } from '../domain/cluster/kinds/admin-network-policy.js'
 * @import { EndpointSlice } from '../domain/cluster/kinds/endpoint-slice.js'
 * @import { Gateway } from '../domain/cluster/kinds/gateway.js'
 * @import { HttpRoute, HttpRouteRule } from '../domain/cluster/kinds/http-route.js'
 * @import { Ingress, IngressBackendInput } from '../domain/cluster/kinds/ingress.js'
 * @import { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../domain/cluster/kinds/network-policy.js'
 */

/** @typedef {NonNullable<NetworkPolicyPeer['podSelector']>} Selector */

/** Of values that do not name one: `in (a, b)`. @param {readonly string[] | undefined} values */
const valueList = (values) => `(${(values ?? []).join(', ')})`;

/** @type {Readonly<Record<string, (key: string, values?: readonly string[]) => string>>} */
const OPERATORS = {
  In: (key, values) => `${key} in ${valueList(values)}`, NotIn: (key, values) => `${key} notin ${valueList(values)}`,
  Exists: (key) => key, DoesNotExist: (key) => `!${key}`,
};

/** As `kubectl get --selector` takes it; empty where it selects everything. @param {Selector | undefined} selector */
const selectorText = ({ matchLabels = {}, matchExpressions = [] } = {}) => [
  ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
  ...matchExpressions.map(({ key, operator, values }) => OPERATORS[operator]?.(key, values) ?? `${key} ${operator}`),
].join(',');

/** @param {string} noun @param {Selector | undefined} selector */
const selected = (noun, selector) => (selectorText(selector) === '' ? `all ${noun}` : `${noun} ${selectorText(selector)}`);

/** @param {NetworkPolicyPeer} peer */
function peerText({ podSelector, namespaceSelector, ipBlock }) {
  if (ipBlock !== undefined) return ipBlock.except?.length ? `${ipBlock.cidr} except ${ipBlock.except.join(' and ')}` : ipBlock.cidr;
  return namespaceSelector === undefined ? selected('pods', podSelector) : `${selected('pods', podSelector)} of ${selected('namespaces', namespaceSelector)}`;
}

/** @param {NetworkPolicyPort} port */
const policyPort = ({ port = 'any', endPort, protocol = 'TCP' }) => `${port}${endPort === undefined ? '' : `-${endPort}`}/${protocol}`;

/** @param {readonly NetworkPolicyPeer[] | undefined} peers @param {readonly NetworkPolicyPort[] | undefined} ports */
const ruleText = (peers, ports) =>
  `${peers?.length ? peers.map(peerText).join(' or ') : 'anyone'} on ${ports?.length ? ports.map(policyPort).join(', ') : 'any port'}`;

/** The pods that a policy is for, who may reach them, and whom they may reach. @param {NetworkPolicy} policy */
export function policyLines({ spec: { podSelector, policyTypes = [], ingress = [], egress = [] } = {} }) {
  /** @param {'Ingress' | 'Egress'} type @param {readonly string[]} rules */
  const direction = (type, rules) => (policyTypes.includes(type) ? rules.join('; ') || 'nobody' : 'not limited');
  return [
    selected('pods', podSelector),
    direction(
      'Ingress',
      ingress.map(({ from, ports }) => ruleText(from, ports)),
    ),
    direction(
      'Egress',
      egress.map(({ to, ports }) => ruleText(to, ports)),
    ),
  ];
}

/** Pods of namespaces. @param {Selector | undefined} pods @param {Selector | undefined} namespaces */
const podsOf = (pods, namespaces) => `${selected('pods', pods)} of ${selected('namespaces', namespaces)}`;

/** Peers as earlier versions of the API name them are only said to be namespaces. @param {AdminPolicyPeer} peer */
function adminPeer({ namespaces, pods, nodes, networks = [], domainNames = [] }) {
  return [
    ...(namespaces === undefined ? [] : [selected('namespaces', namespaces)]),
    ...(pods === undefined ? [] : [podsOf(pods.podSelector, pods.namespaceSelector)]),
    ...(nodes === undefined ? [] : [selected('nodes', nodes)]),
    ...networks,
    ...domainNames,
  ].join(', ');
}

/** @param {AdminPolicyPort} port */
const adminPort = ({ portNumber, portRange, namedPort }) =>
  portNumber !== undefined
    ? `${portNumber.port}/${portNumber.protocol ?? 'TCP'}`
    : portRange !== undefined
      ? `${portRange.start}-${portRange.end}/${portRange.protocol ?? 'TCP'}`
      : String(namedPort);

/**
 * The pods that an administrator's policy is for, and its rules for either direction, in order.
 *
 * @param {AdminNetworkPolicy | BaselineAdminNetworkPolicy} policy
 */
export function adminPolicyLines({ spec: { subject, ingress = [], egress = [] } }) {
  /** @param {string} action @param {readonly AdminPolicyPeer[]} peers @param {readonly AdminPolicyPort[] | undefined} ports */
  const rule = (action, peers, ports) => `${action} ${peers.map(adminPeer).join(' or ')}${ports?.length ? ` on ${ports.map(adminPort).join(', ')}` : ''}`;
  return [
    subject.pods === undefined ? selected('namespaces', subject.namespaces) : podsOf(subject.pods.podSelector, subject.pods.namespaceSelector),
    ingress.map(({ action, from, ports }) => rule(action, from, ports)).join('; ') || '–',
    egress.map(({ action, to, ports }) => rule(action, to, ports)).join('; ') || '–',
  ];
}

/** Most endpoints of a slice that are named; there can be a hundred. */
const ENDPOINTS = 10;

/** Its Service and its endpoints, each with what keeps it from being one to send to. @param {EndpointSlice} slice */
export function sliceLines({ metadata, endpoints = [], ports = [] }) {
  const named = endpoints
    .slice(0, ENDPOINTS)
    .map(
      ({ addresses, targetRef, conditions: { ready, terminating } = {} }) =>
        `${addresses.join(' ')}${targetRef?.name === undefined ? '' : ` ${targetRef.name}`}${terminating ? ' (terminating)' : ready === false ? ' (not ready)' : ''}`,
    );
  const more = endpoints.length - named.length;
  return [
    metadata.labels?.['kubernetes.io/service-name'] ?? '–',
    [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ') || '–',
    ports.map(({ port, protocol = 'TCP' }) => `${port ?? 'any'}/${protocol}`).join(', ') || '–',
  ];
}

/** @param {IngressBackendInput} backend */
const ingressBackend = ({ service, resource }) =>
  service === undefined ? `${resource?.kind} ${resource?.name}` : `${service.name}:${service.port?.name ?? service.port?.number}`;

/** @param {Ingress} ingress */
export const ingressRoutes = ({ spec: { rules = [], defaultBackend } = {} }) =>
  [
    ...rules.flatMap(({ host = '*', http }) =>
      (http?.paths ?? []).map(
        ({ path = '/', pathType, backend }) => `${host}${path}${pathType === 'Exact' ? ' exactly' : ''} → ${ingressBackend(backend)}`,
      ),
    ),
    ...(defaultBackend === undefined ? [] : [`anything else → ${ingressBackend(defaultBackend)}`]),
  ].join(', ') || '–';

/** @param {Gateway} gateway */
export const gatewayListeners = ({ spec: { listeners } }) =>
  listeners
    .map(({ name, port, protocol, hostname }) => `${name} ${port}/${protocol}${hostname === undefined ? '' : ` for ${hostname}`}`)
    .join(', ') || '–';

/** @param {HttpRoute} route */
export const routeParents = ({ metadata, spec: { parentRefs = [] } }) =>
  parentRefs
    .map(
      ({ kind, namespace = metadata.namespace, name, sectionName }) =>
        `${kind === undefined || kind === 'Gateway' ? '' : `${kind} `}${namespace === metadata.namespace ? '' : `${namespace}/`}${name}${sectionName === undefined ? '' : `, ${sectionName}`}`,
    )
    .join('; ') || '–';

/** @param {NonNullable<HttpRouteRule['matches']>[number]} match */
function matchText({ method, path: { type, value = '/' } = {}, headers = [], queryParams = [] }) {
  const asked = [...headers.map(({ name, value: wanted }) => `${name}: ${wanted}`), ...queryParams.map(({ name, value: wanted }) => `?${name}=${wanted}`)];
  return `${method === undefined ? '' : `${method} `}${value}${type === 'Exact' ? ' exactly' : ''}${asked.length === 0 ? '' : ` with ${asked.join(' and ')}`}`;
}

/** @param {HttpRouteRule} rule */
function ruleBackends({ backendRefs = [], filters = [] }) {
  if (filters.some(({ type }) => type === 'RequestRedirect')) return 'a redirect';
  return (
    backendRefs
      .map(
        ({ kind, name, port, weight = 1 }) =>
          `${kind === undefined || kind === 'Service' ? '' : `${kind} `}${name}${port === undefined ? '' : `:${port}`}${backendRefs.length === 1 && weight === 1 ? '' : ` (weight ${weight})`}`,
      )
      .join(' or ') || 'nothing'
  );
}

/** @param {HttpRoute} route */
export const routeRules = ({ spec: { rules = [] } }) =>
  rules.map((rule) => `${rule.matches?.length ? rule.matches.map(matchText).join(' or ') : '/'} → ${ruleBackends(rule)}`).join('; ') || '–';
