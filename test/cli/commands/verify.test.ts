import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { definePolicy } from 'patron-fees';
import { closeMonth, sealPeriod } from 'patron-fees/closing';
import { memoryEventStore } from 'patron-fees/history';
import { officeEvents } from 'patron-fees/office';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

it('finds nothing in valid accounts, and finds events that do not fit', async () => {
  const [first = '', , third = ''] = storedLines(['u17']);
  const sound = await runInMemory(['verify', fileOf(storedLines(['u17', 'u18']))]);
  expect(sound).toEqual({ exitCode: 0, output: '2 accounts and 0 seals, 0 findings\n', errors: '' });
  const gap = await runInMemory(['verify', fileOf([first, third]), '--json']);
  expect(gap.exitCode).toBe(1);
  expect(JSON.parse(gap.output.split('\n')[0] ?? '')).toMatchObject({ code: 'VERSION_GAP', line: 2 });
});

it('compares a store with its seals', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'seals'));
  const fees = new Database(join(folder, 'fees.db'));
  const office = new Database(join(folder, 'office.db'));
  for (const database of [fees, office]) migrate(database);
  const stores = {
    accounts: sqliteEventStore(fees),
    office: sqliteEventStore(office, { codec: officeEvents }),
  };
  const stream = { institution: 'north', patronId: 'u17' };
  const recordedAt = '2026-03-05T09:00:00Z';
  await stores.accounts.append(stream, threeEvents(), { expectedVersion: 0, recordedAt });
  const month = { institution: 'north', month: '2026-03', timeZone: 'UTC', at: '2026-04-02T00:00:00Z' };
  const sealed = await sealPeriod(stores, definePolicy({ currency: 'USD' }), month, {
    folder: join(folder, 'seals'),
  });
  expect(sealed.accepted).toBe(true);
  for (const database of [fees, office]) database.close();
  const seals = ['--seals', join(folder, 'seals'), '--office', `sqlite:${join(folder, 'office.db')}`];
  const command = ['verify', `sqlite:${join(folder, 'fees.db')}`, ...seals, '--institution', 'north'];
  expect((await runInMemory(command)).output).toBe('1 accounts and 1 seals, 0 findings\n');
  const anchored = await runInMemory([...command, '--anchor', `1 ${sealed.report.seal?.total}`]);
  expect(anchored.output).toBe('1 accounts and 1 seals, 0 findings\n');
  const other = await runInMemory([...command, '--anchor', `1 ${'a'.repeat(64)}`]);
  expect(other.output).toContain(`the total known from elsewhere is ${'a'.repeat(64)}`);
  expect((await runInMemory([...command, '--anchor', '1'])).errors).toContain('NUMBER TOTAL');

  const changing = new Database(join(folder, 'fees.db'));
  changing.exec(`update patron_fees_event set event = replace(event, '"3.00"', '"4.00"')`);
  changing.close();
  const changed = await runInMemory(command);
  expect(changed.exitCode).toBe(1);
  expect(changed.output).toContain('u17');
});

it('compares the files of closed months with the office, without the accounts', async () => {
  const folder = temporaryFolder();
  for (const name of ['seals', 'files']) mkdirSync(join(folder, name));
  const office = new Database(join(folder, 'office.db'));
  migrate(office);
  const stores = {
    accounts: memoryEventStore({ now: () => '2026-04-02T00:00:00Z' }),
    office: sqliteEventStore(office, { codec: officeEvents }),
  };
  const month = { institution: 'north', month: '2026-03', timeZone: 'UTC', at: '2026-04-02T00:00:00Z' };
  const files = join(folder, 'files');
  const form = { ...month, format: 'csv' } as const;
  await closeMonth(stores, definePolicy({ currency: 'USD' }), form, { folder: join(folder, 'seals'), files });
  office.close();
  const store = `sqlite:${join(folder, 'office.db')}`;
  const command = ['verify', '--files', files, '--office', store, '--institution', 'north'];
  expect((await runInMemory(command)).output).toBe('0 accounts, 0 seals and 4 files of months, 0 findings\n');
  appendFileSync(join(files, 'payments-2026-03-USD.csv'), 'one more');
  const changed = await runInMemory(command);
  expect(changed.exitCode).toBe(1);
  expect(changed.output).toContain('payments-2026-03-USD.csv');
});

it('says which options belong together', async () => {
  const alone = await runInMemory(['verify', fileOf([]), '--seals', '/nowhere']);
  expect(alone.errors).toContain('--office STORE and --institution ID');
  expect((await runInMemory(['verify'])).errors).toContain('A store or a file of events is missing');
  const anchor = await runInMemory(['verify', fileOf([]), '--anchor', `1 ${'a'.repeat(64)}`]);
  expect(anchor.errors).toContain('beside --seals');
});
