/**
 * One path of a trace as a sequence diagram: a participant for each network namespace, an arrow for each packet that passes
 * from one to another (dashed on its way back), notes for what was decided there.
 *
 * @source https://mermaid.js.org/syntax/sequenceDiagram.html
 */
import { placeName } from '../../domain/trace/place-name.js';
import type { PathJson, TraceJson } from '../json/trace-json.js';
import { journeyOf, TITLES, type JourneyConnection, type JourneyEvent, type JourneyLeg } from '../journey/journey.js';
import { requestText } from '../text/request-text.js';
import { outcomeWords, ROLES } from '../text/trace-text.js';
import { escapeMermaid } from './escape.js';

const ARROWS = { there: '->>', back: '-->>', data: '->>', again: '->>' } as const satisfies Record<JourneyLeg['way'], string>;
/** Grey, on a light page and on a dark one. */
const BACKGROUND = 'rgba(128, 128, 128, 0.12)';
const LINE_BREAK = '<br/>';

class Diagram {
  readonly #ids: ReadonlyMap<string, string>;

  constructor(places: readonly string[]) {
    this.#ids = new Map(places.map((place, index) => [place, `p${index}`]));
  }

  participants(): string[] {
    return [...this.#ids].map(([place, id]) => `participant ${id} as ${escapeMermaid(placeName(place))}`);
  }

  /** Over all participants. */
  caption(...lines: readonly string[]): string {
    const ids = [...this.#ids.values()];
    const over = ids.length > 1 ? `${ids[0]},${ids.at(-1)}` : ids[0];
    return `Note over ${over}: ${lines.map(escapeMermaid).join(LINE_BREAK)}`;
  }

  note(place: string, lines: readonly string[]): string {
    return `Note over ${this.#ids.get(place)}: ${lines.map(escapeMermaid).join(LINE_BREAK)}`;
  }

  event(way: JourneyLeg['way'], event: JourneyEvent): string {
    if (event.kind === 'remarks') return this.note(event.at, event.remarks.map(({ text }) => text));
    const { from, to, packet: { what, source, destination } } = event;
    return `${this.#ids.get(from)}${ARROWS[way]}${this.#ids.get(to)}: ${escapeMermaid(what)}${LINE_BREAK}${escapeMermaid(`${source} → ${destination}`)}`;
  }

  title(title: string | null): string[] {
    return title === null ? [] : [this.caption(`${title[0]!.toUpperCase()}${title.slice(1)}`)];
  }

  connection({ role, disposition, legs }: JourneyConnection, index: number, count: number): string[] {
    const lines = legs.flatMap(({ way, events }) => [...this.title(TITLES[way]), ...events.map((event) => this.event(way, event))]);
    if (!legs.some(({ way }) => way === 'back')) lines.push(this.caption('Nothing comes back'));
    if (count === 1) return lines;
    const title = this.caption(`Connection ${index + 1} of ${count}, ${ROLES[role]}: ${disposition}`);
    return [`rect ${BACKGROUND}`, ...[title, ...lines].map((line) => `  ${line}`), 'end'];
  }
}

/** @param path one of the trace's */
export function renderTraceMermaid(trace: TraceJson, path: PathJson): string {
  const { places, connections } = journeyOf(path);
  const title = `${trace.verdict}: ${requestText(trace.request)}${trace.totalPaths > 1 ? `, one of ${trace.totalPaths} paths` : ''}`;
  const diagram = new Diagram(places);
  const { reason } = path;
  const lines = [
    `title ${escapeMermaid(title)}`,
    'autonumber',
    ...diagram.participants(),
    ...(trace.warnings.length === 0 ? [] : [diagram.caption(...trace.warnings)]),
    ...connections.flatMap((connection, index) => diagram.connection(connection, index, connections.length)),
    ...(reason === null
      ? []
      : [diagram.caption(`${path.disposition}${reason.code === path.disposition ? '' : `, ${reason.code}`}`, reason.message, reason.fix)]),
    diagram.note(places[0]!, [
      `client sees: ${outcomeWords(path.clientSees)}`,
      ...(path.http === undefined ? [] : [`HTTP ${path.http.status ?? 'no answer'}`]),
    ]),
  ];
  return `sequenceDiagram\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
