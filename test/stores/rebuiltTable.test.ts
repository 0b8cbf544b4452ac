import { expect, it } from 'vitest';
import { postgresServer } from '../support/postgresServer.js';
import { rebuildKilledTwice } from '../support/rebuiltTable.js';
import { temporaryFile } from '../support/sqliteDrivers.js';

const title =
  'answers every query from one of the two builds, while the process that rebuilds is killed (kill -9)';

// 100,000 accounts: npm run test:faults.
it(`${title}, in SQLite`, async () => {
  const { file, remove } = temporaryFile();
  expect(await rebuildKilledTwice({ file }, 1_000)).toMatchObject({ kills: 2 });
  remove();
});

it(`${title}, in PostgreSQL`, async () => {
  const server = await postgresServer();
  expect(await rebuildKilledTwice({ connection: server.connection }, 2_500)).toMatchObject({ kills: 2 });
  await server.remove();
});
