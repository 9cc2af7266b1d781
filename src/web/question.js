/** Converts a trace request to the fields of the form, and back. Settings without a field are lost. */

/**
 * An end of a flow. The server validates it.
 * @typedef {Readonly<Record<string, string | number | Readonly<Record<string, string>>>>} End
 *
 * @typedef {{
 *   from: End, to: End, protocol?: string, sourcePort?: number, ttl?: number, payloadBytes?: number,
 *   choice?: { mode: string, seed?: number, backend?: string }, neighbours?: string, conntrack?: string,
 * }} Question
 *
 * @typedef {'port' | 'via' | 'node' | 'container' | 'method' | 'headers'} Detail
 * @typedef {'sourcePort' | 'ttl' | 'payloadBytes'} NumberField
 * @typedef {Detail | NumberField | 'fromKind' | 'from' | 'at' | 'fromContainer' | 'toKind' | 'to' | 'protocol' | 'mode' | 'seed' | 'backend' | 'neighbours' | 'conntrack'} FieldName
 * @typedef {Record<FieldName, string>} Fields
 */

const SOURCES = ['pod', 'deployment', 'node', 'internet', 'lan', 'ip'];

/** What each kind of destination is asked with, beside its name. @type {ReadonlyMap<string, readonly Detail[]>} */
const DETAILS = new Map(Object.entries(/** @satisfies {Record<string, readonly Detail[]>} */ ({
  service: ['port', 'via', 'node'],
  pod: ['port', 'container'],
  ip: ['port', 'node'],
  host: ['port'],
  url: ['method', 'headers'],
  node: ['port'], // last, as `node` is a detail of others too
})));

/** The name of a port, or its number. @param {string} text */
const portOf = (text) => (/^\d+$/.test(text) ? Number(text) : text);

/** `Name: value` lines. @param {string} text */
const headersOf = (text) => Object.fromEntries(text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  .map((line) => { const [name = ''] = line.split(':', 1); return [name.trim(), line.slice(name.length + 1).trim()]; }));

/**
 * The fields that are not empty: the others have defaults.
 *
 * @template {string} Name
 * @template T
 * @param {Record<Name, T | ''>} fields
 * @returns {Partial<Record<Name, T>>}
 */
const stated = (fields) => /** @type {Partial<Record<Name, T>>} */ (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')));

/**
 * @param {string} kind
 * @param {string} protocol
 * @returns {readonly Detail[]} the fields of a destination that make sense with it; there is no port to ping
 */
export const detailsOf = (kind, protocol) => (DETAILS.get(kind) ?? []).filter((detail) => detail !== 'port' || protocol !== 'ICMP');

/** @param {Fields} fields @returns {Question} */
export function questionOf(fields) {
  const details = detailsOf(fields.toKind, fields.protocol);
  /** @param {Detail} name */
  const detail = (name) => (details.includes(name) ? fields[name] : '');
  /** @param {NumberField} name */
  const number = (name) => (fields[name] === '' ? '' : Number(fields[name]));
  const headers = headersOf(detail('headers'));
  return {
    from: {
      [fields.fromKind]: fields.from,
      ...stated({ at: fields.fromKind === 'ip' ? fields.at : '', container: fields.fromKind === 'pod' ? fields.fromContainer : '' }),
    },
    to: {
      [fields.toKind]: fields.to,
      ...stated({
        port: portOf(detail('port')),
        via: detail('via') === DEFAULTS.via ? '' : detail('via'),
        node: detail('node'),
        container: detail('container'),
        method: detail('method'),
      }),
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
    },
    ...stated({
      protocol: fields.toKind === 'url' || fields.protocol === DEFAULTS.protocol ? '' : fields.protocol,
      neighbours: fields.neighbours === DEFAULTS.neighbours ? '' : fields.neighbours,
      conntrack: fields.conntrack === DEFAULTS.conntrack ? '' : fields.conntrack,
    }),
    ...stated({ sourcePort: number('sourcePort'), ttl: number('ttl'), payloadBytes: number('payloadBytes') }),
    ...stated({ choice: choiceOf(fields) }),
  };
}

/** @param {Fields} fields */
function choiceOf({ mode, seed, backend }) {
  if (mode === 'ALL') return { mode };
  if (mode === 'FORCED') return { mode, backend };
  return seed === '' || seed === '0' ? '' : { mode, seed: Number(seed) };
}

/** What the fields hold where nothing is said. @type {Fields} */
export const DEFAULTS = {
  fromKind: 'pod', from: '', at: '', fromContainer: '',
  toKind: 'service', to: '', port: '', via: 'clusterIP', node: '', container: '', method: '', headers: '',
  protocol: 'TCP', sourcePort: '', ttl: '', payloadBytes: '', mode: 'SEEDED', seed: '', backend: '', neighbours: 'COLD', conntrack: 'FRESH',
};

/** @param {End[string] | undefined} value */
const text = (value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** @param {number | undefined} value @param {number} usual what stands for nothing in a recorded question */
const numberText = (value, usual) => (value === undefined || value === usual ? '' : String(value));

/** @param {End} end @param {readonly string[]} kinds */
const kindOf = (end, kinds) => kinds.find((kind) => end[kind] !== undefined);

/** @param {Partial<Question>} question a trace request, e.g. one that was recorded @returns {Fields} */
export function fieldsOf({
  from = {},
  to = {},
  protocol = DEFAULTS.protocol,
  choice = { mode: DEFAULTS.mode },
  neighbours = DEFAULTS.neighbours,
  conntrack = DEFAULTS.conntrack,
  ...numbers
}) {
  const fromKind = kindOf(from, SOURCES) ?? DEFAULTS.fromKind;
  const toKind = kindOf(to, [...DETAILS.keys()]) ?? DEFAULTS.toKind;
  const { at, container: fromContainer } = from;
  const { port, via, node, container, method, headers = {} } = to;
  return {
    fromKind,
    from: text(from[fromKind]),
    at: text(at),
    fromContainer: text(fromContainer),
    toKind,
    to: text(to[toKind]),
    port: text(port),
    via: text(via) || DEFAULTS.via,
    node: toKind === 'node' ? '' : text(node),
    container: text(container),
    method: text(method) === 'GET' ? '' : text(method),
    headers: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    protocol,
    sourcePort: numberText(numbers.sourcePort, 0),
    ttl: numberText(numbers.ttl, 64),
    payloadBytes: numberText(numbers.payloadBytes, 0),
    mode: choice.mode,
    seed: numberText(choice.seed, 0),
    backend: text(choice.backend),
    neighbours,
    conntrack,
  };
}

/**
 * The field that a problem is in.
 *
 * @param {string} path in a question, e.g. `from.pod`
 * @param {Fields} fields that the question was made of
 * @returns {string}
 */
export function fieldAt(path, { fromKind, toKind }) {
  const [part = '', name = part] = path.split(/[.[]/);
  if (part === 'from') return name === fromKind ? 'from' : name === 'container' ? 'fromContainer' : name;
  return part === 'to' && name === toKind ? 'to' : name;
}

const KIND_WORDS = new Map([['service', 'Service '], ['internet', 'internet host '], ['lan', 'LAN host '], ['ip', ''], ['host', ''], ['url', '']]);

/** @param {End} end @param {string} kind */
const endName = (end, kind) => `${KIND_WORDS.get(kind) ?? `${kind} `}${text(end[kind])}`;

/** A question in words, with what is unusual about it. @param {Partial<Question>} question */
export function questionName(question) {
  const { from = {}, to = {} } = question;
  const {
    fromKind,
    fromContainer,
    at,
    toKind,
    port,
    via,
    node,
    container,
    method,
    protocol,
    ttl,
    payloadBytes,
    mode,
    seed,
    backend,
    neighbours,
    conntrack,
  } = fieldsOf(question);
  return [
    `${endName(from, fromKind)}${at && ` arriving at ${at}`}${fromContainer && ` (${fromContainer})`} → ${endName(to, toKind)}${container && ` (${container})`}${port && ` port ${port}`}`,
    via !== DEFAULTS.via && `by its ${via}`,
    node && `at ${node}`,
    method,
    toKind !== 'url' && protocol,
    ttl && `TTL ${ttl}`,
    payloadBytes && `${payloadBytes} bytes`,
    mode === 'ALL' && 'all endpoints',
    mode === 'FORCED' && `endpoint ${backend}`,
    seed && `seed ${seed}`,
    neighbours !== DEFAULTS.neighbours && `neighbours ${neighbours}`,
    conntrack !== DEFAULTS.conntrack && `connections ${conntrack}`,
  ]
    .filter(Boolean)
    .join(', ');
}
