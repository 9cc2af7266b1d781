/**
 * Makes an element. Whatever text it is given stays text: no markup comes from data.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} attributes functions listen to the event that they are named after; `false` and `undefined` are left out
 * @param {...(Node | string | number | null | undefined | readonly unknown[])} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

/** @param {string} selector of an element that the page has */
export const find = (selector) => document.querySelector(selector);

export const link = (href, text, attributes = {}) => element('a', { href, ...attributes }, text);
