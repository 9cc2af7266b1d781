/**
 * @import { Problem } from '../services/app-error.js'
 * @import { Cluster } from './api.js'
 * @import { NamedResource } from './find-names.js'
 * @import { Detail, End, FieldName, Fields, Question } from './question.js'
 */
import { Refused } from './api.js';
import { afterPause, element, find } from './elements.js';
import { findByName, nameOf, portsOf } from './find-names.js';
import { DEFAULTS, detailsOf, fieldAt, fieldsOf, questionOf } from './question.js';

const EXAMPLES = new Map([
  ['pod', 'namespace/name'], ['deployment', 'namespace/name'], ['service', 'namespace/name'], ['node', 'node-1'], ['lan', 'name'],
  ['internet', '198.51.100.10'], ['ip', '10.244.1.9'], ['host', 'web.default.svc.cluster.local'], ['url', 'http://shop.example/cart'],
]);

const FIELD_NAMES = /** @type {FieldName[]} */ (Object.keys(DEFAULTS));

/** The resource that suggests names for each kind; names of other kinds are typed in. @type {ReadonlyMap<string, NamedResource>} */
const RESOURCES = new Map([['pod', 'pods'], ['service', 'services'], ['deployment', 'deployments'], ['node', 'nodes']]);

/** @type {readonly Detail[]} */
const DETAILS = ['port', 'via', 'node', 'container', 'method', 'headers'];

/** The form that asks for a trace. */
export class AskForm {
  #form = find('#ask', HTMLFormElement);
  #more = find('details', HTMLDetailsElement, this.#form);
  /** @type {Cluster | null} */
  #cluster = null;
  /**
   * The last suggestions requested for each list, so that a late answer to an earlier request is ignored.
   *
   * @type {Map<string, Promise<readonly (string | number)[]>>}
   */
  #offers = new Map();

  /** @param {(question: Question) => void} ask */
  constructor(ask) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      ask(questionOf(this.#fields()));
    });
    this.#form.addEventListener('change', ({ target }) => {
      if (target instanceof Element) target.setAttribute('aria-invalid', 'false');
      void this.#adapt();
    });
    this.#form.addEventListener(
      'input',
      afterPause(({ target }) => {
        if (target instanceof HTMLInputElement) void this.#offerNames(target.name);
      }),
    );
    this.#form.addEventListener(
      'invalid',
      ({ target }) => {
        if (target instanceof Node && this.#more.contains(target)) this.#more.open = true;
      },
      true,
    );
  }

  /** @param {Cluster} cluster that is asked from now on */
  async useCluster(cluster) {
    this.#cluster = cluster;
    await this.#adapt();
  }

  /** Fills in a question; settings that are not the default are not hidden. @param {Partial<Question>} question a trace request */
  async show(question) {
    const fields = fieldsOf(question);
    for (const name of FIELD_NAMES) this.#field(name).value = fields[name];
    this.mark([]);
    this.#more.open = FIELD_NAMES.some((name) => name !== 'sourcePort' && fields[name] !== DEFAULTS[name] && this.#more.contains(this.#field(name)));
    await this.#adapt();
  }

  /** Fills in one end, or both, and leaves the rest. @param {{ from?: End, to?: End }} ends */
  async fill({ from, to }) {
    const question = questionOf(this.#fields());
    await this.show({ ...question, from: from ?? question.from, to: to ?? question.to });
    this.#form.scrollIntoView({ block: 'nearest' });
    this.#field(from ? 'from' : 'to').focus({ preventScroll: true });
  }

  /** Marks the fields that have problems. @param {readonly Problem[]} problems */
  mark(problems) {
    const wrong = problems.map(({ path }) => fieldAt(path, this.#fields()));
    for (const name of FIELD_NAMES) this.#field(name).setAttribute('aria-invalid', String(wrong.includes(name)));
    if (FIELD_NAMES.some((name) => wrong.includes(name) && this.#more.contains(this.#field(name)))) this.#more.open = true;
  }

  /** @param {FieldName} name */
  #field(name) {
    const field = this.#form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) return field;
    throw new TypeError(`the form has no field ${name}`);
  }

  /** @returns {Fields} */
  #fields() {
    return { ...DEFAULTS, ...Object.fromEntries([...new FormData(this.#form)].map(([name, value]) => [name, String(value).trim()])) };
  }

  /** Shows the fields of the chosen kinds, and suggests names. */
  async #adapt() {
    const { fromKind, toKind, protocol, mode } = this.#fields();
    const details = detailsOf(toKind, protocol);
    /** @type {[FieldName, boolean][]} */
    const shown = [
      ['at', fromKind === 'ip'],
      ['fromContainer', fromKind === 'pod'],
      ['backend', mode === 'FORCED'],
      ['seed', mode === 'SEEDED'],
      ['protocol', toKind !== 'url'],
      ...DETAILS.map((name) => /** @type {[FieldName, boolean]} */ ([name, details.includes(name)])),
    ];
    for (const [name, isShown] of shown) {
      this.#field(name).labels?.forEach((label) => {
        label.hidden = !isShown;
      });
    }
    this.#field('from').setAttribute('placeholder', EXAMPLES.get(fromKind) ?? '');
    this.#field('to').setAttribute('placeholder', EXAMPLES.get(toKind) ?? '');
    for (const [name, isNeeded] of /** @type {[FieldName, boolean][]} */ ([
      ['port', details.includes('port')],
      ['at', fromKind === 'ip'],
      ['backend', mode === 'FORCED'],
    ])) {
      this.#field(name).required = isNeeded;
    }
    await Promise.all(['from', 'to', 'node', 'port'].map((name) => this.#offerNames(name)));
  }

  /** @param {string} field that is written into */
  async #offerNames(field) {
    const { fromKind, from, toKind, to, at, node, port } = this.#fields();
    switch (field) {
      case 'from':
        return this.#offer('from-names', this.#namesOf(fromKind, from));
      case 'to':
        return this.#offer('to-names', this.#namesOf(toKind, to));
      case 'at':
        return this.#offer('node-names', this.#namesOf('node', at));
      case 'node':
        return this.#offer('node-names', this.#namesOf('node', node));
      case 'port': {
        const ports = await this.#offer('port-names', this.#portsOf(toKind, to));
        if (port === '' && this.#fields().port === '' && this.#fields().to === to) this.#field('port').value = String(ports[0] ?? '');
      }
    }
  }

  /** @param {string} id of a datalist @param {Promise<readonly (string | number)[]>} found */
  async #offer(id, found) {
    this.#offers.set(id, found);
    const values = await found.catch((error) => {
      if (!(error instanceof Refused)) throw error;
      return []; // any name can be written
    });
    if (this.#offers.get(id) === found) find(`#${id}`, HTMLDataListElement).replaceChildren(...values.map((value) => element('option', { value })));
    return values;
  }

  /** @param {string} kind @param {string} text what they begin with */
  async #namesOf(kind, text) {
    if (this.#cluster === null) return [];
    if (kind === 'lan') return this.#cluster.underlay.lanHosts.map(({ name }) => name);
    const resource = RESOURCES.get(kind);
    return resource === undefined ? [] : (await findByName(this.#cluster.name, resource, text)).map(({ metadata }) => nameOf(metadata));
  }

  /** @param {string} kind @param {string} name */
  async #portsOf(kind, name) {
    const resource = RESOURCES.get(kind);
    if (this.#cluster === null || name === '' || resource === undefined) return [];
    const object = (await findByName(this.#cluster.name, resource, name, 1)).find(({ metadata }) =>
      [nameOf(metadata), metadata.namespace === 'default' && metadata.name].includes(name),
    );
    return object === undefined ? [] : portsOf(object);
  }
}
