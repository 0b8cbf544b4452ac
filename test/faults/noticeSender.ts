// A process that sends notices until it is killed: node --import tsx noticeSender.ts ACCOUNTS OFFICE FOLDER. A mail is a file
// with the id of its notice, and a line in `log`, so that a mail that is sent again is the same file and another line.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noticeText, runNotices } from '../../src/jobs/index.js';
import { officeEvents } from '../../src/office/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { form, policy } from './noticePatrons.js';

const [accountsFile = '', officeFile = '', folder = ''] = process.argv.slice(2);
const accounts = sqliteEventStore(libsql.open(accountsFile));
const office = sqliteEventStore(libsql.open(officeFile), { synchronous: 'normal', codec: officeEvents });
const place = { locale: 'en-US', timeZone: 'America/New_York' };
const report = await runNotices({ accounts, office }, policy, form, {
  concurrency: 1,
  patronOf: () => ({ group: 'STUDENT' }),
  send: (notice) => {
    const name = encodeURIComponent(notice.noticeId);
    writeFileSync(join(folder, `${name}.txt`), noticeText(notice, place));
    appendFileSync(join(folder, 'log'), `${name}\n`);
    process.stdout.write('sent\n');
  },
});
process.stdout.write(`${JSON.stringify(report)}\n`);
