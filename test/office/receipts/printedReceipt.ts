import { execute } from '../../../src/history/index.js';
import { issueReceipt, type NumberedReceipt, reprintReceipt } from '../../../src/office/index.js';
import { ask, assess, policy as basic, pay, policyWith } from '../../support/account.js';
import { by } from '../till/tills.js';
import { storesWith } from './receiptDesk.js';

const policy = policyWith({
  overpayment: 'credit',
  feeTypes: { ...basic.feeTypes, COPIES: { label: 'Copies', vatPercent: 19 } },
});

/** The reader of the receipts. */
export const place = { locale: 'en-US', timeZone: 'America/New_York' };

/** Receipts of a payment with tax and an overpayment: as issued, its copy once it was reversed, and of the reversal. */
export async function printed(
  title: string,
): Promise<readonly [NumberedReceipt, NumberedReceipt, NumberedReceipt]> {
  const stores = await storesWith(0);
  const patron = { institution: 'north', patronId: 'u1' };
  await execute(stores.accounts, policy, patron, [
    assess('f1', '4.00', { item: { title } }),
    assess('f2', '11.90', { feeType: 'COPIES' }),
    pay('p1', '20.00', { reference: title, comment: title }),
  ]);
  const payment = { ...patron, kind: 'payment', subjectId: 'p1' } as const;
  const at = '2026-03-03T10:00:00Z';
  const form = { ...payment, series: '2026', at, by };
  const first = await issueReceipt(stores, policy, form);
  await execute(stores.accounts, policy, patron, ask('ReversePayment', 'r', { paymentId: 'p1' }));
  const undoing = await issueReceipt(stores, policy, { ...form, kind: 'reversal', subjectId: 'r' });
  return [first, await reprintReceipt(stores, policy, payment), undoing];
}
