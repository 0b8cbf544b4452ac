import { expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { runPaymentsReport } from '../../../src/jobs/reports/index.js';
import {
  inlineAccounts,
  migrate,
  rebuildAccounts,
  sqliteEventStore,
  tillIndex,
} from '../../../src/stores/sqlite/index.js';
import { FAULTY, tillStatement } from '../../../src/stores/sqlite/tillIndex.js';
import { libsql } from '../../support/sqliteDrivers.js';
import { fillTill, tillForms } from '../../support/tillAccounts.js';

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
