import { describe, expect, it } from 'vitest';
import { type AgedDebtForm, agedDebt } from '../../../src/books/agedDebt/agedDebt.js';
import { definePolicy } from '../../../src/index.js';
import { runAgedDebt } from '../../../src/jobs/reports/runAgedDebt.js';
import { accountOf, assessed, paid } from '../../support/events.js';
import { slowStore, storeWith, tickingStore } from '../../support/stores.js';

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
