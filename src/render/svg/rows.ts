/** The rows of the picture from top to bottom, each with its height. */
import type { JourneyEvent, JourneyLeg } from '../journey/journey.js';
import type { PacketLabel } from '../journey/packet-label.js';
import type { Remark, Tone } from '../journey/step-remark.js';
import type { Lanes } from './lanes.js';
import { fill, outlined, stroke, type Colour } from './palette.js';
import { columnsIn, LINE_HEIGHT, textElement, textWidth, wrapText } from './text.js';

export interface Row {
  readonly height: number;
  /** @param y of its upper edge */
  readonly draw: (y: number) => string[];
}

type Crossing = Extract<JourneyEvent, { kind: 'crossing' }>;

const WAY_COLOURS = { there: 'there', back: 'back', data: 'there', again: 'there' } as const satisfies Record<JourneyLeg['way'], Colour>;
const BADGE_RADIUS = 10;
const HEAD_LENGTH = 9;
const LOOP_WIDTH = 34;
const LOOP_HEIGHT = 22;

const badge = (x: number, y: number, number: number, colour: Colour): string[] => [
  `<circle cx="${x}" cy="${y}" r="${BADGE_RADIUS}" ${fill(colour)}/>`,
  textElement(x, y + 4, String(number), { anchor: 'middle', colour: 'onColour', size: number > 99 ? 9 : 11, bold: true }),
];

/** Text with a background, so that no line crosses it. */
function label(
  x: number,
  y: number,
  lines: readonly { readonly text: string; readonly colour: Colour; readonly bold?: boolean }[],
  anchor: 'start' | 'middle' | 'end',
): string[] {
  return lines.flatMap(({ text, ...style }, index) => {
    const width = textWidth(text) + 8;
    const left = anchor === 'middle' ? x - width / 2 : anchor === 'start' ? x - 4 : x - width + 4;
    const top = y + index * LINE_HEIGHT;
    return [
      `<rect x="${left}" y="${top}" width="${width}" height="${LINE_HEIGHT}" ${fill('paper')}/>`,
      textElement(x, top + 12, text, { ...style, anchor }),
    ];
  });
}

/** The label of a packet: its type, and its addresses if they are new; rewritten ones in the colour of NAT. */
function labelLines({ what, source, destination, ttl }: PacketLabel, before: PacketLabel | null, columns: number) {
  const head = wrapText(`${what}, ttl ${ttl}`, columns).map((text) => ({ text, colour: 'dim' as const }));
  if (before?.source === source && before.destination === destination) return head;
  const colourOf = (old: string | undefined, now: string): Colour => (old === undefined || old === now ? 'ink' : 'nat');
  const ends = [
    { text: source, colour: colourOf(before?.source, source), bold: true },
    { text: `→ ${destination}`, colour: colourOf(before?.destination, destination), bold: true },
  ];
  const whole = `${source} → ${destination}`;
  const isUnchanged = ends.every(({ colour }) => colour === 'ink');
  return isUnchanged && whole.length <= columns ? [...head, { text: whole, colour: 'ink' as const, bold: true }] : [...head, ...ends];
}

/** @param before the packet at its previous crossing on the same leg */
export function crossingRow(lanes: Lanes, way: JourneyLeg['way'], { from, to, packet }: Crossing, number: number, before: PacketLabel | null): Row {
  const colour = WAY_COLOURS[way];
  const lines = labelLines(packet, before, columnsIn(lanes.laneWidth - 44));
  const dashes = way === 'back' ? ' stroke-dasharray="7 5"' : '';
  const height = lines.length * LINE_HEIGHT + (from === to ? Math.max(0, LOOP_HEIGHT - LINE_HEIGHT) : 0) + 22;
  const draw = (y: number): string[] => {
    const [start, end] = [lanes.centre(from), lanes.centre(to)];
    if (from === to) {
      const side = lanes.isLast(from) ? -1 : 1;
      const [top, bottom] = [y + 14, y + 14 + LOOP_HEIGHT];
      const tip = start + side * HEAD_LENGTH;
      return [
        `<path d="M${start} ${top}H${start + side * LOOP_WIDTH}V${bottom}H${tip}" ${stroke(colour)} stroke-width="2.2"${dashes}/>`,
        `<path d="M${start} ${bottom}l${side * HEAD_LENGTH} -5v10z" ${fill(colour)}/>`,
        ...label(start + side * (LOOP_WIDTH + 10), y + 6, lines, side === 1 ? 'start' : 'end'),
        ...badge(start, top, number, colour),
      ];
    }
    const side = end > start ? 1 : -1;
    const arrow = y + lines.length * LINE_HEIGHT + 10;
    return [
      ...label((start + end) / 2, y, lines, 'middle'),
      `<path d="M${start} ${arrow}H${end - side * HEAD_LENGTH}" ${stroke(colour)} stroke-width="2.2"${dashes}/>`,
      `<path d="M${end} ${arrow}l${-side * HEAD_LENGTH} -5v10z" ${fill(colour)}/>`,
      ...badge(start, arrow, number, colour),
    ];
  };
  return { height, draw };
}

const TONE_COLOURS: Record<Tone, Colour> = { plain: 'line', arp: 'line', nat: 'nat', policy: 'policy', good: 'good', bad: 'bad', refusal: 'bad' };
const CARD_PADDING = 8;
const BAR_WIDTH = 4;

/** A card on the lane: a coloured bar beside each remark, and a border if the packet fails here. */
export function remarksRow(lanes: Lanes, place: string, remarks: readonly Remark[]): Row {
  const width = lanes.laneWidth - 14;
  const columns = columnsIn(width - 2 * CARD_PADDING - BAR_WIDTH - 6);
  const texts = remarks.map(({ tone, text }) => ({ colour: TONE_COLOURS[tone], tone, lines: wrapText(text, columns) }));
  const textHeight = texts.reduce((sum, { lines }) => sum + lines.length * LINE_HEIGHT, 0) + (texts.length - 1) * 5;
  const isBad = texts.some(({ tone }) => tone === 'bad');
  const draw = (y: number): string[] => {
    const left = lanes.centre(place) - width / 2;
    const elements = [
      `<rect x="${left}" y="${y}" width="${width}" height="${textHeight + 2 * CARD_PADDING - 2}" rx="6" ${outlined('card', isBad ? 'bad' : 'line')} stroke-width="${isBad ? 2 : 1}"/>`,
    ];
    let top = y + CARD_PADDING - 1;
    for (const { colour, tone, lines } of texts) {
      const height = lines.length * LINE_HEIGHT;
      elements.push(`<rect x="${left + CARD_PADDING - 1}" y="${top + 1}" width="${BAR_WIDTH}" height="${height - 2}" rx="1" ${fill(colour)}/>`);
      for (const [index, line] of lines.entries()) {
        elements.push(textElement(left + CARD_PADDING + BAR_WIDTH + 5, top + index * LINE_HEIGHT + 12, line, { bold: tone !== 'plain' && tone !== 'policy' }));
      }
      top += height + 5;
    }
    return elements;
  };
  return { height: textHeight + 2 * CARD_PADDING + 8, draw };
}

export const bandRow = (lanes: Lanes, text: string): Row => ({ height: 40, draw: (y) => lanes.band(y + 6, text) });
