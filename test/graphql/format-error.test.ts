import { buildSchema, graphql } from 'graphql';
import { expect, test } from 'vitest';
import { formatError } from '../../src/graphql/format-error.js';

const schema = buildSchema(`
  type Query { list(first: Int! = 1): Int, count: Int!, size: Int, thing: Thing }
  interface Thing { id: ID }
  type Box implements Thing { id: ID }
`);

test('the error of an invalid variable has the path of the invalid field', async () => {
  const input = buildSchema('type Query { make(box: Box): Int } input Box { name: String sides: [Side!] } input Side { size: Int! }');
  const { errors = [] } = await graphql({
    schema: input,
    source: 'query ($box: Box) { make(box: $box) }',
    variableValues: { box: { name: 'a', sides: [{ size: 1 }, { size: 'x; y' }], lid: 1 } },
  });
  expect(errors.map((error) => formatError({ error: () => undefined }, error.toJSON(), error).extensions)).toMatchObject([
    { code: 'BAD_USER_INPUT', errors: [{ path: 'sides[1].size', message: 'Int cannot represent non-integer value: "x; y"' }] },
    { code: 'BAD_USER_INPUT', errors: [{ path: '', message: 'Field "lid" is not defined by type "Box".' }] },
  ]);
});

/** Bugs are reported as INTERNAL and logged; errors of the client are reported with their details. */
test.each([
  { what: 'a variable that is null for an argument that must not be', query: 'query ($n: Int = 1) { list(first: $n) }', root: {}, code: 'BAD_USER_INPUT' },
  { what: 'a variable of the wrong type', query: 'query ($n: Int!) { list(first: $n) }', root: {}, code: 'BAD_USER_INPUT' },
  { what: 'an answer that is null where it must not be', query: '{ count }', root: { count: null }, code: 'INTERNAL' },
  { what: 'an answer that is no number', query: '{ size }', root: { size: 'large' }, code: 'INTERNAL' },
  { what: 'an answer of a type that there is not', query: '{ thing { id } }', root: { thing: { __typename: 'Bag' } }, code: 'INTERNAL' },
  { what: 'an answer of no type', query: '{ thing { id } }', root: { thing: {} }, code: 'INTERNAL' },
])('$what: $code', async ({ query, root, code }) => {
  const logged: object[] = [];
  const { errors = [] } = await graphql({ schema, source: query, rootValue: root, variableValues: { n: null } });
  const told = errors.map((error) => formatError({ error: (details) => void logged.push(details) }, error.toJSON(), error));
  expect(told).toMatchObject([{ extensions: { code } }]);
  expect(logged).toHaveLength(code === 'INTERNAL' ? 1 : 0);
});
