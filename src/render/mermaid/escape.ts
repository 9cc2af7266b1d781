/** Characters that Mermaid, or the Markdown and HTML around it, could read as something else. */
const SPECIAL = /[#;<>"'`&%\\{}[\]|~^*$]/g;
/** Alone it closes a block, whatever it stands in. */
const END = /\bend\b/gi;
/** At the beginning it says how to break the lines. */
const WRAP = /^((?:no)?wrap):/;
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

const entity = (character: string): string => `#${character.codePointAt(0)};`;

/** Text as Mermaid shows it. @source https://mermaid.js.org/syntax/sequenceDiagram.html, "Entity codes to escape characters" */
export const escapeMermaid = (text: string): string =>
  text.replace(CONTROL, ' ').replace(SPECIAL, entity).replace(END, (word) => entity(word) + word.slice(1)).replace(WRAP, (_, word: string) => word + entity(':'));
