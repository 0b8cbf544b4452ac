import { type OnlinePaymentsReport, reconcilePayouts, runOnlinePayments } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { at, begun, institution, policyOf, taken } from './shop.js';

// The one contract for jobs (decision 12), for the jobs of online payments.

const order = {
  jobId: 'j',
  at,
  by: { channel: 'desk', userId: 'mo', roles: ['CHIEF'] },
  reason: 'OTHER',
} as const;
const form = { institution, ...order };

const jobs = {
  runOnlinePayments: (stores: unknown, policy: unknown, given: unknown, options?: object) =>
    runOnlinePayments(stores as never, policy as never, given as never, options),
  reconcilePayouts: (stores: unknown, policy: unknown, given: unknown, options?: object) =>
    reconcilePayouts(stores as never, policy as never, given as never, { rows: [], ...options }),
} as const;

describe.each(Object.entries(jobs))('%s', (_, run) => {
  it('rejects before anything is read, with every fault', async () => {
    const touched = () => {
      throw new Error('the store was read');
    };
    const store = { read: touched, append: touched, readAll: touched, accounts: touched };
    const stores = { accounts: store, office: store };
    const wrong = { ...form, institution: '', jobId: 5, to: '2026-03-31' };
    const faults = /form.institution.*form.jobId.*form.to.*options.concurrency.*options.concurency/;
    await expect(run(stores, policyOf(), wrong, { concurency: 4, concurrency: 0 })).rejects.toThrow(faults);
    await expect(run(stores, {}, form)).rejects.toThrow('INVALID_POLICY');
    await expect(run({ accounts: store }, policyOf(), form)).rejects.toThrow('stores.office');
    await expect(run(undefined, policyOf(), undefined)).rejects.toThrow(/stores.*form/);
  });

  it('says in its report who ordered it and why, without roles, and up to which recording time it was made', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    const { job, recordedBefore } = await run(shop.stores, shop.policy, form);
    const { roles: _roles, ...by } = order.by;
    expect(job).toEqual({ jobId: 'j', institution, at, by, reason: 'OTHER', owners: null, currency: null });
    expect(recordedBefore === null || /\.\d{6}001Z$/.test(recordedBefore)).toBe(true);
  });
});

it('puts the report so far into the error when the monitor is cancelled', async () => {
  const shop = await begun();
  await shop.start('o2', [{ patronId: 'cid' }]).catch(() => undefined);
  const stopping = new AbortController();
  const reason = new Error('enough');
  const ask = () => {
    stopping.abort(reason);
    return null;
  };
  const late = { ...form, at: '2026-03-02T10:00:00Z' };
  const options = { ask, signal: stopping.signal, concurrency: 1 };
  const cancelled = await runOnlinePayments(shop.stores, shop.policy, late, options).catch((error) => error);
  expect(cancelled).toMatchObject({ code: 'JOB_CANCELLED', cause: reason });
  const { report } = cancelled.details as { readonly report: OnlinePaymentsReport };
  // The next run begins where this one began.
  expect([report.cursor, report.payments]).toEqual([null, 1]);
});
