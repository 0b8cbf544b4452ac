import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catchUp, follow, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, definePolicy } from '../../../src/index.js';
import { runPaymentsReport } from '../../../src/jobs/reports/index.js';
import { accountsQuery } from '../../../src/stores/readModels/findAccountsForm.js';
import { FAULTY, findStatement, tillStatement } from '../../../src/stores/sqlite/accountsTable.js';
import type * as release from '../../../src/stores/sqlite/index.js';
import {
  accountsProjection,
  findAccounts,
  forgetPart,
  inlineAccounts,
  migrate,
  rebuildAccounts,
  sqliteEventStore,
  tillIndex,
} from '../../../src/stores/sqlite/index.js';
import { faultsOfTables, sqliteTables } from '../../support/accountTables.js';
import { fillStore, findAccountsCases, randomHistories } from '../../support/findAccountsCases.js';
import { laterRelease } from '../../support/laterRelease.js';
import { followedRebuildCases, rebuildCases } from '../../support/rebuildCases.js';
import { libsql, type OpenDatabase, temporaryFile } from '../../support/sqliteDrivers.js';
import { tableStateCases } from '../../support/tableStateCases.js';
import { sqliteTablesUnderTest } from '../../support/tablesUnderTest.js';
import { fillTill, tillForms } from '../../support/tillAccounts.js';

describe('accountsTable', () => {
  const stream = { institution: 'north', patronId: 'p1' };
  const at = '2026-03-02T09:00:00Z';

  function assessed(feeId: string, amount = '2.50'): AccountEvent {
    return {
      type: 'FeeAssessed',
      data: { feeId, feeType: 'OTHER', amount, currency: 'USD', owner: 'MAIN', at },
    };
  }

  const form = { institution: 'north', currency: 'USD' };

  let database: OpenDatabase;
  let second: OpenDatabase;
  let file: string;
  let remove: () => void;

  beforeAll(() => {
    const temporary = temporaryFile();
    ({ file, remove } = temporary);
    database = libsql.open(file);
    second = libsql.open(file);
    migrate(database);
  });

  afterAll(() => {
    database.close();
    second.close();
    remove();
  });

  function empty(): void {
    for (const table of ['event', 'accounts_all', 'owed_all', 'till_all', 'read_model'])
      database.exec(`delete from patron_fees_${table}`);
    forgetPart(database, 'accounts');
  }

  const options = { synchronous: 'normal', inline: [inlineAccounts] } as const;

  describe('the table of accounts, kept inline', () => {
    beforeAll(async () => {
      empty();
      await rebuildAccounts(database);
      await fillStore(sqliteEventStore(database, options), sqliteEventStore(second, options));
    });

    it('equals the fold of every stream after random histories, on two connections', async () => {
      const store = sqliteEventStore(database, options);
      const tables = sqliteTables(database);
      expect(tables.accounts).toHaveLength(randomHistories.length);
      expect(tables.owed.length).toBeGreaterThan(50);
      expect(await faultsOfTables(tables, store)).toEqual([]);
    });

    findAccountsCases(() => ({
      store: sqliteEventStore(database, options),
      find: (asked) => findAccounts(database, asked),
    }));

    it('is rebuilt to the same rows, even from events that were appended without it', async () => {
      const store = sqliteEventStore(database, options);
      const before = sqliteTables(database);
      const progress: number[] = [];
      const onProgress = ({ accounts }: { accounts: number }) => void progress.push(accounts);
      expect(await rebuildAccounts(database, { onProgress })).toEqual({
        accounts: randomHistories.length,
        unreadable: 0,
      });
      expect(progress.at(-1)).toBe(randomHistories.length);
      expect(sqliteTables(database)).toEqual(before);
      forgetPart(database, 'accounts');
      await sqliteEventStore(database, { synchronous: 'normal' }).append(stream, [assessed('f1')], {
        expectedVersion: 0,
      });
      expect((await faultsOfTables(sqliteTables(database), store)).length).toBeGreaterThan(0);
      await rebuildAccounts(database);
      expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
    });

    it('follows a transaction of the caller, and its rollback', async () => {
      const store = sqliteEventStore(database, options);
      const before = sqliteTables(database);
      const { version } = await store.read(stream);
      database.exec('begin immediate');
      await store.within(database).append(stream, [assessed('rolled back')], { expectedVersion: version });
      expect((await findAccounts(database, { ...form, patronId: 'p1' })).accounts[0]?.version).toBe(
        version + 1,
      );
      database.exec('rollback');
      expect(sqliteTables(database)).toEqual(before);
    });

    it('records the fault of an account that cannot be read, and keeps the others', async () => {
      const store = sqliteEventStore(database, options);
      const corrupt = { institution: 'north', patronId: 'corrupt' };
      const twice = [assessed('f1'), assessed('f1')];
      await store.append(corrupt, twice, { expectedVersion: 0 });
      const broken = { institution: 'north', patronId: 'invalid' };
      await store.append(broken, [assessed('f1')], { expectedVersion: 0 });
      database.exec("update patron_fees_event set event = '{}' where patron_id = 'invalid'");
      expect((await rebuildAccounts(database)).unreadable).toBe(2);
      const faults = sqliteTables(database).accounts.filter(({ fault }) => fault !== null);
      expect(faults.map((row) => [row.patron_id, row.fault])).toEqual([
        ['corrupt', 'CORRUPT_HISTORY'],
        ['invalid', 'INVALID_EVENT'],
      ]);
      for (const [patronId, code] of [
        ['corrupt', 'CORRUPT_HISTORY'],
        ['invalid', 'INVALID_EVENT'],
      ] as const) {
        await expect(findAccounts(database, { ...form, patronId, owedAbove: '10.00' })).rejects.toMatchObject(
          {
            code,
            details: { stream: `north/${patronId}` },
          },
        );
      }
      const { accounts, unreadable } = await findAccounts(database, form);
      expect(accounts.length).toBeGreaterThan(5);
      expect(unreadable).toBe(2);
      const none = { ...form, currency: 'XAF' };
      expect(await findAccounts(database, none)).toEqual({ accounts: [], unreadable: 2, cursor: null });
      expect((await findAccounts(database, { ...form, institution: 'south' })).unreadable).toBe(0);
    });

    it('cannot be queried before it was built, after a rebuild that was stopped, or with rows of another release', async () => {
      const incomplete = { code: 'READ_MODEL_INCOMPLETE' };
      empty();
      await fillStore(sqliteEventStore(database));
      await expect(findAccounts(database, form)).rejects.toMatchObject(incomplete);
      const stop = new AbortController();
      const stopped = rebuildAccounts(database, {
        signal: stop.signal,
        onProgress: () => stop.abort(new Error('stop')),
      });
      await expect(stopped).rejects.toThrow('stop');
      await expect(findAccounts(database, form)).rejects.toMatchObject(incomplete);
      const two = await Promise.allSettled([rebuildAccounts(database), rebuildAccounts(database)]);
      const reasons = two.map((one) => (one.status === 'rejected' ? one.reason.code : 'complete'));
      expect(reasons.sort()).toEqual(['CHECKPOINT_MOVED', 'complete']);
      await findAccounts(database, form);
      database.exec('update patron_fees_read_model set layout = 0');
      await expect(findAccounts(database, form)).rejects.toMatchObject(incomplete);
      await expect(rebuildAccounts(database, { onprogress: 1 } as never)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    });

    it.each([
      ['owed', 'patron_fees_owed_most'],
      ['oldest', 'patron_fees_owed_oldest'],
      ['patron', 'PRIMARY KEY'],
    ] as const)(
      'is queried by an index, and sorts no more than the page, in the order %s',
      (order, index) => {
        const query = accountsQuery({ ...form, owner: 'MAIN', owedAbove: '50.00', order });
        // A connection of its own: in libsql, the statement keeps its view of the file for as long as it exists.
        const reader = libsql.open(file);
        const plan = reader.prepare(`explain query plan ${findStatement(query)}`).all(...query.values) as {
          detail: string;
        }[];
        reader.close();
        const steps = plan.map(({ detail }) => detail);
        expect(steps.join('; ')).toMatch(new RegExp(`SEARCH patron_fees_owed_all USING (INDEX )?${index}`));
        expect(steps.join('; ')).toMatch(/USING (COVERING )?INDEX patron_fees_accounts_faulty/);
        expect(steps.filter((step) => /^SCAN patron/.test(step))).toEqual([]);
        expect(steps.filter((step) => /TEMP B-TREE/.test(step)).length).toBeLessThanOrEqual(1);
      },
    );
  });

  describe('the table of accounts, kept by following', () => {
    it('equals the fold of every stream, and is complete once it is current', async () => {
      empty();
      const store = memoryEventStore({ now: () => at });
      await fillStore(store);
      const projection = accountsProjection(database, store);
      await expect(findAccounts(database, form)).rejects.toMatchObject({ code: 'READ_MODEL_INCOMPLETE' });
      const ending = new AbortController();
      const { events } = await follow(store, projection, {
        signal: ending.signal,
        pageSize: 17,
        onProgress: ({ state }) => {
          if (state === 'current') ending.abort();
        },
      });
      expect(events).toBe(randomHistories.reduce((sum, history) => sum + history.events.length, 0));
      expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
      expect((await findAccounts(database, form)).accounts.length).toBeGreaterThan(5);
    });

    it('continues from its checkpoint, and lets one of two runners win', async () => {
      empty();
      const store = memoryEventStore({ now: () => at });
      await fillStore(store);
      const [one, other] = [accountsProjection(database, store), accountsProjection(second, store)];
      await catchUp(store, one, one.checkpoint, { pageSize: 50 });
      await store.append({ institution: 'north', patronId: 'new' }, [assessed('f1')], { expectedVersion: 0 });
      const racing = {
        ...other,
        apply: async (...given: Parameters<typeof other.apply>) => {
          await catchUp(store, one, one.checkpoint);
          await other.apply(...given);
        },
      };
      await expect(catchUp(store, racing, other.checkpoint)).rejects.toMatchObject({
        code: 'CHECKPOINT_MOVED',
      });
      expect((await catchUp(store, other, other.checkpoint)).events).toBe(0);
      expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
      expect((await findAccounts(database, form)).accounts.length).toBeGreaterThan(5);
      // Without its checkpoint the table is rebuilt.
      database.exec("update patron_fees_read_model set cursor = null where name = 'accounts'");
      expect((await catchUp(store, one, one.checkpoint)).events).toBeGreaterThan(50);
      expect(await faultsOfTables(sqliteTables(database), store)).toEqual([]);
    });
  });
});

tableStateCases(sqliteTablesUnderTest());

const policy = definePolicy({ currency: 'USD' });

it('gives the same report as all accounts, and reads only those with movements around the period', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const early = { institution: 'south', patronId: 'before the table' };
  const data = {
    feeId: 'f1',
    feeType: 'OTHER',
    amount: '2.50',
    currency: 'USD',
    owner: 'MAIN',
    at: '2020-01-01T00:00:00Z',
  };
  await sqliteEventStore(database).append(early, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
  const store = sqliteEventStore(database, { inline: [inlineAccounts] });
  await expect(
    runPaymentsReport(store, policy, tillForms[0], { till: tillIndex(database) }),
  ).rejects.toMatchObject({ code: 'READ_MODEL_INCOMPLETE' });
  await rebuildAccounts(database);
  await fillTill(store, policy);
  for (const form of tillForms) {
    let reads = 0;
    const counting = {
      ...store,
      read: (...given: Parameters<typeof store.read>) => {
        reads += 1;
        return store.read(...given);
      },
    };
    const { accounts: all, recordedBefore: _all, ...expected } = await runPaymentsReport(store, policy, form);
    const {
      accounts,
      recordedBefore: _,
      ...report
    } = await runPaymentsReport(counting, policy, form, {
      till: tillIndex(database),
    });
    expect(report).toEqual(expected);
    expect(report.total.payments).toBeGreaterThan(0);
    expect(accounts).toBe(reads);
    expect(accounts).toBeLessThan(all / 2);
  }
  await expect(runPaymentsReport(store, policy, tillForms[0], { till: {} as never })).rejects.toThrow(/till/);
  database.close();
});

it('lists an account that cannot be read or is parked, since the table may not have its movements', async () => {
  const database = libsql.open(':memory:');
  migrate(database);
  await fillTill(sqliteEventStore(database, { inline: [inlineAccounts] }), policy);
  database.exec(
    "update patron_fees_accounts_all set fault = 'INVALID_EVENT' where patron_id in ('p10', 'p11')",
  );
  const period = { from: '2040-01-01T00:00:00Z', before: '2040-01-02T00:00:00Z', by: 'at' } as const;
  const listed: unknown[] = [];
  for await (const account of tillIndex(database).accounts('north', period)) listed.push(account);
  expect(listed).toEqual([{ institution: 'north', patronId: 'p11' }]);
  database.close();
});

it.each(['at', 'recordedAt'] as const)('is queried by an index by %s, without sorting', (by) => {
  const database = libsql.open(':memory:');
  migrate(database);
  const plan = database
    .prepare(`explain query plan ${tillStatement(by)}`)
    .all('north', 'b', 'a', 'a', '') as {
    detail: string;
  }[];
  const steps = plan.map(({ detail }) => detail).join('; ');
  expect(steps).toMatch(/SEARCH patron_fees_till_all USING COVERING INDEX patron_fees_till_/);
  expect(steps).not.toMatch(/SCAN|TEMP B-TREE/);
  database.close();
});

it('finds the accounts that cannot be read by an index of these alone', () => {
  const database = libsql.open(':memory:');
  migrate(database);
  const plan = database.prepare(`explain query plan ${FAULTY}`).all('north') as { detail: string }[];
  const steps = plan.map(({ detail }) => detail).join('; ');
  expect(steps).toMatch(
    /SEARCH patron_fees_accounts_all USING (COVERING )?INDEX patron_fees_accounts_faulty/,
  );
  database.close();
});

const open = sqliteTablesUnderTest();
const later = () => laterRelease<typeof release>('sqlite');

describe('rebuildAccounts', () => rebuildCases(open, later));
describe('accountsProjection', () => followedRebuildCases(open, later));
