import type { PathJson, TraceJson } from '../json/trace-json.js';
import { requestText } from '../text/request-text.js';
import { outcomeWords } from '../text/trace-text.js';
import { MARGIN } from './lanes.js';
import { fill, stroke, type Colour } from './palette.js';
import type { Row } from './rows.js';
import { columnsIn, LINE_HEIGHT, textElement, textWidth, wrapText } from './text.js';

const TITLE_SIZE = 18;
const TITLE_LINE_HEIGHT = 24;
const LABEL_WIDTH = 120;

const VERDICT_COLOURS = { REACHABLE: 'good', UNREACHABLE: 'bad', PARTIAL: 'back', UNDETERMINED: 'policy' } as const satisfies Record<
  TraceJson['verdict'],
  Colour
>;

function factsOf({ warnings }: TraceJson, { reason, clientSees, seenByServer, http, backend }: PathJson): readonly (readonly [label: string, value: string])[] {
  return [
    ...warnings.map((warning) => ['warning', warning] as const),
    ...(reason === null
      ? []
      : ([
          ['reason', reason.message],
          ['likely fix', reason.fix],
        ] as const)),
    ['client sees', `${outcomeWords(clientSees)}${http === undefined ? '' : `, HTTP ${http.status ?? 'no answer'}`}`],
    ...(seenByServer === null ? [] : ([['server sees', `${seenByServer.source} → ${seenByServer.destination}`]] as const)),
    ...(backend === null
      ? []
      : ([
          [
            'backend',
            `${backend.ip}:${backend.port}${backend.pod === null ? '' : `, pod ${backend.pod}`}${backend.node === null ? '' : ` on ${backend.node}`}`,
          ],
        ] as const)),
  ];
}

/** The legend of line styles, at the right edge. */
function legend(right: number, y: number): string[] {
  const entries = [['there', 'there', ''], ['and back', 'back', ' stroke-dasharray="7 5"']] as const;
  let x = right;
  return entries.toReversed().flatMap(([text, colour, dashes]) => {
    x -= textWidth(text);
    const elements = [textElement(x, y + 4, text, { colour: 'dim' }), `<path d="M${x - 44} ${y}h36" ${stroke(colour)} stroke-width="2.2"${dashes}/>`];
    x -= 64;
    return elements;
  });
}

/** The verdict, the question and the result. */
export function headingRow(trace: TraceJson, path: PathJson, pictureWidth: number): Row {
  const badgeWidth = textWidth(trace.verdict, TITLE_SIZE) + 24;
  const titleLeft = MARGIN + badgeWidth + 14;
  const question = `${requestText(trace.request)}${trace.totalPaths > 1 ? `, one of ${trace.totalPaths} paths` : ''}`;
  const title = wrapText(question, columnsIn(pictureWidth - MARGIN - titleLeft, TITLE_SIZE));
  const facts = factsOf(trace, path).map(([label, value]) => ({ label, lines: wrapText(value, columnsIn(pictureWidth - 2 * MARGIN - LABEL_WIDTH)) }));
  const titleHeight = title.length * TITLE_LINE_HEIGHT + 16;
  const factsHeight = facts.reduce((sum, { lines }) => sum + lines.length * LINE_HEIGHT + 4, 0);
  const draw = (y: number): string[] => {
    const elements = [
      `<rect x="${MARGIN}" y="${y}" width="${badgeWidth}" height="32" rx="8" ${fill(VERDICT_COLOURS[trace.verdict])}/>`,
      textElement(MARGIN + badgeWidth / 2, y + 22, trace.verdict, { anchor: 'middle', colour: 'onColour', size: TITLE_SIZE, bold: true }),
      ...title.map((line, index) => textElement(titleLeft, y + 22 + index * TITLE_LINE_HEIGHT, line, { size: TITLE_SIZE, bold: true })),
    ];
    let top = y + titleHeight;
    for (const { label, lines } of facts) {
      elements.push(textElement(MARGIN, top + 12, label, { colour: 'dim' }));
      for (const [index, line] of lines.entries()) elements.push(textElement(MARGIN + LABEL_WIDTH, top + index * LINE_HEIGHT + 12, line));
      top += lines.length * LINE_HEIGHT + 4;
    }
    return [...elements, ...legend(pictureWidth - MARGIN, top + 12)];
  };
  return { height: titleHeight + factsHeight + 36, draw };
}
