/** Characters with a meaning in Mermaid, or in the Markdown or HTML around it. */
const SPECIAL = /[#;<>"'`&%\\{}[\]|~^*$]/g;
/** As a text of its own this word closes a block. */
const END = /\bend\b/gi;
/** At the beginning of a text this controls line breaks. */
const WRAP = /^((?:no)?wrap):/;
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

const entity = (character: string): string => `#${character.codePointAt(0)};`;

/** Text as Mermaid shows it. @source https://mermaid.js.org/syntax/sequenceDiagram.html, "Entity codes to escape characters" */
export const escapeMermaid = (text: string): string =>
  text
    .replace(CONTROL, ' ')
    .replace(SPECIAL, entity)
    .replace(END, (word) => entity(word) + word.slice(1))
    .replace(WRAP, (_, word: string) => word + entity(':'));
