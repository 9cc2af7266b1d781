/** @import { Child } from './elements.js' */
import { element } from './elements.js';

/**
 * A table; where it has little room, each row is a few lines of headings and values. It says its roles itself, as browsers
 * forget them then.
 *
 * @param {readonly string[]} headings
 * @param {HTMLElement} body of `row`s
 */
export const table = (headings, body) =>
  element(
    'table',
    { role: 'table' },
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        headings.map((heading) => element('th', { scope: 'col', role: 'columnheader' }, heading)),
      ),
    ),
    body,
  );

export const tableBody = () => element('tbody', { role: 'rowgroup' });

/** Longest text that is not broken: an IPv4 address. */
const SHORT = 15;

/**
 * @param {readonly string[]} headings of the whole table
 * @param {readonly Child[]} cells one for each heading
 * @param {{ head?: number, isChosen?: boolean }} [options] `head`: the cell that names the row
 */
export const row = (headings, cells, { head, isChosen = false } = {}) =>
  element(
    'tr',
    { role: 'row', class: isChosen && 'chosen' },
    cells.map((cell, index) =>
      index === head
        ? element('th', { scope: 'row', role: 'rowheader' }, cell)
        : element('td', { role: 'cell', 'data-heading': headings[index], class: typeof cell === 'string' && cell.length > SHORT && 'long' }, cell),
    ),
  );
