import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { agedDebt } from '../../../src/institution/agedDebt/agedDebt.js';
import type { AgedDebtForm } from '../../../src/institution/agedDebt/agedDebtForm.js';
import { type AgedDebtOptions, runAgedDebt } from '../../../src/institution/agedDebt/runAgedDebt.js';
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
  it('is that of the accounts of one institution', async () => {
    const accounts = Object.entries(histories).map(([patronId, events]) => ({
      ...{ institution: 'north', patronId, account: accountOf(...events) },
    }));
    const report = await runAgedDebt(slowStore(await filledStore()), policy, 'north', form);
    expect(report).toEqual(agedDebt(accounts, policy, form));
    expect(report.total.owed).toBe('9.00');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('can be told as it was known at a time', async () => {
    // The store's clock stood at 10:00:00 at the first event, and goes on by a second with each.
    const at = async (time: string) =>
      (
        await runAgedDebt(await filledStore(), policy, 'north', form, {
          recordedUntil: `2026-03-02T${time}Z`,
        })
      ).total.owed;
    expect(await at('09:59:59')).toBe('0.00');
    expect(await at('10:00:00')).toBe('10.00');
    expect(await at('10:00:01')).toBe('6.00');
    expect(await at('10:00:02')).toBe('9.00');
  });

  it('goes on where an account cannot be read, and says which', async () => {
    const store = await filledStore();
    await store.append({ institution: 'north', patronId: 'p0' }, [paid('x1', 'f1', '1.00')], {
      expectedVersion: 0,
    });
    for (const options of [{}, { recordedUntil: '2026-12-01T00:00:00Z' }]) {
      const report = await runAgedDebt(store, policy, 'north', form, options);
      expect(report).toMatchObject({ accounts: 3, owing: 2, unread: 1 });
      expect(report.findings).toMatchObject([{ patronId: 'p0', code: 'CORRUPT_HISTORY' }]);
    }
  });

  it('tells how far it is, and stops on demand', async () => {
    const done: number[] = [];
    await runAgedDebt(await filledStore(), policy, 'north', form, {
      onProgress: (progress) => done.push(progress.done),
    });
    expect(done.at(-1)).toBe(2);
    const signal = AbortSignal.abort(new Error('closing time'));
    const job = runAgedDebt(await filledStore(), policy, 'north', form, { signal });
    await expect(job).rejects.toThrow('closing time');
  });

  it('is refused for arguments that make no sense before anything is read', async () => {
    const unread = async () => {
      throw new Error('read');
    };
    const store = storeWith(tickingStore(), { read: unread, accounts: unread });
    const job = (institution: unknown, asked: unknown, options: unknown) =>
      runAgedDebt(store, policy, institution as string, asked as AgedDebtForm, options as AgedDebtOptions);
    const refused = { code: 'INVALID_ARGUMENT' };
    await expect(job('', form, {})).rejects.toMatchObject(refused);
    await expect(job('north', { ...form, asOf: 'today' }, {})).rejects.toMatchObject(refused);
    await expect(job('north', form, { recordedUntil: 'yesterday' })).rejects.toMatchObject(refused);
    await expect(job('north', form, { concurrency: 0 })).rejects.toMatchObject(refused);
    await expect(job('north', form, null)).rejects.toMatchObject(refused);
    await expect(job('north', form, {})).rejects.toThrow('read');
  });
});
