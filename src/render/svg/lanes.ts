import { placeName } from '../../domain/trace/place-name.js';
import { fill, outlined, stroke } from './palette.js';
import { columnsIn, LINE_HEIGHT, textElement, wrapText } from './text.js';

export const MARGIN = 24;
const NARROWEST_PICTURE = 880;
const WIDEST_LANE = 330;
const NARROWEST_LANE = 218;
const COMFORTABLE_PICTURE = 1180;
const HEAD_PADDING = 11;

/** A lane for each place, side by side in order of first appearance. */
export class Lanes {
  readonly laneWidth: number;
  readonly pictureWidth: number;
  readonly headHeight: number;
  readonly #centres: ReadonlyMap<string, number>;
  readonly #names: ReadonlyMap<string, readonly string[]>;

  constructor(places: readonly string[]) {
    const count = Math.max(1, places.length);
    this.laneWidth = Math.min(WIDEST_LANE, Math.max(NARROWEST_LANE, Math.floor(COMFORTABLE_PICTURE / count)));
    this.pictureWidth = Math.max(NARROWEST_PICTURE, count * this.laneWidth + 2 * MARGIN);
    const left = (this.pictureWidth - count * this.laneWidth) / 2;
    this.#centres = new Map(places.map((place, index) => [place, left + (index + 0.5) * this.laneWidth]));
    this.#names = new Map(places.map((place) => [place, wrapText(placeName(place), columnsIn(this.laneWidth - 36))]));
    this.headHeight = Math.max(1, ...[...this.#names.values()].map((lines) => lines.length)) * LINE_HEIGHT + 2 * HEAD_PADDING;
  }

  centre(place: string): number {
    return this.#centres.get(place)!;
  }

  /** Is it the last of several lanes? That one has no room for text to its right. */
  isLast(place: string): boolean {
    return this.#centres.size > 1 && [...this.#centres.keys()].at(-1) === place;
  }

  /** Boxes with the names of the lanes. @param y their upper edge */
  heads(y: number): string[] {
    const width = this.laneWidth - 16;
    return [...this.#names].flatMap(([place, lines]) => {
      const x = this.centre(place);
      const first = y + this.headHeight / 2 - ((lines.length - 1) * LINE_HEIGHT) / 2 + 4;
      return [
        `<rect x="${x - width / 2}" y="${y}" width="${width}" height="${this.headHeight}" rx="8" ${outlined('card', 'line')} stroke-width="1.5"/>`,
        ...lines.map((line, index) => textElement(x, first + index * LINE_HEIGHT, line, { anchor: 'middle', bold: true })),
      ];
    });
  }

  lines(from: number, to: number): string[] {
    return [...this.#centres.values()].map((x) => `<path d="M${x} ${from}V${to}" ${stroke('line')} stroke-width="1.5"/>`);
  }

  /** A line of text over the whole width. */
  band(y: number, text: string): string[] {
    const x = this.pictureWidth / 2;
    return [
      `<rect x="${MARGIN}" y="${y}" width="${this.pictureWidth - 2 * MARGIN}" height="26" rx="6" ${fill('card')}/>`,
      textElement(x, y + 17, text, { anchor: 'middle', colour: 'dim', bold: true }),
    ];
  }
}
