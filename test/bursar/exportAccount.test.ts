import { expect, it } from 'vitest';
import { preparedExport } from '../../src/bursar/bursarExportOfAccount.js';
import { checkedBursarForm } from '../../src/bursar/bursarForm.js';
import { exportAccount } from '../../src/bursar/exportAccount.js';
import { PatronFeesError } from '../../src/errors.js';
import { memoryEventStore } from '../../src/history/index.js';
import { assess, at } from '../support/account.js';
import { paid } from '../support/events.js';
import { withoutPauses } from '../support/withoutPauses.js';
import { expecting, institution, storeOf } from './bursarLibrary.js';

const prepared = preparedExport(
  checkedBursarForm({ jobId: 'job', at, institution, fees: {} }, expecting),
  expecting,
);
const subject = { institution, patronId: 'u1' };

it('exports one account, once', async () => {
  const store = await storeOf({ u1: [assess('f1', '30.00')] });
  const first = await exportAccount(store, subject, prepared, expecting);
  expect(first).toMatchObject({ patronId: 'u1', doneNow: true, wasRead: true, findings: [] });
  const again = await exportAccount(store, subject, prepared, expecting);
  expect(again).toMatchObject({ doneNow: false, wasRead: true, transfers: first.transfers });
});

it('reports an account that cannot be read, and an account to which others keep appending, as findings', async () => {
  withoutPauses();
  const corrupt = memoryEventStore({ now: () => at });
  await corrupt.append(subject, [paid('p1', 'f1', '4.00')], { expectedVersion: 0 });
  expect(await exportAccount(corrupt, subject, prepared, expecting)).toMatchObject({
    wasRead: false,
    transfers: [],
    findings: [{ code: 'CORRUPT_HISTORY', patronId: 'u1' }],
  });
  const store = await storeOf({ u1: [assess('f1', '30.00')] });
  const busy = {
    ...store,
    append: async () => {
      throw new PatronFeesError('VERSION_CONFLICT', 'somebody was first');
    },
  };
  expect(await exportAccount(busy, subject, prepared, expecting)).toMatchObject({
    wasRead: false,
    findings: [{ code: 'ACCOUNT_BUSY' }],
  });
});
