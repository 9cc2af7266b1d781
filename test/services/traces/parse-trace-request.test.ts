import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/services/app-error.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';

const POD = { pod: 'default/client' };
const SERVICE = { service: 'default/web', port: 80 };

function refusalOf(input: unknown): AppError {
  try {
    parseTraceRequest(input);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('all defaults are filled in', () => {
  expect(parseTraceRequest({ from: POD, to: SERVICE })).toEqual({
    from: { pod: 'default/client' }, to: { service: 'default/web', port: 80, via: 'clusterIP' }, protocol: 'TCP', sourcePort: expect.any(Number),
    ttl: 64, payloadBytes: 0, dontFragment: true, choice: { mode: 'SEEDED', seed: 0 }, neighbours: 'COLD', conntrack: 'FRESH', record: true, include: [],
  });
});

describe('all forms are accepted', () => {
  test.each([
    { from: { pod: 'default/client', container: 'app', source: '10.244.1.5' } },
    { from: { deployment: 'shop/web' } },
    { from: { node: 'node-1', source: '192.168.1.11' } },
    { from: { internet: '198.51.100.10' } },
    { from: { lan: 'lanhost', source: '192.168.1.50' } },
    { from: { ip: '10.244.1.9', at: 'node-1' } },
  ])('from $from', ({ from }) => {
    expect(parseTraceRequest({ from, to: SERVICE }).from).toEqual(from);
  });

  test.each([
    { to: { service: 'default/web', port: 'http', via: 'loadBalancer', address: '192.0.2.1', node: 'node-2' } },
    { to: { pod: 'default/web-1', container: 'app', port: 8080 } },
    { to: { node: 'node-1', port: 30080 } },
    { to: { ip: '203.0.113.9', port: 443 } },
    { to: { ip: '127.0.0.1', port: 80, node: 'node-1' } },
    { to: { host: 'web.default.svc.cluster.local', port: 80 } },
  ])('to $to', ({ to }) => {
    expect(parseTraceRequest({ from: POD, to }).to).toEqual(to);
  });

  test.each([
    { choice: undefined, read: { mode: 'SEEDED', seed: 0 } },
    { choice: { seed: 7 }, read: { mode: 'SEEDED', seed: 7 } },
    { choice: { mode: 'SEEDED' }, read: { mode: 'SEEDED', seed: 0 } },
    { choice: { mode: 'ALL' }, read: { mode: 'ALL' } },
    { choice: { mode: 'FORCED', backend: '10.244.2.8:8080' }, read: { mode: 'FORCED', backend: '10.244.2.8:8080' } },
  ])('choice $choice', ({ choice, read }) => {
    expect(parseTraceRequest({ from: POD, to: SERVICE, choice }).choice).toEqual(read);
  });

  test('a name without a namespace gets the namespace default', () => {
    expect(parseTraceRequest({ from: { pod: 'client' }, to: { service: 'web', port: 80 } })).toMatchObject({
      from: { pod: 'default/client' },
      to: { service: 'default/web' },
    });
  });

  test('ICMP has no ports', () => {
    expect(parseTraceRequest({ from: POD, to: { pod: 'default/web-1' }, protocol: 'ICMP' })).toMatchObject({
      protocol: 'ICMP',
      sourcePort: 0,
      to: { pod: 'default/web-1' },
    });
  });

  test('expectations are kept unchanged', () => {
    const expectation = { verdict: 'REACHABLE', clientSees: { outcome: 'connected' }, seenByServer: { source: '10.244.1.5:40000' } };
    expect(parseTraceRequest({ from: POD, to: SERVICE, expect: expectation }).expect).toEqual(expectation);
  });
});

describe('all problems are reported, with what is expected', () => {
  const flow = (change: object) => ({ from: POD, to: SERVICE, ...change });
  test.each([
    { name: 'nothing', input: undefined, code: 'BAD_REQUEST', errors: [['', 'must be an object with "from" and "to"']] },
    { name: 'an array', input: [], code: 'BAD_REQUEST', errors: [['', 'must be an object with "from" and "to"']] },
    {
      name: 'neither end', input: {}, code: 'BAD_REQUEST',
      errors: [
        ['from', 'required: an object with one of pod, deployment, node, internet, lan, ip'],
        ['to', 'required: an object with one of service, pod, node, ip, host, url'],
      ],
    },
    {
      name: 'a source of no form', input: flow({ from: { pods: 'x' } }), code: 'BAD_REQUEST',
      errors: [['from.pods', 'unknown field here'], ['from', 'must name exactly one of pod, deployment, node, internet, lan, ip']],
    },
    {
      name: 'a destination that only a source may be', input: flow({ to: { deployment: 'a/b', port: 80 } }), code: 'BAD_REQUEST',
      errors: [
        ['to.deployment', 'unknown field here: name a pod of the Deployment, or a Service that selects them'],
        ['to', 'must name exactly one of service, pod, node, ip, host, url'],
      ],
    },
    {
      name: 'two sources', input: flow({ from: { pod: 'a/b', node: 'n' } }), code: 'BAD_REQUEST',
      errors: [['from', 'names pod and node: must be exactly one of pod, deployment, node, internet, lan, ip']],
    },
    {
      name: 'two destinations', input: flow({ to: { pod: 'a/b', service: 'a/c', port: 1 } }), code: 'BAD_REQUEST',
      errors: [['to', 'names service and pod: must be exactly one of service, pod, node, ip, host, url']],
    },
    { name: 'an address without a place', input: flow({ from: { ip: '10.244.1.9' } }), code: 'BAD_REQUEST', errors: [['from.at', 'required: a string']] },
    {
      name: 'a field of another form', input: flow({ from: { node: 'n', container: 'c' } }), code: 'UNPROCESSABLE',
      errors: [['from.container', 'unknown field; known are node, source']],
    },
    { name: 'no port', input: flow({ to: { service: 'default/web' } }), code: 'BAD_REQUEST', errors: [['to.port', 'required for TCP: the port to send to']] },
    { name: 'a port as text', input: flow({ to: { node: 'n', port: '80' } }), code: 'BAD_REQUEST', errors: [['to.port', 'must be a number, not string "80"']] },
    {
      name: 'a port with a fraction', input: flow({ to: { node: 'n', port: 80.5 } }), code: 'BAD_REQUEST',
      errors: [['to.port', 'must be a whole number, not number 80.5']],
    },
    {
      name: 'a port name without a letter', input: flow({ to: { service: 'default/web', port: '80' } }), code: 'UNPROCESSABLE',
      errors: [['to.port', 'must be a port number from 1 to 65535, or the name of a port such as "http"']],
    },
    {
      name: 'a port out of range', input: flow({ to: { service: 'default/web', port: 70000 } }), code: 'UNPROCESSABLE',
      errors: [['to.port', 'must be at most 65535, not 70000']],
    },
    {
      name: 'no address', input: flow({ from: { internet: '256.1.1.1' } }), code: 'UNPROCESSABLE',
      errors: [['from.internet', 'must be an IPv4 address such as 198.51.100.10']],
    },
    {
      name: 'no name', input: flow({ from: { pod: 'Default/Client' } }), code: 'UNPROCESSABLE',
      errors: [['from.pod', 'must be <namespace>/<name>, e.g. default/client']],
    },
    { name: 'an unknown protocol', input: flow({ protocol: 'TPC' }), code: 'UNPROCESSABLE', errors: [['protocol', 'must be one of TCP, UDP, SCTP, ICMP, not "TPC"']] },
    {
      name: 'ports with ICMP', input: flow({ protocol: 'ICMP', sourcePort: 5 }), code: 'UNPROCESSABLE',
      errors: [['to.port', 'ICMP has no ports: leave it out'], ['sourcePort', 'ICMP has no ports: leave it out']],
    },
    {
      name: 'an unknown mode', input: flow({ choice: { mode: 'RANDOM' } }), code: 'UNPROCESSABLE',
      errors: [['choice.mode', 'must be one of SEEDED, ALL, FORCED, not "RANDOM"']],
    },
    {
      name: 'every path from one state', input: flow({ choice: { mode: 'ALL' }, conntrack: 'LIVE' }), code: 'UNPROCESSABLE',
      errors: [['choice.mode', 'ALL walks many paths, and LIVE tables keep what one flow leaves: use SEEDED or FORCED']],
    },
    {
      name: 'a backend without a port', input: flow({ choice: { mode: 'FORCED', backend: '10.244.2.8' } }), code: 'UNPROCESSABLE',
      errors: [['choice.backend', 'must be <ip>:<port>, e.g. 10.244.2.8:8080']],
    },
    {
      name: 'a host with an empty label', input: flow({ to: { host: 'web..default', port: 80 } }), code: 'UNPROCESSABLE',
      errors: [['to.host', 'must be a host name such as web.default.svc']],
    },
    {
      name: 'a URL of a host with a label that is too long', input: flow({ to: { url: `http://${'a'.repeat(64)}/` } }), code: 'UNPROCESSABLE',
      errors: [['to.url', 'must be an absolute http or https URL such as http://shop.example/cart']],
    },
    {
      name: 'a URL that is none', input: flow({ to: { url: 'ftp://web/', method: 'get', headers: { 'a b': 'x' }, port: 80 } }), code: 'UNPROCESSABLE',
      errors: [
        ['to.url', 'must be an absolute http or https URL such as http://shop.example/cart'],
        ['to.method', 'must be a method in capitals such as GET'], ['to.headers[a b]', 'must be the name of a header'],
        ['to.port', 'unknown field; known are url, method, headers'],
      ],
    },
    {
      name: 'headers with a wrong name and a wrong value', input: flow({ to: { url: 'http://web/', headers: { 'a b': 'x', x: 1 } } }),
      code: 'BAD_REQUEST', errors: [['to.headers[a b]', 'must be the name of a header'], ['to.headers.x', 'must be a string, not number 1']],
    },
    {
      name: 'headers that nobody can send', input: flow({ to: { url: 'http://web/', headers: { Host: 'a b', x: 'a\r\nb', X: 'c' } } }),
      code: 'UNPROCESSABLE',
      errors: [
        ['to.headers.x', 'must have no line break and no NUL'],
        ['to.headers.Host', 'must be a host, with a port where it needs one, such as shop.example:8080'],
        ['to.headers.X', 'is another spelling of a header that is given already'],
      ],
    },
    { name: 'a URL by UDP', input: flow({ to: { url: 'http://web/' }, protocol: 'UDP' }), code: 'UNPROCESSABLE', errors: [['protocol', 'HTTP goes over TCP, not UDP']] },
    {
      name: 'an unknown expectation', input: flow({ expect: { verdict: 'REACHABLE', outcome: 'x' } }), code: 'UNPROCESSABLE',
      errors: [['expect.outcome', 'unknown field; known are verdict, disposition, reason, clientSees, seenByServer']],
    },
    {
      name: 'an expectation one level too deep', input: flow({ expect: { clientSees: { from: '10.96.0.12:80' } } }), code: 'UNPROCESSABLE',
      errors: [['expect.clientSees.from', 'unknown field; known are outcome']],
    },
    {
      name: 'an expectation of nothing', input: flow({ expect: {} }), code: 'BAD_REQUEST',
      errors: [['expect', 'must name at least one of verdict, disposition, reason, clientSees.outcome, seenByServer.source']],
    },
    {
      name: 'an expectation of nothing, one level down', input: flow({ expect: { seenByServer: {} } }), code: 'BAD_REQUEST',
      errors: [['expect', 'must name at least one of verdict, disposition, reason, clientSees.outcome, seenByServer.source']],
    },
    {
      name: 'an expectation that is null', input: flow({ expect: { seenByServer: null } }), code: 'BAD_REQUEST',
      errors: [['expect.seenByServer', 'must be an object, not null']],
    },
    {
      name: 'a reason that there is not', input: flow({ expect: { reason: 'NO_LISTNER' } }), code: 'UNPROCESSABLE',
      errors: [['expect.reason', 'must be the code of a reason, e.g. NO_LISTENER, not "NO_LISTNER"; did you mean "NO_LISTENER"?']],
    },
    {
      name: 'many at once',
      input: { from: { pod: 3 }, to: { ip: 'x', port: 0 }, ttl: 0, colour: 'red', include: ['steps'], record: 'no' },
      code: 'BAD_REQUEST',
      errors: [
        ['ttl', 'must be at least 1, not 0'],
        ['record', 'must be true or false, not string "no"'],
        ['include[0]', 'must be frames, not "steps"'],
        ['colour', 'unknown field; known are from, to, protocol, sourcePort, ttl, payloadBytes, dontFragment, choice, neighbours, conntrack, expect, record, include'],
        ['from.pod', 'must be a string, not number 3'],
        ['to.ip', 'must be an IPv4 address such as 198.51.100.10'],
        ['to.port', 'must be at least 1, not 0'],
      ],
    },
  ])('$name', ({ input, code, errors }) => {
    const refusal = refusalOf(input);
    expect(refusal.code).toBe(code);
    expect(refusal.errors.map(({ path, message }) => [path, message])).toEqual(errors);
  });
});

describe('the source port', () => {
  const portOf = (change: object) => parseTraceRequest({ from: POD, to: SERVICE, ...change }).sourcePort;

  test('is in Linux\'s ephemeral range, and differs between flows', () => {
    const ports = Array.from({ length: 200 }, (_, index) => portOf({ from: { pod: `default/client-${index}` } }));
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(32_768);
    expect(Math.max(...ports)).toBeLessThanOrEqual(60_999);
    expect(new Set(ports).size).toBeGreaterThan(190);
  });

  test('does not depend on the order of fields, the TTL or the choice', () => {
    expect(portOf({ to: { port: 80, service: 'web' }, ttl: 1, choice: { seed: 9 }, record: false })).toBe(portOf({}));
  });

  test('is the requested one', () => {
    expect(portOf({ sourcePort: 40_000 })).toBe(40_000);
  });
});

test('a parsed request can be parsed again with the same result', () => {
  const request = fc.record({
    from: fc.constantFrom<object>(POD, { internet: '198.51.100.10' }, { ip: '10.244.1.9', at: 'node-1' }),
    to: fc.constantFrom<object>(SERVICE, { pod: 'web-1', port: 'http' }, { host: 'web', port: 80 }),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    ttl: fc.integer({ min: 1, max: 255 }),
    choice: fc.constantFrom<object>({}, { mode: 'ALL' }, { seed: 3 }),
    include: fc.constantFrom<string[]>([], ['frames']),
  }, { requiredKeys: ['from', 'to'] });
  fc.assert(fc.property(request, (input) => {
    const once = parseTraceRequest(input);
    expect(parseTraceRequest(once)).toEqual(once);
  }));
});
