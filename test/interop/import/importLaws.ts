import fc from 'fast-check';
import { expect } from 'vitest';
import { violations } from '../../../src/account/invariants.js';
import { parseEvent } from '../../../src/history/codec.js';
import { type AccountEvent, fold, isPatronFeesError, owed, unused } from '../../../src/index.js';
import type { ForeignAccount } from '../../../src/interop/import/foreignAccount.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import type { Arbitrary } from '../../../src/testing/fastCheck.js';
import { corruptRows, type ForeignHistory, type ForeignTables } from '../../support/rows/foreignRows.js';
import { tried } from '../../support/seeded.js';

/** Reads the tables of a system. */
export type ReadTables = (tables: ForeignTables) => AsyncIterable<ForeignAccount>;

export async function listOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** What is owed and unused of each balance, by the ids of its fees and credits. */
export function figuresOf(account: ForeignAccount, events: readonly AccountEvent[]) {
  const state = fold(events);
  const { fees, credits } = rowsOf(account);
  const sums = new Map<string, { owed: number; credit: number }>();
  const add = (balanceId: string, field: 'owed' | 'credit', amount: number) => {
    const sum = sums.get(balanceId) ?? { owed: 0, credit: 0 };
    sum[field] += amount;
    sums.set(balanceId, sum);
  };
  for (const fee of state.fees) add(fees.get(fee.feeId) ?? ofCorrection(fee.feeId), 'owed', owed(fee));
  for (const credit of state.credits) {
    add(credits.get(credit.creditId) ?? ofCorrection(credit.creditId), 'credit', unused(credit));
  }
  return sums;
}

/** Of what no change explains, e.g. corrections, and what earlier rows had. */
const ofCorrection = (id: string) => id.replace(/\/correction\/\d+$|\/credit$/, '');

function rowsOf({ changes }: ForeignAccount) {
  const fees = new Map<string, string>();
  const credits = new Map<string, string>();
  for (const change of changes) {
    if (change.kind === 'charge') fees.set(change.feeId, change.balanceId);
    if (change.kind === 'credit') credits.set(change.creditId, change.balanceId);
    if (change.kind === 'payment') {
      const balance = 'balanceId' in change.paid ? change.paid : change.credit;
      if (balance) credits.set(`${change.paymentId}/credit`, balance.balanceId);
    }
  }
  for (const change of changes) {
    if (change.kind === 'increase') fees.set(change.id, fees.get(change.feeId) as string);
    if (change.kind === 'cancellation') credits.set(`${change.id}/credit`, fees.get(change.feeId) as string);
    if (change.kind === 'refund') credits.set(`${change.id}/credit`, 'refunds');
  }
  return { fees, credits };
}

/** Imports all accounts, and checks what holds of every import, whatever the rows. */
export async function importAll(
  tables: ForeignTables,
  read: ReadTables,
  histories: ReadonlyMap<string, readonly AccountEvent[]> = new Map(),
  withdrawn = false,
) {
  const imported = new Map<string, readonly AccountEvent[]>();
  const findings = [];
  const accounts = await listOf(read(tables));
  for (const account of accounts) {
    const before = histories.get(account.patronId ?? '') ?? [];
    const { events, findings: found } = importEvents(account, { history: before, withdrawn });
    for (const event of events) parseEvent(event);
    const history = [...before, ...events];
    const state = fold(history);
    expect(violations(state)).toEqual([]);
    const figures = figuresOf(account, history);
    for (const { balanceId, owed: owedThere, credit } of account.balances) {
      const here = figures.get(balanceId) ?? { owed: 0, credit: 0 };
      expect([balanceId, here]).toEqual([balanceId, { owed: owedThere, credit }]);
    }
    const again = importEvents(account, { history, withdrawn });
    expect(again.events).toEqual([]);
    if (account.patronId !== null) imported.set(account.patronId, history);
    findings.push(...found);
  }
  return { accounts, imported, findings };
}

/** Checks that patrons owe and have in all what their balances state: nothing is outside of a balance. */
function expectSums({ accounts, imported }: Awaited<ReturnType<typeof importAll>>): void {
  const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
  for (const { patronId, balances } of accounts) {
    const { fees, credits } = fold(imported.get(patronId ?? '') ?? []);
    const here = { owed: sumOf(fees.map(owed)), credit: sumOf(credits.map(unused)) };
    const stated = {
      owed: sumOf(balances.map((balance) => balance.owed)),
      credit: sumOf(balances.map(({ credit }) => credit)),
    };
    expect([patronId, here]).toEqual([patronId, stated]);
  }
}

/** A table none of whose rows has a needed column is refused as a whole. */
function lacksColumns(error: unknown): undefined {
  if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
  expect(error.message).toMatch(/expected the columns? /);
}

/** The laws of an import, as properties: valid rows, later rows, corrupt rows. */
export function importLaws(rows: Arbitrary<ForeignHistory>, read: ReadTables) {
  return {
    validRows: () =>
      fc.assert(
        fc.asyncProperty(rows, async ({ tables, figures }) => {
          const done = await importAll(tables, read);
          const { accounts, findings } = done;
          expect(findings).toEqual([]);
          expectSums(done);
          const stated = accounts.flatMap(({ patronId, balances }) =>
            balances.map(({ balanceId, owed: o, credit }) => ({ patronId, balanceId, owed: o, credit })),
          );
          const byId = (a: { balanceId: string }, b: { balanceId: string }) =>
            a.balanceId < b.balanceId ? -1 : 1;
          expect(stated.sort(byId)).toEqual([...figures].sort(byId));
        }),
        tried(1_000),
      ),
    laterRows: () =>
      fc.assert(
        fc.asyncProperty(rows, async ({ tables, earlier }) => {
          const { imported } = await importAll(earlier, read);
          const later = await importAll(tables, read, imported);
          expect(later.findings).toEqual([]);
          expectSums(later);
        }),
        tried(1_000),
      ),
    corrupt: () =>
      fc.assert(
        fc.asyncProperty(corruptRows(fc, rows), async ({ tables, repaired }) => {
          const done = await importAll(tables, read).catch(lacksColumns);
          if (done === undefined) return;
          expectSums(done);
          // A row whose id was damaged is another row.
          await importAll(repaired, read, done.imported, true);
        }),
        tried(1_000),
      ),
  };
}
