/**
 * How Kubernetes' tools read scalars that are not quoted: YAML 1.1 as its Go library resolves them, not YAML 1.2.
 *
 * @source sigs.k8s.io/yaml `goyaml.v2/resolve.go`
 */
import { Schema, type ScalarTag } from 'yaml';

/** Words of YAML 1.1 for true and false, in the three ways to write each; `yEs` is text. */
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;

const scalar = (tag: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag => ({ identify: () => false, default: true, tag: `tag:yaml.org,2002:${tag}`, test, resolve });

/** Underscores stand where people like; a leading zero means octal. */
function integer(text: string): number {
  const plain = text.replaceAll('_', '');
  const digits = plain.replace(/^[-+]/, '');
  const amount = Number(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return plain.startsWith('-') ? 0 - amount : amount;
}

const TAGS: readonly ScalarTag[] = [
  scalar('bool', TRUE, () => true),
  scalar('bool', FALSE, () => false),
  scalar('int', /^[-+]?(?:0|[1-9][\d_]*|0_*[0-7][0-7_]*|0o[0-7_]+|0x[\da-fA-F_]+|0b[01_]+)$/, integer),
  // What begins with a zero and has an 8 or a 9 is no octal number, and so a decimal one.
  scalar('float', /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?$/, (text) => Number(text.replaceAll('_', ''))),
];

export const KUBERNETES_SCHEMA = new Schema({ schema: 'core', merge: true, customTags: (tags) => [...TAGS, ...tags] });
