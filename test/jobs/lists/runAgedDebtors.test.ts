import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import type { AccountFinding } from '../../../src/jobs/index.js';
import {
  type AgedDebtorsForm,
  agedDebtorsCsv,
  type Debtor,
  runAgedDebt,
  runAgedDebtors,
} from '../../../src/jobs/reports/index.js';
import { ask, assess, assessLost, pay, policyWith } from '../../support/account.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { storeWith, tickingStore } from '../../support/stores.js';

const policy = policyWith({ overpayment: 'credit' });
const form = { institution: 'north', timeZone: 'UTC', asOf: '2026-03-31', bandEndDays: [30, 90] };

async function filled() {
  const store = tickingStore();
  const item = { dueAt: '2025-12-01T12:00:00Z' };
  await execute(store, policy, { institution: 'north', patronId: 'u1' }, [
    assess('f1', '4.00', { at: '2026-03-20T09:00:00Z', item }),
    assess('f2', '6.00', { at: '2026-01-20T09:00:00Z', owner: 'BRANCH' }),
    ask('DisputeFee', 'd', { feeId: 'f2' }),
  ]);
  await execute(store, policy, { institution: 'north', patronId: 'u2' }, [
    assess('f1', '9.00'),
    pay('p', '9.00'),
  ]);
  await execute(store, policy, { institution: 'north', patronId: '=u3' }, [assessLost('f1', '9.00')]);
  return store;
}

async function listOf(more: Partial<AgedDebtorsForm> = {}, store?: Awaited<ReturnType<typeof filled>>) {
  const list: Debtor[] = [];
  for await (const debtor of runAgedDebtors(store ?? (await filled()), policy, { ...form, ...more }))
    list.push(debtor);
  return list;
}

describe('a list of debtors', () => {
  it('has one line for each patron with debt', async () => {
    expect(await listOf()).toEqual([
      {
        institution: 'north',
        patronId: 'u1',
        fees: 2,
        owed: '10.00',
        disputed: '6.00',
        byBand: ['4.00', '6.00', '0.00'],
        oldestDays: 70,
        currency: 'USD',
      },
      expect.objectContaining({ patronId: '=u3', fees: 1, owed: '9.00', byBand: ['9.00', '0.00', '0.00'] }),
    ]);
  });

  it('counts ages from the due date if the form says so', async () => {
    const [first, second] = await listOf({ ageFrom: 'due' });
    expect([first?.byBand, first?.oldestDays]).toEqual([['0.00', '6.00', '4.00'], 120]);
    expect(second?.byBand).toEqual(['9.00', '0.00', '0.00']);
  });

  it('is filtered by total, library, type, and by what was recorded', async () => {
    expect((await listOf({ minimumOwed: '9.01' })).map(({ patronId }) => patronId)).toEqual(['u1']);
    expect((await listOf({ owners: ['BRANCH'] })).map(({ owed }) => owed)).toEqual(['6.00']);
    expect((await listOf({ feeTypes: ['LOST100'] })).map(({ patronId }) => patronId)).toEqual(['=u3']);
    expect(await listOf({ recordedBefore: '2026-03-02T10:00:00Z' })).toEqual([]);
    for (const bad of [{ ageFrom: 'born' }, { minimumOwed: '1.005' }, { misspelt: 1 }, { asOf: 'today' }]) {
      await expect(listOf(bad as object)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });

  it('sums to the report of aged debt', async () => {
    const store = tickingStore();
    for (const { patronId, events } of randomAccounts(80, 11)) {
      await store.append({ institution: 'north', patronId }, events, { expectedVersion: 0 });
    }
    const findings: AccountFinding[] = [];
    const debtors: Debtor[] = [];
    const onFinding = (finding: AccountFinding) => void findings.push(finding);
    for await (const debtor of runAgedDebtors(store, policy, form, { onFinding })) debtors.push(debtor);
    const report = await runAgedDebt(store, policy, form);
    const cents = (amount: string) => BigInt(amount.replace('.', ''));
    const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + cents(amount), 0n);
    expect(debtors.length).toBe(report.owing);
    expect(debtors.length).toBeGreaterThan(3);
    expect(sum(debtors.map(({ owed }) => owed))).toBe(cents(report.total.owed));
    expect(sum(debtors.map(({ disputed }) => disputed))).toBe(cents(report.total.disputed));
    for (const [band, amount] of report.total.byBand.entries()) {
      expect(sum(debtors.map(({ byBand }) => byBand[band] as string))).toBe(cents(amount));
    }
    expect(findings.length).toBe(report.findings.count);
    expect(findings.length).toBeGreaterThan(0);
  });

  it('is written as CSV', async () => {
    let text = '';
    for await (const piece of agedDebtorsCsv(await listOf(), form)) text += piece;
    expect(text.split('\r\n').slice(0, 3)).toEqual([
      'institution,patronId,fees,owed,disputed,days 0-30,days 31-90,days 91+,oldestDays,currency',
      'north,u1,2,10.00,6.00,4.00,6.00,0.00,70,USD',
      "north,'=u3,1,9.00,0.00,9.00,0.00,0.00,29,USD",
    ]);
  });

  it('leaves out accounts that cannot be read', async () => {
    const store = await filled();
    const broken = storeWith(store, {
      read: async (stream) => {
        const slice = await store.read(stream);
        return stream.patronId === 'u1' ? { ...slice, events: slice.events.slice(2) } : slice;
      },
    });
    expect((await listOf({}, broken)).map(({ patronId }) => patronId)).toEqual(['=u3']);
  });
});
