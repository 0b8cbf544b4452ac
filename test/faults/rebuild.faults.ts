import { expect, it } from 'vitest';
import { postgresServer } from '../support/postgresServer.js';
import { rebuildKilledTwice } from '../support/rebuiltTable.js';
import { temporaryFile } from '../support/sqliteDrivers.js';
import { timesOf } from './timesOf.js';

const ACCOUNTS = timesOf(100_000);

const title = `${ACCOUNTS} accounts are rebuilt by a process that is killed twice (kill -9), and every query is answered from one of the two builds`;

it(`${title}, in SQLite`, async () => {
  const { file, remove } = temporaryFile();
  const seen = await rebuildKilledTwice({ file }, ACCOUNTS);
  console.log(JSON.stringify({ engine: 'SQLite', ...seen }));
  expect(seen.queries).toBeGreaterThan(60);
  remove();
});

it(`${title}, in PostgreSQL`, async () => {
  const server = await postgresServer();
  const seen = await rebuildKilledTwice({ connection: server.connection }, ACCOUNTS);
  console.log(JSON.stringify({ engine: 'PostgreSQL', ...seen }));
  expect(seen.queries).toBeGreaterThan(60);
  await server.remove();
});
