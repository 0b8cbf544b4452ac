import { planBursarExport } from 'patron-fees/bursar';
import { expect, it } from 'vitest';
import { checkedExportForm } from '../../src/bursar/exportedAccounts.js';
import { assess, at } from '../support/account.js';
import { expecting, institution, storeOf } from './bursarLibrary.js';

const form = { jobId: 'job', at, institution, fees: {} };

it('the form of an export has the job as its actor, unless it names one', () => {
  expect(checkedExportForm(form, expecting, undefined)).toMatchObject({
    by: { channel: 'job' },
  });
  const by = { channel: 'desk', userId: 'mo' } as const;
  expect(checkedExportForm({ ...form, by }, expecting, undefined).by).toEqual(by);
});

it('the figures of an export that was cancelled are those of the accounts so far', async () => {
  const store = await storeOf({
    a: [assess('f1', '1.00')],
    b: [assess('f1', '2.00')],
    c: [assess('f1', '4.00')],
  });
  const stop = new AbortController();
  const plan = planBursarExport(store, expecting, form, { signal: stop.signal, concurrency: 1 });
  await plan.next();
  stop.abort(new Error('enough'));
  const error = await plan.next().catch((thrown) => thrown);
  const cancelled = error.code === 'JOB_CANCELLED' ? error : await plan.next().catch((thrown) => thrown);
  expect(cancelled.details.report.fees.count).toBeLessThan(3);
  expect(cancelled.details.report.patrons).toBe(cancelled.details.report.fees.count);
});
