import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';

test('every variable has a default', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    databaseUrl: 'file:./data/packetwalk.db',
    auth: 'off',
    allowOpen: false,
    allowedHosts: [],
    logLevel: 'info',
  });
});

test('every variable is read from the environment', () => {
  expect(
    readConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      DATABASE_URL: 'file:/tmp/x.db',
      AUTH: 'off',
      ALLOW_OPEN: '1',
      ALLOWED_HOSTS: 'Localhost,[::1],192.168.1.5',
      LOG_LEVEL: 'silent',
    }),
  ).toEqual({
    host: '0.0.0.0',
    port: 0,
    databaseUrl: 'file:/tmp/x.db',
    auth: 'off',
    allowOpen: true,
    allowedHosts: ['localhost', '[::1]', '192.168.1.5'],
    logLevel: 'silent',
  });
});

const messageOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

describe('an invalid configuration is refused', () => {
  test.each([
    { env: { PORT: '65536' }, says: 'PORT: must be at most 65535' },
    { env: { PORT: 'http' }, says: 'PORT: must be a port number' },
    { env: { AUTH: 'on' }, says: 'AUTH: on: authentication is not available yet' },
    { env: { LOG_LEVEL: 'loud' }, says: 'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent' },
    { env: { HOST: '0.0.0.0' }, says: 'HOST: without authentication only a loopback address' },
    { env: { HOST: '192.168.1.5', ALLOW_OPEN: '0' }, says: 'ALLOW_OPEN=1 opens it' },
    { env: { ALLOWED_HOSTS: 'localhost:4000' }, says: 'ALLOWED_HOSTS: must be names or addresses without ports' },
    { env: { ALLOWED_HOSTS: 'localhost, lab.example' }, says: 'ALLOWED_HOSTS: must be names or addresses without ports' },
    { env: { ALLOWED_HOSTS: 'http://lab.example' }, says: 'ALLOWED_HOSTS: must be names or addresses without ports' },
    { env: { HOST: '' }, says: 'HOST: must not be empty' },
    { env: { DATABASE_URL: 'file::memory:' }, says: 'DATABASE_URL: must be a SQLite file' },
    { env: { DATABASE_URL: 'postgresql://user:hunter2@db/x' }, says: 'DATABASE_URL: must be a SQLite file' },
  ])('$env: $says', ({ env, says }) => {
    expect(messageOf(env)).toContain(says);
  });

  test('all problems are reported at once, without the password of the database', () => {
    const message = messageOf({ PORT: 'x', LOG_LEVEL: 'y', HOST: '0.0.0.0', DATABASE_URL: 'postgresql://user:hunter2@db/x' });
    expect(message.split('\n')).toHaveLength(5);
    expect(message).not.toContain('hunter2');
  });
});
