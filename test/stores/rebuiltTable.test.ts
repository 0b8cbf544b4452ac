import { expect, it } from 'vitest';
import { rebuildKilledTwice } from '../support/rebuiltTable.js';
import { temporaryFile } from '../support/sqliteDrivers.js';

// 100,000 accounts, and PostgreSQL: npm run test:faults.
it('answers every query from one of the two builds, while the process that rebuilds is killed twice (kill -9)', async () => {
  const { file, remove } = temporaryFile();
  expect(await rebuildKilledTwice({ file }, 1_000)).toMatchObject({ kills: 2 });
  remove();
});
