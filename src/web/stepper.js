import { element, find } from './elements.js';
import { placeName } from './place-names.js';
import { packetView, stepOf } from './step-view.js';

/** Beyond this part of the screen a step is read from its top. */
const TALL = 0.6;

const HINT = 'Follow the packet step by step: with these buttons, or with the keys ← and →.';

/** Follows the packet step by step: by buttons, by the keys ← and →, or from the step that is clicked on. */
export class Stepper {
  #walk;
  #moved;
  #where = element('span', { class: 'soft' }, HINT);
  #packet = element('span', { class: 'packet' });
  /** Every place of the walk, in the order of a picture's lanes; the text says where the packet is. */
  #way = element('div', { class: 'way', 'aria-hidden': 'true' });
  /** @type {Map<string, HTMLElement>} */
  #places = new Map();
  /** @type {HTMLDetailsElement | null} */
  #current = null;
  /** The current step was closed before it became that. */
  #isOpenedHere = false;

  /** @param {HTMLElement} walk what the steps are in @param {(id: string) => void} moved is told of each move */
  constructor(walk, moved) {
    this.#walk = walk;
    this.#moved = moved;
    walk.addEventListener('click', ({ target }) => {
      const step = target instanceof Element ? target.closest('details.step > summary')?.parentElement : null;
      if (!(step instanceof HTMLDetailsElement) || step === this.#current) return;
      this.#isOpenedHere = false; // nothing moves away under the pointer
      this.#make(step, false);
    });
    this.bar = element('div', { class: 'stepper', role: 'group', 'aria-label': 'Step by step' }, this.#way,
      element('button', { type: 'button', 'aria-label': 'Previous step', click: () => this.move(-1) }, '←'),
      element('button', { type: 'button', 'aria-label': 'Next step', click: () => this.move(1) }, '→'),
      element('p', { role: 'status' }, this.#where, this.#packet));
  }

  /** The steps of another path are shown. */
  begin() {
    this.#current = null;
    this.#places = new Map([...new Set(this.#steps().map((step) => stepOf(step).at.netns))].map((netns) => [netns, element('span', {}, placeName(netns))]));
    this.#way.replaceChildren(...this.#places.values());
    this.#where.replaceChildren(HINT);
    this.#packet.replaceChildren();
  }

  /** @param {1 | -1} by */
  move(by) {
    const steps = this.#steps();
    const at = this.#current === null ? -1 : steps.indexOf(this.#current);
    const ahead = by === 1 ? steps.slice(at + 1) : steps.slice(0, Math.max(0, at)).reverse();
    const next = ahead.find(isShown);
    if (next !== undefined) this.go(next);
  }

  /** Opens a step, closes the one before if it was opened like this, and moves the focus along. @param {HTMLDetailsElement} step */
  go(step) {
    const hasFocus = this.#current?.contains(document.activeElement) ?? false;
    const isClosed = !step.open;
    this.#make(step, isClosed);
    const scroll = () => step.scrollIntoView({ block: step.offsetHeight > TALL * innerHeight ? 'start' : 'center' });
    if (isClosed) step.addEventListener('toggle', scroll, { once: true }); // what it shows is there only then
    else scroll();
    step.open = true;
    if (hasFocus) find('summary', HTMLElement, step).focus({ preventScroll: true });
  }

  /** Says where the packet is, and what it looks like there. @param {HTMLDetailsElement} view */
  #tell(view) {
    const step = stepOf(view);
    const leg = view.closest('.leg');
    this.#where.replaceChildren(
      `${leg?.getAttribute('aria-label')}, step ${step.seq} of ${(leg?.querySelectorAll('details.step').length ?? 1) - 1} · ${placeName(step.at.netns)}`,
      element('span', { class: 'unseen' }, `: ${step.summary}`),
    );
    this.#packet.replaceChildren(packetView(step));
    for (const [netns, place] of this.#places) place.classList.toggle('here', netns === step.at.netns);
  }

  /** @param {HTMLDetailsElement} step @param {boolean} isOpenedHere */
  #make(step, isOpenedHere) {
    const last = this.#current;
    if (last !== null && last !== step) {
      last.classList.remove('current');
      find('summary', HTMLElement, last).removeAttribute('aria-current');
      if (this.#isOpenedHere) last.open = false;
    }
    this.#current = step;
    this.#isOpenedHere = isOpenedHere;
    step.classList.add('current');
    find('summary', HTMLElement, step).setAttribute('aria-current', 'step');
    this.#tell(step);
    this.#moved(step.id);
  }

  #steps() {
    return [...this.#walk.querySelectorAll('details.step')].filter((step) => step instanceof HTMLDetailsElement);
  }
}

/** Steps that are no decisions can be hidden. @param {HTMLElement} step */
const isShown = (step) => step.getClientRects().length > 0;
