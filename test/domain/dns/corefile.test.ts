import { describe, expect, test } from 'vitest';
import { parseCorefile } from '../../../src/domain/dns/corefile.js';

describe('a Corefile', () => {
  test('is parsed into server blocks of directives with their own blocks', () => {
    expect(
      parseCorefile(
        '# comment\n.:53, example.org {\n  errors # why not\n  hosts {\n    10.0.0.1 a b\n    fallthrough\n  }\n  template IN A {\n    answer "a b"\n    nested {\n      deep 1\n    }\n  }\n  cache 30\n}\nother.org {\n  forward . 9.9.9.9\n}\n',
      ),
    ).toEqual([
      {
        keys: ['.:53', 'example.org'],
        directives: [
          { name: 'errors', args: [], block: [] },
          { name: 'hosts', args: [], block: [['10.0.0.1', 'a', 'b'], ['fallthrough']] },
          { name: 'template', args: ['IN', 'A'], block: [['answer', 'a b'], ['nested', '{'], ['deep', '1'], ['}']] },
          { name: 'cache', args: ['30'], block: [] },
        ],
      },
      { keys: ['other.org'], directives: [{ name: 'forward', args: ['.', '9.9.9.9'], block: [] }] },
    ]);
  });

  test('has comments only at the beginning of a word', () => {
    expect(parseCorefile('. {\n  log a#b # c\n}\n')[0]!.directives).toEqual([{ name: 'log', args: ['a#b'], block: [] }]);
  });

  test.each([
    { text: '', read: [] }, { text: 'no braces', read: [] }, { text: '}', read: [] }, { text: '. {', read: [{ keys: ['.'], directives: [] }] },
    { text: '. {\nhosts {\n', read: [{ keys: ['.'], directives: [{ name: 'hosts', args: [], block: [] }] }] },
  ])('that is invalid is parsed as far as possible: $text', ({ text, read }) => {
    expect(parseCorefile(text)).toEqual(read);
  });
});
