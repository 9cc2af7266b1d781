import { list } from './api.js';
import { element, find } from './elements.js';
import { detailsOf, fieldsOf, questionOf } from './question.js';

/** Where the names of each kind come from; the others are written by hand. */
const NAMED = { pod: 'pods', service: 'services', deployment: 'deployments', node: 'nodes' };

const EXAMPLES = {
  pod: 'namespace/name', deployment: 'namespace/name', service: 'namespace/name', node: 'node-1', lan: 'name',
  internet: '198.51.100.10', ip: '10.244.1.9', host: 'web.default.svc.cluster.local', url: 'http://shop.example/cart',
};

const nameOf = ({ metadata: { namespace, name } }) => (namespace === undefined ? name : `${namespace}/${name}`);

/** The form that asks for a trace. */
export class AskForm {
  #form = find('#ask');
  #settings = null;
  /** Objects of a kind, by resource, as far as they have been asked for. */
  #objects = new Map();

  /** @param {(question: object) => void} ask */
  constructor(ask) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      ask(questionOf(this.#fields()));
    });
    this.#form.addEventListener('change', () => void this.#adapt());
  }

  /** @param settings of the cluster that is asked from now on */
  async useCluster(settings) {
    this.#settings = settings;
    this.#objects.clear();
    await this.#adapt();
  }

  /** @param question a trace request */
  async show(question) {
    for (const [name, value] of Object.entries(fieldsOf(question))) this.#field(name).value = value;
    await this.#adapt();
  }

  /** Fills in one end, or both, and leaves the rest. @param {object} [from] @param {object} [to] */
  async fill(from, to) {
    const question = questionOf(this.#fields());
    await this.show({ ...question, from: from ?? question.from, to: to ?? question.to });
    this.#form.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
    this.#field(from ? 'from' : 'to').focus({ preventScroll: true });
  }

  #field(name) {
    return this.#form.elements.namedItem(name);
  }

  #fields() {
    return Object.fromEntries([...new FormData(this.#form)].map(([name, value]) => [name, value.trim()]));
  }

  /** Shows the fields that belong to what is chosen, and offers what there is. */
  async #adapt() {
    const { fromKind, toKind, protocol, mode, to } = this.#fields();
    const details = detailsOf(toKind, protocol);
    const shown = {
      at: fromKind === 'ip', fromContainer: fromKind === 'pod', backend: mode === 'FORCED', seed: mode === 'SEEDED',
      ...Object.fromEntries(['port', 'via', 'node', 'container', 'method', 'headers'].map((name) => [name, details.includes(name)])),
    };
    for (const [name, isShown] of Object.entries(shown)) this.#field(name).closest('label').hidden = !isShown;
    this.#field('from').placeholder = EXAMPLES[fromKind];
    this.#field('to').placeholder = EXAMPLES[toKind];
    this.#field('port').required = details.includes('port');
    if (this.#settings === null) return;
    this.#offer('from-names', await this.#namesOf(fromKind));
    this.#offer('to-names', await this.#namesOf(toKind));
    this.#offer('node-names', await this.#namesOf('node'));
    this.#offer('port-names', await this.#portsOf(toKind, to));
  }

  #offer(id, values) {
    find(`#${id}`).replaceChildren(...values.map((value) => element('option', { value })));
  }

  async #namesOf(kind) {
    if (kind === 'lan') return this.#settings.underlay.lanHosts.map(({ name }) => name);
    return NAMED[kind] === undefined ? [] : (await this.#load(NAMED[kind])).map(nameOf);
  }

  async #portsOf(kind, name) {
    if (kind !== 'service' && kind !== 'pod') return [];
    const object = (await this.#load(NAMED[kind])).find((each) => nameOf(each) === name);
    if (object === undefined) return [];
    return kind === 'service' ? object.spec.ports.map(({ port }) => port) : object.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
  }

  /** The first page is enough to choose from; any other name can be written. */
  async #load(resource) {
    const cluster = this.#settings.name;
    if (!this.#objects.has(resource)) this.#objects.set(resource, list(cluster, resource).then(({ items }) => items, () => []));
    return this.#objects.get(resource);
  }
}
