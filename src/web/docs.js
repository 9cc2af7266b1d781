/** Swagger UI has dark colours, for pages of this class. */
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

/**
 * The parts of a document, as Swagger UI's Immutable.js keeps them.
 * @typedef {{ get(key: string): unknown, getIn(path: readonly string[]): unknown, set(key: string, value: unknown): Part, map(change: (value: unknown) => unknown): Part }} Part
 */

/**
 * @param {unknown} value
 * @returns {value is Part}
 */
const isPart = (value) => typeof (/** @type {Partial<Part> | undefined} */ (value)?.getIn) === 'function';

/**
 * Puts in the place of each reference what it leads to, read once. All of them lead to schemas of the document itself, and none in a circle.
 * @param {Part} whole
 */
function dereferencing(whole) {
  /** @type {Map<string, unknown>} */
  const known = new Map();
  /** @type {(value: unknown) => unknown} */
  const dereferenced = (value) => {
    if (!isPart(value)) return value;
    const reference = value.get('$ref');
    if (typeof reference !== 'string') return value.map(dereferenced);
    if (!known.has(reference)) known.set(reference, /** @type {Part} */ (dereferenced(whole.getIn(reference.slice(2).split('/')))).set('$$ref', reference));
    return known.get(reference);
  };
  return dereferenced;
}

/**
 * Swagger UI resolves the whole document anew for each operation that is opened: here it is what is shown alone.
 * @param {unknown} _original
 * @param {{ specSelectors: { specJson(): Part }, specActions: { updateResolvedSubtree(path: readonly string[], value: unknown): void } }} system
 */
function requestResolvedSubtree(_original, { specSelectors, specActions }) {
  /** @type {((value: unknown) => unknown) | undefined} */
  let dereferenced;
  /** @param {readonly string[]} path */
  return (path) => {
    const shown = specSelectors.specJson().getIn(path);
    dereferenced ??= dereferencing(specSelectors.specJson());
    if (shown !== undefined) specActions.updateResolvedSubtree(path, dereferenced(shown));
  };
}

/**
 * Swagger UI reads YAML to show it, and can read no more than one document: an example that is text is shown as it is.
 * @param {{ fn: { jsonSchema202012: { getYamlSampleSchema: (schema: { example?: unknown }, ...rest: unknown[]) => string } } }} system
 */
function afterLoad({ fn: { jsonSchema202012: samples } }) {
  const { getYamlSampleSchema } = samples;
  samples.getYamlSampleSchema = (schema, ...rest) => (typeof schema.example === 'string' ? schema.example : getYamlSampleSchema(schema, ...rest));
}

const page = /** @type {typeof window & { SwaggerUIBundle: (options: object) => void }} */ (window);
page.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  plugins: [{ afterLoad, statePlugins: { spec: { wrapActions: { requestResolvedSubtree } } } }],
});
