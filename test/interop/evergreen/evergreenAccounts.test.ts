import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy, fold, owed } from '../../../src/index.js';
import {
  type EvergreenTables,
  evergreenAccounts,
  isRefundable,
  readBillings,
  readPayments,
  readXacts,
} from '../../../src/interop/evergreen/evergreenAccounts.js';
import { checkedReadOptions, importEvents } from '../../../src/interop/import/importEvents.js';
import { newIntake } from '../../../src/interop/import/importReport.js';
import { evergreenRows } from '../../support/rows/evergreenRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { importLaws, listOf } from '../import/importLaws.js';
import { billing, evergreenImport, overdue, payment, policy, voidedAt, xact } from './evergreenImport.js';
import * as samples from './evergreenSamples.js';

describe('evergreenAccounts', () => {
  const policy = definePolicy({ currency: 'USD' });

  describe('the tables of Evergreen', () => {
    it('and the options are checked', async () => {
      await expect(listOf(evergreenAccounts({} as EvergreenTables, { policy }))).rejects.toThrow(
        'tables.billable_xact',
      );
      const none = { billable_xact: [], billing: [], payment: [] };
      await expect(listOf(evergreenAccounts(none, {} as never))).rejects.toThrow('options.policy');
    });

    it('are findings if they have no patron, as aged rows do', async () => {
      const aged = { id: 1, xact: 5, usr: null, amount: '5.00', voided: 'f' };
      const accounts = await listOf(
        evergreenAccounts({ billable_xact: [], billing: [aged], payment: [] }, { policy }),
      );
      expect(accounts.map(({ patronId, findings }) => [patronId, findings[0]?.code])).toEqual([
        [null, 'NoPatron'],
      ]);
    });
  });

  describe('laws of the import from Evergreen', () => {
    const laws = importLaws(evergreenRows(fc), (tables) =>
      evergreenAccounts(tables as unknown as EvergreenTables, { policy }),
    );
    it(
      'owes what is billed, less what is voided and paid, transaction by transaction',
      laws.validRows,
      LAW_TIMEOUT_MS,
    );
    it('adds what is new in later rows', laws.laterRows, LAW_TIMEOUT_MS);
    it('never throws for corrupt rows, and imports the rows that it can read', laws.corrupt, LAW_TIMEOUT_MS);
  });
});

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

const options = checkedReadOptions({ policy, owners: { BR1: 'Branch' } });

describe('rows of Evergreen', () => {
  it('are transactions, open or stopped', () => {
    const finished = { ...xact, id: 6, xact_finish: '2026-03-09 12:00:00Z', stop_fines: 'MAXFINES' };
    expect(readXacts([xact, finished], '79', options, newIntake())).toMatchObject([
      { rowId: '5', owner: 'Branch', stopped: null },
      { rowId: '6', stopped: { cause: 'other', time: { at: '2026-03-09T12:00:00.000Z' } } },
    ]);
  });

  it('are billings, with the time and the person of a void', () => {
    const rows = [billing(2, 1, '0.10', { btype: 1, ...voidedAt(3) }), billing(1, 1, '5.00')];
    expect(readBillings(rows, '79', options, newIntake())).toMatchObject([
      { id: 'evergreen/billing/1', isOverdue: false, amount: 500, voided: null },
      { isOverdue: true, amount: 10, voided: { userId: '7', time: { at: '2026-03-02T09:03:00.000Z' } } },
    ]);
  });

  it('are payments, with what their tables have', () => {
    const rows = [
      payment(1, 1, '5.00', 'check', { check_number: 12345, accepting_usr: 3, cash_drawer: 51, note: 'n' }),
    ];
    expect(readPayments(rows, '79', options, newIntake())).toMatchObject([
      { amount: 500, reference: '12345', by: { userId: '3', desk: '51', staffNote: 'n' }, isVoid: false },
    ]);
  });

  it('are findings if required fields are missing', () => {
    const intake = newIntake();
    const { findings } = intake;
    readXacts([{ id: 1 }], '79', options, intake);
    readBillings([billing(1, 1, '5.00', { billing_type: null, btype: null })], '79', options, intake);
    readPayments([payment(1, 1, 'x', 'cash')], '79', options, intake);
    expect(findings.map(({ table, field }) => `${table} ${field}`)).toEqual([
      'billable_xact xact_start',
      'billing billing_type',
      'payment amount',
    ]);
  });
});
