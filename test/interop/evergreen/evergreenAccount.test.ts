import { describe, expect, it } from 'vitest';
import { fold, owed } from '../../../src/index.js';
import { evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { listOf } from '../import/importLaws.js';
import { billing, evergreenImport, overdue, payment, policy, voidedAt, xact } from './evergreenImport.js';
import * as samples from './evergreenSamples.js';

describe("Evergreen's own test data", () => {
  it('has the open balances of its transactions', async () => {
    const { billable_xact, payment: payments } = samples;
    const tables = { billable_xact, billing: samples.billing, payment: payments };
    const accounts = await listOf(evergreenAccounts(tables, { policy }));
    const open = new Map<string, number>();
    for (const account of accounts) {
      const { events, findings } = importEvents(account);
      expect(findings).toEqual([]);
      const balanceOf = new Map(
        account.changes.flatMap((change) =>
          change.kind === 'charge' ? [[change.feeId, change.balanceId]] : [],
        ),
      );
      for (const fee of fold(events).fees) {
        const balanceId = balanceOf.get(fee.feeId) ?? '';
        open.set(balanceId, (open.get(balanceId) ?? 0) + owed(fee));
      }
    }
    const stated = {
      50: [1, 2, 3, 4, 5, 6, 12, 13, 15],
      0.7: [7, 11, 14, 16],
      0: [8, 9, 526, 552],
      40: [10],
    };
    for (const [amount, ids] of Object.entries(stated)) {
      for (const id of ids)
        expect([id, open.get(`evergreen/${id}`)]).toEqual([id, Math.round(Number(amount) * 100)]);
    }
  });

  it('has three payments on transaction 526, and 700.00 of work on 552 that never become money', async () => {
    const { billable_xact, billing: billings, payment: payments } = samples;
    const of = (id: number) => ({
      billable_xact: billable_xact.filter((row) => row.id === id),
      billing: billings.filter((row) => row.xact === id),
      payment: payments.filter((row) => row.xact === id),
    });
    const { all } = await evergreenImport(of(526));
    expect(all.slice(1).map(({ data }) => ('method' in data ? [data.method, data.amount] : []))).toEqual([
      ['CASH', '10.00'],
      ['CHECK', '5.95'],
      ['DEBIT_CARD', '23.00'],
    ]);
    expect(all[2]?.data).toMatchObject({ reference: '12345', by: { userId: '1', desk: '24' } });
    const work = await evergreenImport(of(552));
    expect(work.all[1]).toMatchObject({
      type: 'FeeWaived',
      data: { amount: '700.00', reason: 'WORK', staffNote: 'Court ordered community service' },
    });
  });
});

describe('a transaction of Evergreen', () => {
  it('has one fine that grows day by day until the loan ends', async () => {
    const loan = {
      ...xact,
      stop_fines: 'CHECKIN',
      stop_fines_time: '2026-03-05 12:00:00Z',
      target_copy: 9,
      barcode: 'C9',
      due_date: '2026-03-01 23:59:59Z',
    };
    const { all, steps, findings } = await evergreenImport({
      billable_xact: [loan],
      billing: [billing(1, 1, '0.10', overdue), billing(2, 2, '0.10', overdue), billing(3, 3, '50.00')],
    });
    expect(findings).toEqual([]);
    expect(steps).toEqual(['FeeAssessed 0.10', 'FeeIncreased 0.10', 'FeeAssessed 50.00', 'AccrualEnded']);
    expect(all[0]?.data).toMatchObject({
      feeId: 'evergreen/5/overdue',
      loanId: '5',
      accruing: true,
      item: { id: '9', barcode: 'C9', dueAt: '2026-03-01T23:59:59.000Z' },
    });
    expect(all.at(-1)?.data).toMatchObject({ cause: 'returned', total: '0.20' });
  });

  it('uses what was paid for a voided billing for the other billings first', async () => {
    const {
      steps,
      findings,
      owed: open,
      unused,
    } = await evergreenImport({
      billing: [billing(1, 1, '50.00', voidedAt(9)), billing(2, 5, '20.00')],
      payment: [payment(1, 2, '50.00', 'cash')],
    });
    expect(findings).toEqual([]);
    expect(steps.slice(3)).toEqual(['FeeCancelled 0.00', 'CreditIssued 50.00', 'CreditApplied']);
    expect(open).toEqual({ 'evergreen/billing/1': 0, 'evergreen/billing/2': 0 });
    expect(unused).toEqual({ 'evergreen/billing/1/void/credit': 3_000 });
  });

  it('uses what was forgiven of a voided billing for the other billings, and never pays it back', async () => {
    const {
      steps,
      findings,
      owed: open,
    } = await evergreenImport({
      billing: [billing(1, 1, '10.00', voidedAt(9)), billing(2, 5, '4.00')],
      payment: [payment(1, 2, '10.00', 'forgive')],
    });
    expect(findings).toEqual([]);
    expect(steps.slice(3)).toEqual(['WaiverReversed 10.00', 'FeeCancelled 10.00', 'FeeWaived 4.00']);
    expect(open).toEqual({ 'evergreen/billing/1': 0, 'evergreen/billing/2': 0 });
  });

  it('needs an owner, and so do its rows', async () => {
    const nobody = { ...xact, owner: null };
    const rows = {
      billable_xact: [nobody],
      billing: [billing(1, 1, '5.00'), billing(2, 1, '5.00', { xact: 6 })],
    };
    expect((await evergreenImport(rows)).findings).toEqual([
      'MalformedField billable_xact 5 owner',
      'UnknownRow billing 2 xact',
    ]);
    expect((await evergreenImport(rows, { owner: 'BR9' })).owed).toEqual({ 'evergreen/billing/1': 500 });
  });

  it('with a negative billing follows the balance, and reports it', async () => {
    const { owed: open, findings } = await evergreenImport({
      billing: [billing(1, 1, '5.00'), billing(2, 2, '-1.00')],
    });
    expect(open).toEqual({ 'evergreen/billing/1': 400 });
    expect(findings).toEqual([
      'AmountHasWrongSign billing 2 amount',
      'BalanceDiffers billable_xact 5 billed - voided - paid',
    ]);
  });
});

it('the credit of a patron is a refundable credit', async () => {
  const usr = [{ id: 79, usr: 79, credit_forward_balance: '12.50', create_date: '2020-01-01 00:00:00Z' }];
  const { all, unused, findings } = await evergreenImport({ billable_xact: [], usr });
  expect([unused, findings]).toEqual([{ 'evergreen/usr/79': 1_250 }, []]);
  expect(all[0]).toMatchObject({ data: { cause: 'imported', purpose: 'refundable' } });
});
