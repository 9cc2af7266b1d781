/**
 * @typedef {Node | string | number | null | undefined} Piece
 * @typedef {Piece | Child[]} Child
 */

/** @type {(child: Child) => (Node | string)[]} */
const pieces = (child) =>
  Array.isArray(child) ? child.flatMap(pieces) : child === null || child === undefined ? [] : [child instanceof Node ? child : String(child)];

/**
 * Makes an element. Whatever text it is given stays text: no markup comes from data.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: Event) => void)>} attributes functions listen to the event that they are named after; `false` and `undefined` are left out
 * @param {...Child} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...pieces(children));
  return made;
}

/**
 * An element that the page has.
 *
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} [within]
 */
export function find(selector, kind, within = document) {
  const found = within.querySelector(selector);
  if (found instanceof kind) return found;
  throw new TypeError(`the page has no ${kind.name} ${selector}`);
}

/** @param {string} href @param {Child} content */
export const link = (href, content, attributes = {}) => element('a', { href, ...attributes }, content);

/** A pause in typing, in milliseconds. */
const PAUSE = 150;

/** Delays an action until typing pauses. @template T @param {(what: T) => void} act @returns {(what: T) => void} */
export function afterPause(act) {
  let pause = 0;
  return (what) => {
    clearTimeout(pause);
    pause = setTimeout(() => act(what), PAUSE);
  };
}
