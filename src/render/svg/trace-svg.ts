/**
 * One path of a trace as a picture: a lane for each network namespace, time runs downwards, crossings are numbered,
 * cards show what was decided where. One file without scripts, fonts or external resources; light or dark as the page
 * around it.
 */
import { placeName } from '../../domain/trace/place-name.js';
import type { PathJson, TraceJson } from '../json/trace-json.js';
import { journeyOf, TITLES, type Journey, type JourneyConnection, type JourneyLeg } from '../journey/journey.js';
import type { PacketLabel } from '../journey/packet-label.js';
import { requestText } from '../text/request-text.js';
import { outcomeWords, ROLES } from '../text/trace-text.js';
import { headingRow } from './heading.js';
import { Lanes, MARGIN } from './lanes.js';
import { fill, styleSheet } from './palette.js';
import { bandRow, crossingRow, remarksRow, type Row } from './rows.js';
import { escapeXml, FONT_FAMILY, FONT_SIZE } from './text.js';

/** From this height on, the names are repeated at the end. */
const LONG_PICTURE = 1000;

class RowMaker {
  readonly #lanes: Lanes;
  #crossings = 0;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  connection({ role, disposition, legs }: JourneyConnection, index: number, count: number): Row[] {
    const title = count === 1 ? [] : [bandRow(this.#lanes, `connection ${index + 1} of ${count}, ${ROLES[role]}: ${disposition}`)];
    const end = legs.some(({ way }) => way === 'back') ? [] : [bandRow(this.#lanes, 'nothing comes back')];
    return [...title, ...legs.flatMap((leg) => this.#leg(leg)), ...end];
  }

  #leg({ way, events }: JourneyLeg): Row[] {
    const title = TITLES[way];
    const rows = title === null ? [] : [bandRow(this.#lanes, title)];
    let before: PacketLabel | null = null;
    for (const event of events) {
      if (event.kind === 'crossing') {
        this.#crossings += 1;
        rows.push(crossingRow(this.#lanes, way, event, this.#crossings, before));
        before = event.packet;
      } else {
        // Routes are shown only on the way there.
        const shown = event.remarks.filter(({ tone }) => tone !== 'arp' && (way === 'there' || tone !== 'plain'));
        if (shown.length > 0) rows.push(remarksRow(this.#lanes, event.at, shown));
      }
    }
    return rows;
  }
}

/** A description for screen readers. */
function description({ connections }: Journey, path: PathJson): string {
  const ways = connections.flatMap(({ legs }) => legs.flatMap(({ way, events }) => events.map((event) => (event.kind === 'crossing'
    ? `${way}: ${event.packet.what} ${event.packet.source} → ${event.packet.destination}, from ${placeName(event.from)} to ${placeName(event.to)}`
    : `${placeName(event.at)}: ${event.remarks.map(({ text }) => text).join('; ')}`))));
  return [...(path.reason === null ? [] : [path.reason.message]), `The client sees: ${outcomeWords(path.clientSees)}.`, ...ways].join(' — ');
}

/** @param path one of the trace's */
export function renderTraceSvg(trace: TraceJson, path: PathJson): string {
  const journey = journeyOf(path);
  const lanes = new Lanes(journey.places);
  const heading = headingRow(trace, path, lanes.pictureWidth);
  const maker = new RowMaker(lanes);
  const rows = journey.connections.flatMap((connection, index) => maker.connection(connection, index, journey.connections.length));
  const top = MARGIN + heading.height;
  let y = top + lanes.headHeight + 16;
  const drawn: string[] = [];
  for (const row of rows) {
    drawn.push(...row.draw(y));
    y += row.height;
  }
  const isLong = y - top > LONG_PICTURE;
  const height = y + MARGIN + (isLong ? lanes.headHeight : 0);
  const width = lanes.pictureWidth;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="${FONT_FAMILY}" font-size="${FONT_SIZE}">`,
    `<title id="title">${escapeXml(`${trace.verdict}: ${requestText(trace.request)}`)}</title>`,
    `<desc id="description">${escapeXml(description(journey, path))}</desc>`,
    styleSheet(),
    `<rect width="${width}" height="${height}" ${fill('paper')}/>`,
    ...heading.draw(MARGIN),
    ...lanes.lines(top, y),
    ...drawn,
    ...lanes.heads(top),
    ...(isLong ? lanes.heads(y) : []),
    '</svg>',
  ].join('\n')}\n`;
}
