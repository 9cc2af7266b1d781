/**
 * How Kubernetes' tools read scalars that are not quoted: YAML 1.1 as its Go library resolves them, not YAML 1.2.
 *
 * @source sigs.k8s.io/yaml `goyaml.v2/resolve.go`
 */
import { Schema, type ScalarTag } from 'yaml';

/** A type of scalar and its syntax. */
export interface ScalarType {
  readonly tag: string;
  /** All characters that it can begin with. */
  readonly begins: string;
  readonly forms: readonly { readonly test: RegExp; readonly value: (text: string) => unknown }[];
}

/** YAML 1.1's words for true and false, in lower case, title case and upper case; `yEs` is text. */
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;

/** Underscores may be anywhere; a leading zero means octal. */
function integer(text: string): number {
  const plain = text.replaceAll('_', '');
  const digits = plain.replace(/^[-+]/, '');
  const amount = Number(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return plain.startsWith('-') ? 0 - amount : amount;
}

/** In the order in which they are tried. An empty scalar is `null`, as in YAML 1.2; the rest is text. */
export const SCALAR_TYPES: readonly ScalarType[] = [
  { tag: 'tag:yaml.org,2002:bool', begins: 'yYnNoOtTfF', forms: [{ test: TRUE, value: () => true }, { test: FALSE, value: () => false }] },
  {
    tag: 'tag:yaml.org,2002:int',
    begins: '+-0123456789',
    forms: [{ test: /^[-+]?(?:0|[1-9][\d_]*|0_*[0-7][0-7_]*|0o[0-7_]+|0x[\da-fA-F_]+|0b[01_]+)$/, value: integer }],
  },
  {
    tag: 'tag:yaml.org,2002:float',
    begins: '+-.0123456789',
    forms: [
      // A number with a leading zero and an 8 or 9 is not octal, and so decimal.
      { test: /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?$/, value: (text) => Number(text.replaceAll('_', '')) },
      { test: /^[-+]?\.(?:inf|Inf|INF)$/, value: (text) => (text.startsWith('-') ? -Infinity : Infinity) },
      { test: /^\.(?:nan|NaN|NAN)$/, value: () => NaN },
    ],
  },
];

const TAGS = SCALAR_TYPES.flatMap(({ tag, forms }) =>
  forms.map(({ test, value }): ScalarTag => ({ identify: () => false, default: true, tag, test, resolve: value })),
);

/** The same types for the full parser. */
export const KUBERNETES_SCHEMA = new Schema({ schema: 'core', merge: true, customTags: (tags) => [...TAGS, ...tags] });
