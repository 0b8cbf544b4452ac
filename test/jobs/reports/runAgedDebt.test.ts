import { describe, expect, it } from 'vitest';
import { type AgedDebtForm, agedDebt } from '../../../src/books/agedDebt/agedDebt.js';
import { execute } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import type { AccountFinding } from '../../../src/jobs/index.js';
import {
  type AgedDebtorsForm,
  agedDebtorsCsv,
  type Debtor,
  runAgedDebtors,
} from '../../../src/jobs/reports/index.js';
import { runAgedDebt } from '../../../src/jobs/reports/runAgedDebt.js';
import { ask, assess, assessLost, pay, policyWith } from '../../support/account.js';
import { accountOf, assessed, paid } from '../../support/events.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { slowStore, storeWith, tickingStore } from '../../support/stores.js';

describe('runAgedDebt', () => {
  const policy = definePolicy({ currency: 'USD' });
  const form: AgedDebtForm = { asOf: '2026-04-15T12:00:00Z', timeZone: 'UTC' };
  const histories = {
    p1: [assessed('f1', '10.00'), paid('x1', 'f1', '4.00')],
    p2: [assessed('f1', '3.00', { owner: 'LAW' })],
  };

  async function filledStore() {
    const store = tickingStore();
    for (const [patronId, events] of Object.entries(histories)) {
      for (const [index, event] of events.entries()) {
        await store.append({ institution: 'north', patronId }, [event], { expectedVersion: index });
      }
    }
    await store.append({ institution: 'south', patronId: 'p9' }, [assessed('f1', '99.00')], {
      expectedVersion: 0,
    });
    return store;
  }

  describe('aged debt over a store', () => {
    it('covers the accounts of one institution', async () => {
      const accounts = Object.entries(histories).map(([patronId, events]) => ({
        institution: 'north',
        patronId,
        account: accountOf(...events),
      }));
      const report = await runAgedDebt(slowStore(await filledStore()), policy, {
        institution: 'north',
        ...form,
      });
      expect(report).toEqual({
        job: report.job,
        recordedBefore: report.recordedBefore,
        ...agedDebt(accounts, policy, form),
      });
      expect(report.total.owed).toBe('9.00');
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    });

    it('returns the debt at the end of a day, or right before an instant', async () => {
      // The clock of the store is at 10:00:00 at the first event, and moves on a second with each event.
      const owed = async (asOf: string, more: { recordedBefore?: string; timeZone?: string } = {}) => {
        const asked = { ...form, institution: 'north', asOf, ...more };
        return (await runAgedDebt(await filledStore(), policy, asked)).total.owed;
      };
      expect(await owed('2026-03-01')).toBe('0.00');
      expect(await owed('2026-03-02')).toBe('9.00');
      expect(await owed('2026-03-01', { timeZone: 'Pacific/Honolulu' })).toBe('0.00');
      expect(await owed('2026-03-02', { timeZone: 'Pacific/Honolulu' })).toBe('9.00');
      expect(await owed('2026-03-02T10:00:00Z')).toBe('0.00');
      expect(await owed('2026-03-02T10:00:01Z')).toBe('10.00');
      expect(await owed('2026-03-02T10:00:02Z')).toBe('6.00');
      expect(await owed('2026-03-02T10:00:03Z')).toBe('9.00');
      const late = { recordedBefore: '2026-03-02T10:00:01Z' };
      expect(await owed('2026-03-01', late)).toBe('10.00');
      expect(await owed('2026-12-01', late)).toBe('10.00');
    });

    it('continues after an unreadable account, and reports it', async () => {
      const store = await filledStore();
      await store.append({ institution: 'north', patronId: 'p0' }, [paid('x1', 'f1', '1.00')], {
        expectedVersion: 0,
      });
      const heard: string[] = [];
      const onFinding = ({ patronId }: { patronId: string }) => void heard.push(patronId);
      for (const more of [{}, { recordedBefore: '2026-12-01T00:00:00Z' }]) {
        const asked = { institution: 'north', ...form, ...more };
        const report = await runAgedDebt(store, policy, asked, { onFinding });
        expect(report).toMatchObject({ accounts: 3, owing: 2, findings: { count: 1 } });
        expect(report.findings.first).toMatchObject([{ patronId: 'p0', code: 'CORRUPT_HISTORY' }]);
      }
    });

    it('reports its progress, and stops on a signal', async () => {
      const done: number[] = [];
      await runAgedDebt(
        await filledStore(),
        policy,
        { institution: 'north', ...form },
        {
          onProgress: (progress) => done.push(progress.done),
        },
      );
      expect(done.at(-1)).toBe(2);
      const signal = AbortSignal.abort(new Error('closing time'));
      const job = runAgedDebt(await filledStore(), policy, { institution: 'north', ...form }, { signal });
      await expect(job).rejects.toThrow('closing time');
    });

    it('refuses invalid arguments before anything is read', async () => {
      const notCalled = async () => {
        throw new Error('read');
      };
      const store = storeWith(tickingStore(), { read: notCalled, accounts: notCalled });
      const job = (more: object, options: unknown = {}) =>
        runAgedDebt(store, policy, { ...form, institution: 'north', ...more }, options as never);
      const refused = 'INVALID_ARGUMENT';
      await expect(job({ institution: '' })).rejects.toThrow(refused);
      await expect(job({ asOf: 'today' })).rejects.toThrow(refused);
      await expect(job({ asOf: '2026-02-30' })).rejects.toThrow(refused);
      await expect(job({ recordedBefore: 'yesterday' })).rejects.toThrow(refused);
      await expect(job({}, { concurrency: 0 })).rejects.toThrow(refused);
      await expect(job({}, { recordedUntil: '2026-12-01T00:00:00Z' })).rejects.toThrow(refused);
      await expect(job({}, null)).rejects.toThrow(refused);
      await expect(job({})).rejects.toThrow('read');
    });
  });
});

describe('runAgedDebtors', () => {
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
      const sum = (amounts: readonly string[]) =>
        amounts.reduce((total, amount) => total + cents(amount), 0n);
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
});
