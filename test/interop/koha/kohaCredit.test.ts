import { describe, expect, it } from 'vitest';
import { kohaImport, line, offset } from './kohaTables.js';

const later = '2026-03-05 12:00:00';

describe('a credit of Koha', () => {
  it('is a payment of what it was applied to at once, and a credit that is used later', async () => {
    const { steps, findings, unused, all } = await kohaImport(
      [
        line(1, 'MANUAL', '10', '0'),
        line(2, 'PAYMENT', '-15', '-2', { payment_type: 'SIP00' }),
        line(3, 'MANUAL', '3', '0', { date: later }),
      ],
      [
        offset(1, 'CREATE', 2, null, '15'),
        offset(2, 'APPLY', 2, 1, '-10'),
        offset(3, 'APPLY', 2, 3, '-3', later),
      ],
    );
    expect(steps).toEqual([
      'FeeAssessed 10.00',
      'PaymentReceived 15.00',
      'FeeAssessed 3.00',
      'CreditApplied',
    ]);
    expect([findings, unused]).toEqual([[], { 'koha/2/credit': 200 }]);
    expect(all[1]).toMatchObject({ data: { method: 'SIP00', overpayment: { amount: '5.00' } } });
  });

  it.each([
    ['WRITEOFF', 'FeeWaived 4.00'],
    ['FORGIVEN', 'FeeWaived 4.00'],
    ['DISCOUNT', 'FeeWaived 4.00'],
    ['CANCELLATION', 'FeeCancelled 4.00'],
  ])('of type %s is not money', async (type, step) => {
    const { steps, findings, all } = await kohaImport(
      [line(1, 'MANUAL', '10', '6'), line(2, type, '-4', '0')],
      [offset(1, 'APPLY', 2, 1, '-4')],
    );
    expect([steps, findings]).toEqual([['FeeAssessed 10.00', step], []]);
    expect(all[1]?.data).toMatchObject({ reason: type });
    expect('writeOff' in (all[1]?.data ?? {})).toBe(type === 'WRITEOFF');
  });

  it('that forgives more than was owed leaves goodwill', async () => {
    const { all, findings } = await kohaImport(
      [line(1, 'MANUAL', '1', '0'), line(2, 'WRITEOFF', '-4', '-3')],
      [offset(1, 'APPLY', 2, 1, '-1')],
    );
    expect(findings).toEqual([]);
    expect(all.map(({ type }) => type)).toEqual(['FeeAssessed', 'CreditIssued', 'FeeWaived']);
    expect(all[1]).toMatchObject({ data: { creditId: 'koha/2', amount: '3.00', purpose: 'goodwill' } });
  });

  it('of any other type is refundable, and may be paid out', async () => {
    const { steps, findings, unused } = await kohaImport(
      [
        line(1, 'LOST_FOUND', '-20', '-5'),
        line(2, 'PAYOUT', '15', '0', { payment_type: 'CASH', status: 'PAID' }),
      ],
      [offset(1, 'CREATE', 1, null, '20'), offset(2, 'APPLY', 1, 2, '-15', later)],
    );
    expect([steps, findings, unused]).toEqual([
      ['CreditIssued 20.00', 'CreditRefunded 15.00'],
      [],
      { 'koha/1': 500 },
    ]);
  });

  it('that was voided is recorded and undone', async () => {
    const voided = [offset(9, 'APPLY', 2, 3, '-10', later), offset(10, 'VOID', 2, 1, '10', later)];
    const lines = (type: string) => [
      line(1, 'MANUAL', '10', '10'),
      line(2, type, '-10', '0', { status: 'VOID' }),
      line(3, 'VOID', '10', '0', { date: later }),
    ];
    const applied = offset(1, 'APPLY', 2, 1, '-10');
    const payment = await kohaImport(lines('PAYMENT'), [applied, ...voided]);
    expect([payment.steps.slice(1), payment.findings]).toEqual([
      ['PaymentReceived 10.00', 'PaymentReversed 10.00'],
      [],
    ]);
    const waiver = await kohaImport(lines('WRITEOFF'), [applied, ...voided]);
    expect([waiver.steps.slice(1), waiver.findings]).toEqual([
      ['FeeWaived 10.00', 'WaiverReversed 10.00'],
      [],
    ]);
    const credit = await kohaImport(lines('CREDIT'), [applied, ...voided]);
    expect(credit.steps).toContain('CreditCancelled 10.00');
    expect(credit.findings).toEqual([]);
  });

  it('is imported as far as the rows explain its use', async () => {
    const { steps, findings } = await kohaImport([line(2, 'PAYMENT', '-15', '-2')]);
    expect([steps, findings]).toEqual([['PaymentReceived 2.00'], ['UseNotExplained accountlines 2 amount']]);
    expect((await kohaImport([line(2, 'PAYMENT', '-15', '0')])).steps).toEqual([]);
  });

  it('is reduced if more was used than it had', async () => {
    const { findings, owed } = await kohaImport(
      [line(1, 'MANUAL', '10', '0'), line(2, 'CREDIT', '-4', '0')],
      [offset(1, 'APPLY', 2, 1, '-10')],
    );
    expect(owed).toEqual({ 'koha/1': 0 });
    expect(findings).toEqual([
      'AmountDoesNotFit account_offsets 1 amount',
      'BalanceDiffers accountlines 1 amountoutstanding',
    ]);
  });

  it('is a finding if it was applied to a missing line', async () => {
    const { findings } = await kohaImport([line(2, 'PAYMENT', '-4', '0')], [offset(1, 'APPLY', 2, 99, '-4')]);
    expect(findings).toEqual([
      'UnknownRow account_offsets 1 debit_id',
      'UseNotExplained accountlines 2 amount',
    ]);
  });
});
