import { describe, expect, it } from 'vitest';
import { isRefundable } from '../../../src/interop/evergreen/evergreenPayments.js';
import { billing, evergreenImport, payment } from './evergreenImport.js';

const billings = [billing(1, 1, '10.00'), billing(2, 2, '4.00')];

describe('a payment of Evergreen', () => {
  it.each([
    ['4.00', { 'evergreen/billing/1': 1_000, 'evergreen/billing/2': 0 }],
    ['5.00', { 'evergreen/billing/1': 500, 'evergreen/billing/2': 400 }],
    ['12.00', { 'evergreen/billing/1': 0, 'evergreen/billing/2': 200 }],
  ])('of %s pays the billing of this amount, or else the oldest', async (amount, open) => {
    const { owed, findings } = await evergreenImport({
      billing: billings,
      payment: [payment(1, 3, amount, 'cash')],
    });
    expect([owed, findings]).toEqual([open, []]);
  });

  it('above the billed amount is a credit, which is used and paid out', async () => {
    const { steps, unused, findings } = await evergreenImport({
      billing: [billing(1, 1, '10.00'), billing(2, 4, '3.00')],
      payment: [payment(1, 2, '15.00', 'check'), payment(2, 6, '-1.50', 'cash')],
    });
    expect(steps).toEqual([
      'FeeAssessed 10.00',
      'PaymentReceived 15.00',
      'FeeAssessed 3.00',
      'CreditApplied',
      'CreditRefunded 1.50',
    ]);
    expect([unused, findings]).toEqual([{ 'evergreen/payment/1/credit': 50 }, []]);
  });

  it('that is negative takes payments back if there is no credit', async () => {
    const { steps, owed, findings } = await evergreenImport({
      billing: [billing(1, 1, '10.00')],
      payment: [payment(1, 2, '10.00', 'cash'), payment(2, 3, '-4.00', 'cash')],
    });
    expect([steps.at(-1), owed, findings]).toEqual([
      'PaymentReversed 4.00',
      { 'evergreen/billing/1': 400 },
      [],
    ]);
  });

  it.each(['forgive', 'work', 'goods'])('of the type %s is a waiver', async (type) => {
    const { steps, findings, all } = await evergreenImport({
      billing: billings,
      payment: [payment(1, 3, '2.00', type)],
    });
    expect([steps.at(-1), findings]).toEqual(['FeeWaived 2.00', []]);
    expect(all.at(-1)?.data).toMatchObject({ reason: type.toUpperCase() });
  });

  it('that adjusts a billing waives that billing', async () => {
    const adjustment = payment(1, 3, '1.00', 'x', { payment_type: 'account_adjustment', billing: 2 });
    const { owed } = await evergreenImport({ billing: billings, payment: [adjustment] });
    expect(owed).toEqual({ 'evergreen/billing/1': 1_000, 'evergreen/billing/2': 300 });
  });

  it('with the credit of the patron is not money', async () => {
    const { steps, findings } = await evergreenImport({
      billing: billings,
      payment: [payment(1, 3, '4.00', 'credit')],
    });
    expect([steps.slice(2), findings]).toEqual([['CreditIssued 4.00', 'CreditApplied'], []]);
  });

  it('that was voided is recorded and undone', async () => {
    const isVoid = { voided: true };
    const { steps, owed, findings } = await evergreenImport({
      billing: [billing(1, 1, '10.00')],
      payment: [
        payment(1, 2, '10.00', 'cash', isVoid),
        payment(2, 3, '2.00', 'forgive', isVoid),
        payment(3, 4, '-2.00', 'cash', isVoid),
      ],
    });
    expect(steps.slice(1)).toEqual([
      'PaymentReceived 10.00',
      'PaymentReversed 10.00',
      'FeeWaived 2.00',
      'WaiverReversed 2.00',
    ]);
    expect([owed, findings]).toEqual([{ 'evergreen/billing/1': 1_000 }, []]);
  });

  it('from an unknown table is money, with a finding; without an amount it is only a finding', async () => {
    const { all, findings } = await evergreenImport({
      billing: billings,
      payment: [
        payment(1, 3, '1.00', 'crypto'),
        payment(2, 3, '0.00', 'cash'),
        payment(3, 3, '-1.00', 'work'),
      ],
    });
    expect(all[2]?.data).toMatchObject({ method: 'crypto_payment' });
    expect(findings.slice(0, 3)).toEqual([
      'UnknownType payment 1 payment_type',
      'AmountHasWrongSign payment 2 amount',
      'AmountHasWrongSign payment 3 amount',
    ]);
    expect(['cash_payment', 'work_payment', 'credit_payment'].map(isRefundable)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
