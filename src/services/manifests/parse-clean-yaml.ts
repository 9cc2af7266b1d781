/** Reads YAML without problems, several times faster than the parser that can report every problem. */
import { defineScalarTag, load, mapTag, mergeTag, NOT_RESOLVED, nullCoreTag, Schema, seqTag, strTag, type MappingTagDefinition } from 'js-yaml';
import { SCALAR_TYPES, type ScalarType } from './kubernetes-yaml.js';

const scalarTag = ({ tag, begins, forms }: ScalarType): ReturnType<typeof defineScalarTag> => defineScalarTag<unknown>(tag, {
  implicit: true,
  implicitFirstChars: begins.split(''),
  identify: () => false,
  resolve: (text, isExplicit) => {
    const form = isExplicit ? undefined : forms.find(({ test }) => test.test(text));
    return form ? form.value(text) : NOT_RESOLVED;
  },
});

/** Converts keys that are not texts to text where possible, since JSON has only text keys. */
const TEXT_KEYED: MappingTagDefinition<Record<string, unknown>> = {
  ...mapTag,
  addPair: (mapping, key, value) => (key === null || typeof key === 'object' ? 'a key is a text' : mapTag.addPair(mapping, key, value)),
};

const SCHEMA = new Schema([strTag, seqTag, TEXT_KEYED, nullCoreTag, mergeTag, ...SCALAR_TYPES.map(scalarTag)]);

/** `---` starts a document only at the beginning of a line; this parser also accepts an indented one. */
const INDENTED_MARKER = /^[ \t]+---(?:\s|$)/m;

/** @returns the value of the only document; `undefined` if it has a problem, aliases or tags */
export function parseCleanYaml(text: string): unknown {
  if (INDENTED_MARKER.test(text)) return undefined;
  try {
    return load(text, { schema: SCHEMA, maxAliases: 0 });
  } catch {
    return undefined; // this parser stops at the first problem; the full one reports all
  }
}
