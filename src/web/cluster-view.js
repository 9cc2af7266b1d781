import { list, pathOf, Refused } from './api.js';
import { element, find, link } from './elements.js';
import { insideButton } from './inside-dialog.js';

const isReady = ({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

const portText = ({ port, nodePort, protocol }) => `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`;

/** What a table shows of each object; `ask` is what it is in a trace request. */
const RESOURCES = {
  pods: {
    title: 'Pods', netns: 'pod', ask: { from: 'pod', to: 'pod' },
    columns: ['IP', 'Node', 'Ports', 'Ready'],
    cells: (pod) => [pod.status?.podIP ?? '–', pod.spec.nodeName ?? '–', pod.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`)).join(', '), isReady(pod) ? 'yes' : 'no'],
    port: (pod) => pod.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort,
  },
  services: {
    title: 'Services', ask: { to: 'service' },
    columns: ['Type', 'Cluster IP', 'External', 'Ports'],
    cells: ({ spec, status }) => [spec.type, spec.clusterIP ?? '–', (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname).concat(spec.externalIPs ?? []).join(', '), (spec.ports ?? []).map(portText).join(', ')],
    port: ({ spec }) => spec.ports?.[0]?.port,
  },
  nodes: {
    title: 'Nodes', netns: 'node', ask: { from: 'node', to: 'node' },
    columns: ['Address', 'podCIDR', 'Ready'],
    cells: (node) => [node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '–', node.spec.podCIDR ?? '–', isReady(node) ? 'yes' : 'no'],
    port: () => undefined,
  },
};

/** Tables of what is in a cluster. */
export class ClusterView {
  #place = find('#objects');
  #ask;

  /** @param {(question: object) => void} ask fills part of a trace request into the form */
  constructor(ask) {
    this.#ask = ask;
  }

  /** @param {string} cluster its name @param {keyof typeof RESOURCES} resource */
  async show(cluster, resource) {
    const { title, columns } = RESOURCES[resource];
    const body = element('tbody');
    const more = element('p');
    const headings = ['Name', 'Ask', ...columns].map((name) => element('th', { scope: 'col' }, name));
    this.#place.replaceChildren(
      element('div', { class: 'wide', role: 'region', 'aria-label': title, tabindex: 0 }, element('table', {}, element('thead', {}, element('tr', {}, headings)), body)), more);
    await this.#page({ cluster, resource, body, more }, null);
  }

  async #page(table, from) {
    const { cluster, resource, body, more } = table;
    try {
      const { items, continue: next } = await list(cluster, resource, from);
      body.append(...items.map((object) => this.#row(cluster, resource, object)));
      more.replaceChildren(...(next === null ? [] : [element('button', { type: 'button', click: () => void this.#page(table, next) }, 'Show more')]));
      if (body.childElementCount === 0) more.append('There is none.');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      more.replaceChildren(error.message);
    }
  }

  #row(cluster, resource, object) {
    const { ask, netns, cells, port } = RESOURCES[resource];
    const { namespace, name } = object.metadata;
    const full = namespace === undefined ? name : `${namespace}/${name}`;
    const address = `${pathOf(cluster)}/${resource}/${full.split('/').map(encodeURIComponent).join('/')}`;
    const button = (side, end) => element('button', { type: 'button', 'aria-label': `Ask ${side} ${full}`, click: () => this.#ask({ [side]: end }) }, side);
    return element('tr', {},
      element('td', {}, link(address, full)),
      element('td', {}, ask.from === undefined ? null : button('from', { [ask.from]: full }), button('to', { [ask.to]: full, port: port(object) }), netns === undefined ? null : insideButton({ cluster, netns: `${netns}:${full}` })),
      cells(object).map((cell) => element('td', {}, cell)));
  }
}
