import { insideText, Refused } from './api.js';
import { element, find } from './elements.js';
import { placeName } from './place-names.js';

/** What can be looked at, with the command that prints it. */
const VIEWS = {
  interfaces: 'ip addr', routes: 'ip route', neighbours: 'ip neigh', fdb: 'bridge fdb', rules: 'iptables-save', conntrack: 'conntrack -L', sockets: 'ss -ltnu',
};

/** The resource of a pod or a node, from a netns of a step; other machines have no inside views. */
const resourceOf = (netns) => (/^(?:pod|node):/.test(netns) ? netns.replace(':', 's/') : null);

function wordsOf(error) {
  if (error instanceof Refused) return error.message;
  throw error;
}

/** Shows what a node or a pod looks like from inside. */
class InsideDialog {
  #dialog = find('#inside');
  #shown = null;

  constructor() {
    this.#dialog.querySelector('.tabs').append(...Object.entries(VIEWS).map(([view, command]) =>
      element('label', {}, element('input', { type: 'radio', name: 'view', value: view, change: () => void this.#load(view) }), element('code', {}, command))));
    this.#dialog.querySelector('button').addEventListener('click', () => this.#dialog.close());
  }

  /** @param {{ cluster: string, netns: string, traceId?: string | null }} place `traceId`: as the tables are after that trace */
  open(place) {
    this.#shown = place;
    this.#dialog.querySelector('h2').textContent = placeName(place.netns);
    this.#dialog.querySelector('p').textContent = place.traceId ? 'As it is after this walk.' : 'As it is now.';
    const view = place.traceId ? 'neighbours' : 'interfaces';
    this.#dialog.querySelector(`[value="${view}"]`).checked = true;
    this.#dialog.showModal();
    void this.#load(view);
  }

  async #load(view) {
    const shown = this.#shown;
    const text = await insideText(shown.cluster, `${resourceOf(shown.netns)}/${view}`, shown.traceId).catch(wordsOf);
    // Another view may have been asked for meanwhile.
    if (shown === this.#shown && this.#dialog.querySelector(':checked').value === view) this.#dialog.querySelector('pre code').textContent = text === '' ? 'Nothing.' : text;
  }
}

let dialog = null;

/** A button that shows a place from inside, or nothing where there is no inside. @param {{ cluster: string, netns: string, traceId?: string | null }} place */
export function insideButton(place) {
  if (resourceOf(place.netns) === null) return null;
  return element('button', { type: 'button', class: 'plain', 'aria-label': `Look inside ${placeName(place.netns)}`, click: () => (dialog ??= new InsideDialog()).open(place) }, 'inside');
}
