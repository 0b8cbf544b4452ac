import { expect, it } from 'vitest';
import { useOwnServers } from './ownServers.js';

it('removes what PostgreSQL and its clients read, and nothing else', () => {
  const environment = {
    PGPORT: '1',
    PGHOST: 'nowhere',
    PGSSLMODE: 'require',
    PG_OTHER: 'a',
    POSTGRES_BIN: '/bin',
    HOME: '/',
  };
  useOwnServers(environment);
  expect(environment).toEqual({ PG_OTHER: 'a', POSTGRES_BIN: '/bin', HOME: '/' });
});

it('has done so before any test runs', () => {
  expect(Object.keys(process.env).filter((name) => /^PG[A-Z]/.test(name))).toEqual([]);
});
