/** A trace request as the fields of the form, and back. What the form has no field for is not kept. */

const NUMBERS = ['sourcePort', 'ttl', 'payloadBytes'];

/** The name of a port, or its number. */
const portOf = (text) => (/^\d+$/.test(text) ? Number(text) : text);

const lines = (text) => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** `Name: value` lines. */
const headersOf = (text) => Object.fromEntries(lines(text).map((line) => [line.split(':', 1)[0].trim(), line.slice(line.indexOf(':') + 1).trim()]));

/** Without the fields that are empty: these have defaults. */
const stated = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined));

/** What each kind of destination is asked with, beside its name; `node` stands last, as it is a detail of others too. */
const DETAILS = {
  service: ['port', 'via', 'node'],
  pod: ['port', 'container'],
  ip: ['port', 'node'],
  host: ['port'],
  url: ['method', 'headers'],
  node: ['port'],
};

/** @returns {string[]} the fields of a destination that make sense with it; there is no port to ping */
export const detailsOf = (kind, protocol) => DETAILS[kind].filter((detail) => detail !== 'port' || protocol !== 'ICMP');

/** @param {Record<string, string>} fields @returns the trace request */
export function questionOf(fields) {
  const details = detailsOf(fields.toKind, fields.protocol);
  const detail = (name) => (details.includes(name) ? fields[name] : '');
  const headers = headersOf(detail('headers'));
  return stated({
    from: stated({ [fields.fromKind]: fields.from, at: fields.fromKind === 'ip' ? fields.at : '', container: fields.fromKind === 'pod' ? fields.fromContainer : '' }),
    to: {
      [fields.toKind]: fields.to,
      ...stated({ port: portOf(detail('port')), via: detail('via'), node: detail('node'), container: detail('container'), method: detail('method') }),
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
    },
    protocol: fields.toKind === 'url' || fields.protocol === 'TCP' ? '' : fields.protocol,
    ...stated(Object.fromEntries(NUMBERS.map((name) => [name, fields[name] === '' ? '' : Number(fields[name])]))),
    choice: choiceOf(fields),
    neighbours: fields.neighbours === 'COLD' ? '' : fields.neighbours,
    conntrack: fields.conntrack === 'FRESH' ? '' : fields.conntrack,
  });
}

function choiceOf({ mode, seed, backend }) {
  if (mode === 'ALL') return { mode };
  if (mode === 'FORCED') return { mode, backend };
  return seed === '' || seed === '0' ? '' : { mode, seed: Number(seed) };
}

const text = (value) => (value === undefined || value === null ? '' : String(value));

const kindOf = (end, kinds) => kinds.find((kind) => end[kind] !== undefined) ?? kinds[0];

/** @param question a trace request, e.g. one that was recorded @returns {Record<string, string>} */
export function fieldsOf({ from = {}, to = {}, protocol, choice = {}, neighbours, conntrack, ...others }) {
  const [fromKind, toKind] = [kindOf(from, ['pod', 'deployment', 'node', 'internet', 'lan', 'ip']), kindOf(to, Object.keys(DETAILS))];
  return {
    fromKind, from: text(from[fromKind]), at: text(from.at), fromContainer: text(from.container),
    toKind, to: text(to[toKind]), port: text(to.port), via: text(to.via), node: text(to.node), container: text(to.container), method: text(to.method),
    headers: Object.entries(to.headers ?? {}).map(([name, value]) => `${name}: ${value}`).join('\n'),
    protocol: protocol ?? 'TCP',
    ...Object.fromEntries(NUMBERS.map((name) => [name, text(others[name])])),
    mode: choice.mode ?? 'SEEDED', seed: text(choice.seed), backend: text(choice.backend),
    neighbours: neighbours ?? 'COLD', conntrack: conntrack ?? 'FRESH',
  };
}
