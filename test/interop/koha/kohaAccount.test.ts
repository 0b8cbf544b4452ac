import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, fold } from '../../../src/index.js';
import { kohaImport, line, offset } from './kohaTables.js';

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
