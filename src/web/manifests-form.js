/**
 * @import { ApplyResult } from '../services/use-cases/objects.js'
 * @import { Problem } from '../services/app-error.js'
 * @import { Child } from './elements.js'
 */
import { apply, Refused } from './api.js';
import { element, find } from './elements.js';

/** Something to begin with in a cluster of one's own. */
const EXAMPLE = `apiVersion: v1
kind: Pod
metadata: { name: client }
spec:
  containers: [{ name: app, image: app }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
`;

/** The form that applies manifests to the cluster. */
export class ManifestsForm {
  #form = find('#manifests', HTMLFormElement);
  #text = find('textarea', HTMLTextAreaElement, this.#form);
  #state = find('#applied-state', HTMLElement);
  #answer = find('#applied', HTMLElement);

  /** @param {() => string} cluster the name of the one that is looked at @param {() => Promise<unknown>} changed what follows an apply */
  constructor(cluster, changed) {
    find('#manifests-example', HTMLButtonElement).addEventListener('click', () => {
      const { value } = this.#text;
      if (value.includes(EXAMPLE)) return;
      this.#text.value = value.trim() === '' ? EXAMPLE : `${value.trimEnd()}\n---\n${EXAMPLE}`; // what is there stays
      this.#text.setSelectionRange(0, 0); // or it would be shown from its end
      this.#text.focus();
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const dryRun = event.submitter instanceof HTMLButtonElement && event.submitter.value === 'dryRun';
      void this.#apply(cluster(), dryRun).then((isOutOfDate) => (isOutOfDate ? changed() : undefined));
    });
  }

  /** Clears the messages about another cluster. */
  forget() {
    this.#say('');
  }

  /** @param {string} state @param {Child[]} more */
  #say(state, ...more) {
    this.#state.textContent = state;
    this.#answer.replaceChildren(element('div', {}, more));
  }

  /** @param {string} cluster @param {boolean} dryRun @returns whether what the page shows of the cluster is out of date */
  async #apply(cluster, dryRun) {
    this.#say(dryRun ? 'Trying…' : 'Applying…');
    try {
      const { objects, warnings } = await apply(cluster, this.#text.value, dryRun);
      this.#say(
        summary(objects, dryRun),
        element(
          'ul',
          {},
          objects.map(({ kind, namespace, name, action }) =>
            element('li', {}, `${kind} ${namespace === null ? '' : `${namespace}/`}${name} ${action}`),
          ),
        ),
        warnings.map((warning) => element('p', { class: 'warning' }, warning)),
      );
      return !dryRun;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#say('', element('div', { class: 'verdict bad', role: 'alert' },
        element('h3', {}, error.status === undefined && !dryRun ? 'Whether it was applied is not known' : 'Nothing was applied'),
        error.errors.length === 0 ? element('p', {}, error.message) : element('ul', {}, error.errors.map((problem) => this.#problem(problem)))));
      return error.status === 404; // the cluster was deleted elsewhere
    }
  }

  /** @param {Problem} problem */
  #problem({ path, message, document, line }) {
    const place = [document === undefined ? '' : `document ${document + 1}`, line === undefined ? '' : `line ${line}`].filter(Boolean).join(', ');
    return element('li', {},
      line === undefined ? place : element('button', { type: 'button', class: 'plain', click: () => this.#select(line) }, place), place === '' ? '' : ': ',
      path === '' ? null : element('code', {}, path), ` ${message}`);
  }

  /** @param {number} line from 1 */
  #select(line) {
    const lines = this.#text.value.split('\n');
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    this.#text.focus();
    this.#text.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
    this.#text.scrollTop = (line - 3) * (this.#text.scrollHeight / lines.length);
  }
}

/** @param {ApplyResult['objects']} objects @param {boolean} dryRun */
function summary(objects, dryRun) {
  if (objects.length === 0) return 'There is no object in it.';
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { action } of objects) counts.set(action, (counts.get(action) ?? 0) + 1);
  return `${dryRun ? 'Nothing was changed. It would become of it' : 'Applied'}: ${[...counts].map(([action, count]) => `${count} ${action}`).join(', ')}.`;
}
