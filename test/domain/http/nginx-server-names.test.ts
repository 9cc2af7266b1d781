import { expect, test } from 'vitest';
import type { IngressView } from '../../../src/domain/http/ingress-view.js';
import { mayBeAliased } from '../../../src/domain/http/nginx-server-names.js';
import type { NginxSettings } from '../../../src/domain/http/nginx-settings.js';
import { ingressView, nginx, served } from '../../support/ingress-view.js';

const at = (host: string, settings: Partial<NginxSettings> = {}, more: Partial<IngressView> = {}) =>
  ingressView(host, { [host]: ['Prefix /'] }, { ...nginx(settings), ...more });

test.each([
  { name: 'an alias names its server', ingresses: [at('a.example', { aliases: ['b.example'] })], asked: 'b.example', found: 'a.example' },
  { name: 'with a wildcard for any number of labels', ingresses: [at('a.example', { aliases: ['*.b.example'] })], asked: 'x.y.b.example', found: 'a.example' },
  {
    name: 'the longest of them', ingresses: [at('a.example', { aliases: ['*.example'] }), at('c.example', { aliases: ['*.b.example'] })],
    asked: 'x.b.example', found: 'c.example',
  },
  { name: 'before a wildcard of a rule', ingresses: [at('*.b.example'), at('a.example', { aliases: ['*.example'] })], asked: 'x.b.example', found: 'a.example' },
  { name: 'the host of a rule is no alias', ingresses: [at('a.example', { aliases: ['b.example'] }), at('b.example')], asked: 'b.example', found: 'b.example' },
  { name: 'nor is a wildcard of a rule', ingresses: [at('a.example', { aliases: ['*.b.example'] }), at('*.b.example')], asked: 'x.b.example', found: '*.b.example' },
  {
    name: 'of two servers the first by name has it',
    ingresses: [at('z.example', { aliases: ['b.example'] }), at('a.example', { aliases: ['b.example'] })], asked: 'b.example', found: 'a.example',
  },
  {
    name: 'only the oldest Ingress of a host gives it aliases',
    ingresses: [at('a.example', { aliases: ['b.example'] }), at('a.example', { aliases: ['c.example'] }, { name: 'younger', createdAt: '2026-01-03T00:00:00Z' })],
    asked: 'c.example', found: undefined,
  },
  {
    name: 'a canary gives none',
    ingresses: [
      at('a.example'),
      at('a.example', { aliases: ['b.example'], canary: { weight: 0, weightTotal: 100, header: null, headerValue: null, headerPattern: null, cookie: null } }, { name: 'canary' }),
    ],
    asked: 'b.example', found: undefined,
  },
  { name: 'the other form of a host redirects', ingresses: [at('a.example', { redirectsWww: true })], asked: 'www.a.example', found: '→ a.example' },
  { name: 'without www if the host has it', ingresses: [at('www.a.example', { redirectsWww: true })], asked: 'a.example', found: '→ www.a.example' },
  { name: 'not if it is the host of a rule', ingresses: [at('a.example', { redirectsWww: true }), at('www.a.example')], asked: 'www.a.example', found: 'www.a.example' },
  { name: 'rather than be an alias', ingresses: [at('a.example', { redirectsWww: true, aliases: ['www.a.example'] })], asked: 'www.a.example', found: '→ a.example' },
  {
    name: 'not by an Ingress all of whose paths others have',
    ingresses: [at('a.example'), at('a.example', { redirectsWww: true }, { name: 'younger', createdAt: '2026-01-03T00:00:00Z' })],
    asked: 'www.a.example', found: undefined,
  },
])('$name: $asked', ({ ingresses, asked, found }) => {
  const { server, redirect } = served(ingresses).named(asked);
  expect(redirect ? `→ ${redirect.to}` : server?.host).toBe(found);
});

test.each([
  { alias: '~^x[0-9]+\\.example$', host: 'x7.example', named: false, may: true },
  { alias: '~^x[0-9]+\\.example$', host: 'x.example', named: false, may: false },
  { alias: '~^x[0-9]+\\.example$', host: 'x7.example', named: true, may: false },
  { alias: '~^(?=x)', host: 'any.example', named: false, may: true },
  { alias: '.b.example', host: 'b.example', named: true, may: true },
  { alias: 'b.*', host: 'b.example', named: true, may: true },
  { alias: 'B.example', host: 'b.example', named: true, may: true },
  { alias: 'B.example', host: 'a.example', named: true, may: false },
])('the alias $alias may be for $host, if that is named ($named): $may', ({ alias, host, named, may }) => {
  expect(mayBeAliased(served([at('a.example', { aliases: [alias] })]), host, named)).toHaveLength(may ? 1 : 0);
});
