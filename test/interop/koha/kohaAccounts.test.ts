import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, definePolicy, fold } from '../../../src/index.js';
import { type KohaTables, kohaAccounts } from '../../../src/interop/koha/kohaAccounts.js';
import { kohaRows } from '../../support/rows/kohaRows.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { importLaws, listOf } from '../import/importLaws.js';
import { kohaImport, line, offset } from './kohaTables.js';

const policy = definePolicy({ currency: 'USD' });
const laws = importLaws(kohaRows(fc), (tables) => kohaAccounts(tables as unknown as KohaTables, { policy }));

async function* streamed(rows: readonly unknown[]) {
  yield* rows;
}

describe('the tables of Koha', () => {
  const debit = {
    debit_type_code: 'LOST',
    amount: '5',
    amountoutstanding: '5',
    branchcode: 'CPL',
    date: '2026-03-02',
  };

  it('give one account for each patron', async () => {
    const accountlines = [7, 3, 7].map((borrowernumber, index) => ({
      ...debit,
      borrowernumber,
      accountlines_id: index,
    }));
    const accounts = await listOf(kohaAccounts({ accountlines }, { policy }));
    expect(accounts.map(({ patronId, rows }) => [patronId, rows])).toEqual([
      ['3', 1],
      ['7', 2],
    ]);
  });

  it('must be sorted if they are streams, and rows of deleted patrons are findings', async () => {
    const borrowers = [7, null, 3];
    const rows = borrowers.map((borrowernumber, index) => ({
      ...debit,
      borrowernumber,
      accountlines_id: index,
    }));
    const accounts = await listOf(kohaAccounts({ accountlines: streamed(rows) }, { policy }));
    expect(
      accounts.map(({ patronId, findings: [first] }) => [patronId, first?.code, first?.patronId]),
    ).toEqual([
      [null, 'NoPatron', null],
      ['7', undefined, undefined],
      [null, 'NotSorted', '3'],
    ]);
  });

  it('are joined by the ids of lines; a line without an id gets no offsets of other lines', async () => {
    const ids = [1n, null, '', { toString: null }];
    const accountlines = ids.map((accountlines_id, index) => ({
      ...debit,
      borrowernumber: 7 + index,
      accountlines_id,
    }));
    const offset = { id: 1, type: 'CREATE', amount: '5', created_on: '2026-03-02' };
    const account_offsets = ids.slice(1).map((credit_id) => ({ ...offset, credit_id, debit_id: 1 }));
    const accounts = await listOf(kohaAccounts({ accountlines, account_offsets }, { policy }));
    expect(accounts.map(({ patronId, rows, changes }) => [patronId, rows, changes.length])).toEqual([
      ['7', 4, 1],
      ['8', 1, 0],
      ['9', 1, 0],
      ['10', 1, 0],
    ]);
  });

  it('and the options are checked', async () => {
    await expect(listOf(kohaAccounts({} as KohaTables, { policy }))).rejects.toThrow('tables.accountlines');
    const tables = { accountlines: [], offsets: [] };
    await expect(listOf(kohaAccounts(tables as KohaTables, { policy }))).rejects.toThrow('tables.offsets');
    await expect(listOf(kohaAccounts({ accountlines: [] }, {} as never))).rejects.toThrow('options.policy');
  });
});

describe('laws of the import from Koha', () => {
  it('owes and credits the amountoutstanding of each line', laws.validRows, LAW_TIMEOUT_MS);
  it('adds what is new in later rows', laws.laterRows, LAW_TIMEOUT_MS);
  it('never throws for corrupt rows, and imports the rows that it can read', laws.corrupt, LAW_TIMEOUT_MS);
});

/** The history of t/db_dependent/Koha/Account/Line.t: 100, +50, -40, +10, -110, -20, and an overpayment of 10. */
const golden = {
  lines: [
    line(1, 'OVERDUE', '30.000000', '0.000000', { status: 'UNRETURNED', issue_id: 900 }),
    line(2, 'PAYMENT', '-40.000000', '0.000000', { payment_type: 'CASH' }),
    line(3, 'OVERPAYMENT', '-10.000000', '-10.000000'),
  ],
  offsets: [
    offset(1, 'CREATE', null, 1, '100.000000'),
    offset(2, 'OVERDUE_INCREASE', null, 1, '50.000000'),
    offset(3, 'APPLY', 2, 1, '-40.000000'),
    offset(4, 'OVERDUE_INCREASE', null, 1, '10.000000'),
    offset(5, 'OVERDUE_DECREASE', null, 1, '-110.000000'),
    offset(6, 'OVERDUE_DECREASE', null, 1, '-20.000000'),
    offset(7, 'CREATE', 3, null, '10.000000'),
  ],
};

const goldenSteps = [
  'FeeAssessed 100.00',
  'FeeIncreased 50.00',
  'PaymentReceived 40.00',
  'FeeIncreased 10.00',
  'FeeCancelled 110.00',
  'FeeCancelled 10.00',
  'CreditIssued 10.00',
];

describe('a fine of Koha', () => {
  it('grows, is paid and falls as in the test of Koha: 100, 150, 110, 120, 10, 0 and a credit of 10', async () => {
    const { all, steps, findings, owed, unused } = await kohaImport(golden.lines, golden.offsets);
    expect(steps).toEqual(goldenSteps);
    expect(all.map((_, index) => balancesInMinorUnits(fold(all.slice(0, index + 1))).active)).toEqual([
      10_000, 15_000, 11_000, 12_000, 1_000, 0, -1_000,
    ]);
    expect([findings, owed, unused]).toEqual([[], { 'koha/1': 0 }, { 'koha/3': 1_000 }]);
    expect(all[0]).toMatchObject({ data: { accruing: true, loanId: '900' } });
    expect(all.at(-1)).toMatchObject({ data: { feeId: 'koha/1', cause: 'cancelled', accrual: true } });
  });

  it('starts at its last amount less its steps, if no offset says how it was created', async () => {
    const [, ...offsets] = golden.offsets;
    const { steps, findings } = await kohaImport(golden.lines, offsets);
    expect([steps, findings]).toEqual([goldenSteps, []]);
  });

  it.each([
    ['RETURNED', 'returned'],
    ['RENEWED', 'renewed'],
    ['LOST', 'lost'],
    ['FORGIVEN', 'other'],
  ])('that is %s has stopped growing', async (status, cause) => {
    const { all } = await kohaImport(
      [line(1, 'OVERDUE', '5', '5', { status })],
      [offset(1, 'CREATE', null, 1, '2'), offset(2, 'OVERDUE_INCREASE', null, 1, '3')],
    );
    expect(all.at(-1)).toMatchObject({ type: 'AccrualEnded', data: { cause, total: '5.00' } });
  });
});

describe('a debit of Koha', () => {
  it('becomes a fee with its item, comment, library and person', async () => {
    const item = { itemnumber: 4, barcode: '39999', title: 'Emma', itemcallnumber: 'F AUS' };
    const by = { description: 'Lost item', note: 'called twice', manager_id: 7, old_issue_id: 12 };
    const { all, findings } = await kohaImport(
      [line(1, 'LOST', '25.000000', '25.000000', { ...item, ...by })],
      [],
      {
        feeTypes: { LOST: 'LOSTITEMREPLACEMENTFEE' },
        owners: { CPL: 'Centerville' },
        timeZone: 'America/New_York',
      },
    );
    expect(findings).toEqual([]);
    expect(all).toEqual([
      {
        type: 'FeeAssessed',
        data: {
          feeId: 'koha/1',
          feeType: 'LOSTITEMREPLACEMENTFEE',
          amount: '25.00',
          currency: 'USD',
          owner: 'Centerville',
          lostItem: true,
          item: { id: '4', barcode: '39999', title: 'Emma', callNumber: 'F AUS' },
          loanId: '12',
          at: '2026-03-02T17:00:00.000Z',
          by: { userId: '7', channel: 'import', library: 'Centerville' },
          comment: 'Lost item',
          staffNote: 'called twice',
        },
      },
    ]);
  });

  it('uses the option `owner` without a library, or is a finding', async () => {
    const debit = line(1, 'MANUAL', '5', '5', { branchcode: null });
    expect((await kohaImport([debit], [], { owner: 'MAIN' })).owed).toEqual({ 'koha/1': 500 });
    expect((await kohaImport([debit])).findings).toEqual(['MalformedField accountlines 1 branchcode']);
  });

  it('of nothing is a finding', async () => {
    expect((await kohaImport([line(1, 'OVERDUE', '0', '0')])).findings).toEqual([
      'AmountHasWrongSign accountlines 1 amount',
    ]);
  });

  it('follows amountoutstanding if the offsets give another amount, and reports it', async () => {
    const { steps, findings, owed } = await kohaImport([line(1, 'MANUAL', '10', '4')]);
    expect([steps, owed]).toEqual([['FeeAssessed 10.00', 'FeeCancelled 6.00'], { 'koha/1': 400 }]);
    expect(findings).toEqual(['BalanceDiffers accountlines 1 amountoutstanding']);
  });

  it('is rounded once if it has fractions of a cent, and reported', async () => {
    const { findings, owed } = await kohaImport([line(1, 'RESERVE', '0.655000', '0.655000')]);
    expect(owed).toEqual({ 'koha/1': 66 });
    expect(findings.slice(0, 2)).toEqual([
      'AmountRounded accountlines 1 amount',
      'AmountRounded accountlines 1 amountoutstanding',
    ]);
  });
});

describe("rows from Koha's own tests", () => {
  it('has 100.01 outstanding of 50.00 and 50.01, and 65 left of a credit of 100 used for 35', async () => {
    // t/db_dependent/api/v1/patrons_accounts.t
    const lines = [
      line(1, 'MANUAL', '50.000000', '50.000000'),
      line(2, 'MANUAL', '50.010000', '50.010000'),
      line(3, 'MANUAL', '35.000000', '0.000000'),
      line(4, 'CREDIT', '-100.000000', '-65.000000'),
    ];
    const { all, findings, unused } = await kohaImport(lines, [offset(1, 'APPLY', 4, 3, '-35.000000')]);
    expect([findings, unused]).toEqual([[], { 'koha/4': 6_500 }]);
    expect(balancesInMinorUnits(fold(all)).active).toBe(10_001 - 6_500);
  });
});

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
