/** Reads the YAML in which nothing is wrong: several times as fast as the parser that can tell everything that is. */
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

/** JSON has no other keys than texts; what is none and has a way to be written as one becomes it. */
const TEXT_KEYED: MappingTagDefinition<Record<string, unknown>> = {
  ...mapTag,
  addPair: (mapping, key, value) => (key === null || typeof key === 'object' ? 'a key is a text' : mapTag.addPair(mapping, key, value)),
};

const SCHEMA = new Schema([strTag, seqTag, TEXT_KEYED, nullCoreTag, mergeTag, ...SCALAR_TYPES.map(scalarTag)]);

/** At the margin alone it begins a document: this parser takes one for such that stands further in. */
const INDENTED_MARKER = /^[ \t]+---(?:\s|$)/m;

/** @returns the value of the only document, `undefined` where something is wrong with it, or it has aliases or tags */
export function parseCleanYaml(text: string): unknown {
  if (INDENTED_MARKER.test(text)) return undefined;
  try {
    return load(text, { schema: SCHEMA, maxAliases: 0 });
  } catch {
    return undefined; // it stops at the first problem: the whole parser will tell each
  }
}
