import { apply, Refused } from './api.js';
import { element, find } from './elements.js';

/** The form that applies manifests to the cluster. */
export class ManifestsForm {
  #form = find('#manifests');
  #answer = find('#applied');
  #cluster;
  #changed;

  /** @param {() => string} cluster the name of the one that is looked at @param {() => Promise<void>} changed what follows an apply */
  constructor(cluster, changed) {
    this.#cluster = cluster;
    this.#changed = changed;
  }

  listen() {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#apply(event.submitter?.value === 'dryRun');
    });
  }

  async #apply(dryRun) {
    this.#answer.replaceChildren('Applying…');
    try {
      const { objects, warnings } = await apply(this.#cluster(), this.#form.elements.namedItem('text').value, dryRun);
      this.#answer.replaceChildren(
        element('p', {}, dryRun ? 'Nothing was changed. It would become of it:' : 'Applied:'),
        objects.length === 0 ? element('p', {}, 'There is no object in it.') : element('ul', {}, objects.map(({ kind, namespace, name, action }) => element('li', {}, `${kind} ${namespace ? `${namespace}/` : ''}${name} ${action}`))),
        ...warnings.map((warning) => element('p', { class: 'warning' }, warning)));
      if (!dryRun) await this.#changed();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const problem = ({ path, message, document, line }) => element('li', {}, `${document === undefined ? '' : `document ${document + 1}, `}${line === undefined ? '' : `line ${line}: `}`, element('code', {}, path), ` ${message}`);
      this.#answer.replaceChildren(element('div', { role: 'alert' }, element('p', { class: 'warning' }, error.message), element('ul', {}, error.errors.map(problem))));
    }
  }
}
