/**
 * @import { Listed } from './api.js'
 * @import { Child } from './elements.js'
 * @import { NamedObject } from './find-names.js'
 * @import { End } from './question.js'
 */
import { deleteObject, list, objectPath, Refused } from './api.js';
import { element, find, link } from './elements.js';
import { findByName, nameOf, portsOf } from './find-names.js';
import { insideButton } from './inside-dialog.js';
import { adminPolicyLines, gatewayListeners, ingressRoutes, policyLines, routeParents, routeRules, sliceLines } from './one-line.js';
import { row, table, tableBody } from './table.js';

/** @param {Listed['pods' | 'nodes']} object */
const ready = ({ status }) => (status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True' ? 'yes' : 'no');

/** @param {readonly { ip?: string | undefined, hostname?: string | undefined }[] | undefined} ingress of a load balancer's status */
const loadBalancerAddresses = (ingress) => (ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);

/** The columns of each table. `kind`: the kind of end that the objects are in a question; `null` if they cannot be one. */
const RESOURCES = {
  pods: {
    title: 'Pods',
    kind: 'pod',
    columns: ['IP', 'Node', 'Ports', 'Ready'],
    /** @param {Listed['pods']} pod */
    cells: (pod) => [
      pod.status?.podIP ?? '–',
      pod.spec.nodeName ?? '–',
      pod.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`)).join(', ') || '–',
      ready(pod),
    ],
  },
  services: {
    title: 'Services',
    kind: 'service',
    columns: ['Type', 'Cluster IP', 'External', 'Ports'],
    /** @param {Listed['services']} service */
    cells: ({ spec, status }) => [
      spec.type ?? '–',
      spec.clusterIP ?? '–',
      [...loadBalancerAddresses(status?.loadBalancer?.ingress), ...(spec.externalIPs ?? []), ...(spec.externalName ? [spec.externalName] : [])].join(
        ', ',
      ) || '–',
      (spec.ports ?? []).map(({ port, nodePort, protocol }) => `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`).join(', ') ||
        '–',
    ],
  },
  endpointslices: {
    title: 'EndpointSlices',
    kind: null,
    columns: ['Service', 'Endpoints', 'Ports'],
    cells: sliceLines,
  },
  nodes: {
    title: 'Nodes',
    kind: 'node',
    columns: ['Address', 'podCIDR', 'Ready'],
    /** @param {Listed['nodes']} node */
    cells: (node) => [node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '–', node.spec?.podCIDR ?? '–', ready(node)],
  },
  networkpolicies: {
    title: 'NetworkPolicies',
    kind: null,
    columns: ['Selects', 'Ingress from', 'Egress to'],
    cells: policyLines,
  },
  adminnetworkpolicies: {
    title: 'AdminNetworkPolicies',
    kind: null,
    columns: ['Priority', 'Subject', 'Ingress', 'Egress'],
    /** @param {Listed['adminnetworkpolicies']} policy */
    cells: (policy) => [String(policy.spec.priority), ...adminPolicyLines(policy)],
  },
  baselineadminnetworkpolicies: {
    title: 'BaselineAdminNetworkPolicies',
    kind: null,
    columns: ['Subject', 'Ingress', 'Egress'],
    cells: adminPolicyLines,
  },
  ingresses: {
    title: 'Ingresses',
    kind: null,
    columns: ['Class', 'Address', 'Routes'],
    /** @param {Listed['ingresses']} ingress */
    cells: (ingress) => [
      ingress.spec?.ingressClassName ?? '–',
      loadBalancerAddresses(ingress.status?.loadBalancer?.ingress).join(', ') || '–',
      ingressRoutes(ingress),
    ],
  },
  gateways: {
    title: 'Gateways',
    kind: null,
    columns: ['Class', 'Address', 'Listeners'],
    /** @param {Listed['gateways']} gateway */
    cells: (gateway) => [
      gateway.spec.gatewayClassName,
      (gateway.status?.addresses ?? []).map(({ value }) => value).join(', ') || '–',
      gatewayListeners(gateway),
    ],
  },
  httproutes: {
    title: 'HTTPRoutes',
    kind: null,
    columns: ['Gateways', 'Hosts', 'Routes'],
    /** @param {Listed['httproutes']} route */
    cells: (route) => [routeParents(route), route.spec.hostnames?.join(', ') || 'any', routeRules(route)],
  },
};

/** @typedef {keyof typeof RESOURCES} Resource */

/** @param {string} name @returns {name is Resource} */
export const isResource = (name) => Object.hasOwn(RESOURCES, name);

/** Number of rows per page. */
const PAGE = 100;

/** Tables of what is in a cluster. */
export class ClusterView {
  #place = find('#objects', HTMLElement);
  #ask;
  #changed;

  /**
   * @param {(ends: { from?: End, to?: End }) => void} ask fills part of a question into the form
   * @param {() => Promise<unknown>} changed what follows a deletion
   */
  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** @param {string} cluster its name @param {Resource} resource @param {string} start what the names begin with */
  async show(cluster, resource, start) {
    switch (resource) {
      case 'pods':
        return this.#table(cluster, 'pods', start, RESOURCES.pods);
      case 'services':
        return this.#table(cluster, 'services', start, RESOURCES.services);
      case 'endpointslices':
        return this.#table(cluster, 'endpointslices', start, RESOURCES.endpointslices);
      case 'nodes':
        return this.#table(cluster, 'nodes', start, RESOURCES.nodes);
      case 'networkpolicies':
        return this.#table(cluster, 'networkpolicies', start, RESOURCES.networkpolicies);
      case 'adminnetworkpolicies':
        return this.#table(cluster, 'adminnetworkpolicies', start, RESOURCES.adminnetworkpolicies);
      case 'baselineadminnetworkpolicies':
        return this.#table(cluster, 'baselineadminnetworkpolicies', start, RESOURCES.baselineadminnetworkpolicies);
      case 'ingresses':
        return this.#table(cluster, 'ingresses', start, RESOURCES.ingresses);
      case 'gateways':
        return this.#table(cluster, 'gateways', start, RESOURCES.gateways);
      case 'httproutes':
        return this.#table(cluster, 'httproutes', start, RESOURCES.httproutes);
    }
  }

  /**
   * @template {Resource} R
   * @param {string} cluster
   * @param {R} resource
   * @param {string} start
   * @param {{ title: string, kind: string | null, columns: string[], cells: (object: Listed[R]) => Child[] }} shown
   */
  async #table(cluster, resource, start, { title, kind, columns, cells }) {
    const body = tableBody();
    const end = element('p', { role: 'status' });
    const headings = ['Name', ...(kind === null ? [] : ['Ask']), ...columns, 'Delete'];
    const shown = element('div', { class: 'wide', role: 'region', 'aria-label': title, tabindex: 0, hidden: true }, table(headings, body));
    this.#place.replaceChildren(shown, end);

    /** @param {string | null} from */
    const load = async (from) => {
      end.replaceChildren('Loading…');
      try {
        const { items, continue: next } =
          start === ''
            ? await list(cluster, resource, { from, limit: PAGE })
            : { items: await findByName(cluster, resource, start, PAGE), continue: null };
        const rows = items.map((object) => row(headings, this.#cells(cluster, resource, kind, object, cells(object), end), { head: 0 }));
        body.append(...rows);
        shown.hidden = body.childElementCount === 0;
        if (from !== null) rows[0]?.querySelector('a')?.focus(); // the button that had it is gone
        end.replaceChildren(
          shown.hidden ? 'There is none.' : start !== '' && items.length === PAGE ? `The first ${PAGE}: more of the name finds the others.` : '',
          ...(next === null ? [] : [element('button', { type: 'button', click: () => void load(next) }, 'Show more')]),
        );
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        end.replaceChildren(`${error.message} `, element('button', { type: 'button', click: () => void load(from) }, 'Try again'));
        if (error.status === 404) await this.#changed(); // the cluster was deleted elsewhere
      }
    };
    await load(null);
  }

  /** @param {string} address of an object @param {string} name @param {HTMLElement} state where a refusal is told */
  async #delete(address, name, state) {
    if (!confirm(`Delete ${name}?`)) return;
    try {
      await deleteObject(address);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      state.replaceChildren(error.message);
      if (error.status !== 404) return; // else it is gone already
    }
    find('[name="resource"]:checked', HTMLInputElement).focus(); // the button that had it is gone
    await this.#changed();
  }

  /**
   * @param {string} cluster
   * @param {Resource} resource
   * @param {string | null} kind
   * @param {NamedObject} object
   * @param {Child[]} more
   * @param {HTMLElement} state
   * @returns {Child[]}
   */
  #cells(cluster, resource, kind, object, more, state) {
    const name = nameOf(object.metadata);
    const address = objectPath(cluster, resource, name);
    const [port] = portsOf(object);
    /** @param {'from' | 'to'} side */
    const button = (side) =>
      kind === null
        ? null
        : element(
            'button',
            {
              type: 'button',
              'aria-label': `Ask ${side} ${name}`,
              click: () => this.#ask({ [side]: { [kind]: name, ...(side === 'to' && port !== undefined ? { port } : {}) } }),
            },
            side,
          );
    return [
      link(address, name),
      ...(kind === null
        ? []
        : [[kind === 'service' ? null : button('from'), button('to'), insideButton({ cluster, netns: `${kind}:${name}`, traceId: null })]]),
      ...more,
      element(
        'button',
        {
          type: 'button',
          class: 'plain',
          'aria-label': `Delete ${object.kind} ${name}`,
          click: () => void this.#delete(address, `${object.kind} ${name}`, state),
        },
        'delete',
      ),
    ];
  }
}
