import { insideText, Refused } from './api.js';
import { element, find } from './elements.js';
import { placeName } from './place-names.js';

/** @typedef {{ cluster: string, netns: string, traceId: string | null }} Place `traceId`: as the tables are after that trace */

/**
 * The views, each with the Linux command that prints the same, and what that is.
 *
 * @type {Readonly<Record<string, readonly [command: string, what: string]>>}
 */
const VIEWS = {
  interfaces: ['ip addr', 'the interfaces and their addresses'],
  routes: ['ip route', 'the route table, which says where a packet goes on, by its destination'],
  neighbours: ['ip neigh', 'the neighbour table, with the MAC addresses that ARP has found out'],
  fdb: ['bridge fdb', 'the forwarding database of the bridge, with the port behind which each MAC address is'],
  rules: ['iptables-save', 'the rules of netfilter, by table and chain'],
  conntrack: ['conntrack -L', 'the connections that are tracked, each in both directions'],
  sockets: ['ss -ltnu', 'the ports at which programs listen'],
};

/** The resource of a pod or a node, from a netns of a step; other machines have no inside views. @param {string} netns */
const resourceOf = (netns) => (/^(?:pod|node):/.test(netns) ? netns.replace(':', 's/') : null);

/** Shows what a node or a pod looks like from inside. */
class InsideDialog {
  #dialog = find('#inside', HTMLDialogElement);
  #title = find('h2', HTMLElement, this.#dialog);
  #what = find('p', HTMLElement, this.#dialog);
  #text = find('pre code', HTMLElement, this.#dialog);
  /** @type {Map<string, HTMLInputElement>} */
  #tabs = new Map();
  /** The last request; a late answer to an earlier one is not shown. */
  #turn = 0;
  /** @type {Place | null} */
  #place = null;

  constructor() {
    for (const [view, [command]] of Object.entries(VIEWS)) {
      const tab = element('input', { type: 'radio', name: 'view', value: view, change: () => void this.#load(view) });
      this.#tabs.set(view, tab);
      find('.tabs', HTMLElement, this.#dialog).append(element('label', {}, tab, element('code', {}, command)));
    }
    find('button', HTMLButtonElement, this.#dialog).addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', ({ target }) => { if (target === this.#dialog) this.#dialog.close(); }); // its backdrop
  }

  /** @param {Place} place */
  open(place) {
    this.#place = place;
    this.#title.textContent = placeName(place.netns);
    const view = place.traceId === null ? 'interfaces' : 'neighbours';
    this.#dialog.showModal();
    const tab = this.#tabs.get(view);
    if (tab === undefined) return;
    tab.checked = true;
    tab.focus();
    void this.#load(view);
  }

  /** @param {string} view */
  async #load(view) {
    if (this.#place === null) return;
    const { cluster, netns, traceId } = this.#place;
    const mine = (this.#turn += 1);
    this.#what.textContent = `${traceId === null ? 'Now' : 'After this walk'}: ${VIEWS[view]?.[1]}.`;
    this.#text.textContent = 'Loading…';
    const text = await insideText(cluster, `${resourceOf(netns)}/${view}`, traceId).catch((error) => {
      if (error instanceof Refused) return error.message;
      throw error;
    });
    if (mine === this.#turn) this.#text.textContent = text.trim() === '' ? 'Nothing.' : text;
  }
}

/** @type {InsideDialog | null} */
let dialog = null;

/** A button that shows a place from inside, or nothing where there is no inside. @param {Place} place */
export function insideButton(place) {
  if (resourceOf(place.netns) === null) return null;
  return element(
    'button',
    {
      type: 'button',
      class: 'plain',
      'aria-label': `Look inside ${placeName(place.netns)}`,
      click: () => (dialog ??= new InsideDialog()).open(place),
    },
    'inside',
  );
}
