/** Parses a picture, and checks that it is XML of only shapes and texts, and that its texts are readable. */
import { textWidth } from '../../src/render/svg/text.js';

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const ATTRIBUTES = String.raw`(?: [a-zA-Z-]+="[^"<&]*")*`;
const TOKEN = new RegExp(String.raw`<(/?)([a-z]+)(${ATTRIBUTES})(/?)>|((?:[^<>&]|&(?:amp|lt|gt|quot);)+)`, 'y');

/** The texts of a picture with their positions. @throws Error if it is not well-formed XML, or contains anything but shapes and texts */
export function readPicture(svg: string): { readonly width: number; readonly height: number; readonly texts: readonly Box[] } {
  const open: { readonly name: string; readonly attributes: ReadonlyMap<string, string> }[] = [];
  const texts: Box[] = [];
  let size = { width: 0, height: 0 };
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < svg.trimEnd().length) {
    const [, closes, name, attributeText = '', isEmpty, text] = TOKEN.exec(svg) ?? [];
    if (text !== undefined) {
      const within = open.at(-1);
      if (within?.name !== 'text') continue;
      const of = (attribute: string, otherwise: string): string => within.attributes.get(attribute) ?? otherwise;
      const fontSize = Number(of('font-size', '12'));
      const width = textWidth(text.replace(/&\w+;/g, 'x'), fontSize);
      const left = Number(of('x', '')) - { start: 0, middle: width / 2, end: width }[of('text-anchor', 'start')]!;
      const bottom = Number(of('y', '')) + fontSize * 0.2;
      texts.push({ text, left, right: left + width, top: bottom - fontSize, bottom });
    } else if (name === undefined) throw new Error(`no XML at ${svg.slice(open.length, 80)}`);
    else if (closes === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      if (!['svg', 'title', 'desc', 'style', 'rect', 'path', 'circle', 'text'].includes(name)) throw new Error(`a picture has no <${name}>`);
      const attributes = new Map([...attributeText.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
      if (name === 'svg') size = { width: Number(attributes.get('width')), height: Number(attributes.get('height')) };
      if (isEmpty !== '/') open.push({ name, attributes });
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is open`);
  return { ...size, texts };
}

/** The texts that are cut off by the edge of the picture, or that overlap. */
export function pictureFaults(svg: string): string[] {
  const { width, height, texts } = readPicture(svg);
  const outside = texts.filter(({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height);
  const overlapping = texts.filter((one, index) =>
    texts.slice(index + 1).some((other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom),
  );
  return [...outside.map(({ text }) => `outside: ${text}`), ...overlapping.map(({ text }) => `overlapped: ${text}`)];
}
