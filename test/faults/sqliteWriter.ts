// A process that writes until it is killed: node --import tsx sqliteWriter.ts FILE DESK [inline]. It prints every
// acknowledged command. With `inline` it keeps the table of accounts.
import { writeSync } from 'node:fs';
import { inlineAccounts, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { workAtDesk } from '../support/deskWork.js';
import { libsql } from '../support/sqliteDrivers.js';

const [file = '', desk = '', table = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file), {
  inline: table === 'inline' ? [inlineAccounts] : [],
  busyTimeoutMs: 60_000,
});
await workAtDesk(
  store,
  desk,
  0,
  () => true,
  (id) => writeSync(1, `${id}\n`),
);
