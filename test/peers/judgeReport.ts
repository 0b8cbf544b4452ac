import { type Mismatch, told, unlessSame, unlessSameAmount } from './compare.js';
import { centsOf } from './folioAmount.js';
import { type Desk, dollars, feeIdOf, mustAsk, openDesk, type Wish } from './ourDesk.js';
import { refundWishes } from './ourRefund.js';
import { reportOf } from './reportOf.js';
import type { ReportScenario } from './scenario.js';
import { failed, passed, type Verdict } from './verdict.js';

/** A line of FOLIO's report of refunds, in cents. */
type Row = { readonly refund: number; readonly paidSoFar: number; readonly transferredSoFar: number };

/**
 * Plays a ledger and reports its refunds. FOLIO's running totals are what was received until then; here the report has
 * beside it what was given back, so that the net can be told.
 */
export function judgeReport({ given, then }: ReportScenario): Verdict {
  const { desk, refunds } = playLedger(given);
  const [from, to] = given.interval ?? ['', '~'];
  const rows = refunds
    .filter(({ day }) => day >= from && day <= to)
    .map(({ day, givenBack }): Row => {
      const { byMethod, transferred } = reportOf(
        desk.events().filter(({ data }) => data.at <= instantOf(day)),
      );
      return {
        refund: givenBack,
        paidSoFar: sum([...byMethod.values()].map(({ received }) => received)),
        transferredSoFar: transferred.received,
      };
    });
  const {
    rows: expected,
    note: _note,
    ...others
  } = then as ReportScenario['then'] & { readonly note?: string };
  const mismatches = [
    ...Object.entries(others).flatMap(([path, value]) => unlessSame(path, value, undefined)),
    ...unlessSame('rows', expected.length, rows.length),
    ...expected.flatMap((row, index) => compareRow(`rows[${index}]`, row, rows[index])),
  ];
  return mismatches.length === 0 ? passed : failed(mismatches.map(told));
}

function compareRow(
  path: string,
  expected: ReportScenario['then']['rows'][number],
  row: Row | undefined,
): Mismatch[] {
  return Object.entries(expected).flatMap(([key, value]) =>
    key === 'refund' || key === 'paidSoFar' || key === 'transferredSoFar'
      ? unlessSameAmount(`${path}.${key}`, value as string, row?.[key])
      : [{ path: `${path}.${key}`, expected: value, actual: 'a field that is not understood' }],
  );
}

function instantOf(day: string): string {
  return `${day}T12:00:00Z`;
}

/** The report goes by days, so refunds can be played after what they give back, whatever their day is. */
function playLedger({ accounts, ledger }: ReportScenario['given']) {
  const desk = openDesk({ feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } } });
  const isRefund = ([op]: (typeof ledger)[number]) => op === 'refund';
  const others = ledger.filter((entry) => !isRefund(entry));
  const ref = accounts[0]?.ref ?? 'fee';
  const needed = sum(others.map(([, amount]) => centsOf(amount)));
  const original = dollars(Math.max(needed, centsOf(accounts[0]?.amount ?? '0'), 1));
  mustAsk(desk, {
    type: 'AssessFee',
    id: feeIdOf(ref),
    feeType: 'OVERDUEFINE',
    amount: original,
    owner: 'MAIN',
    at: '2000-01-01T00:00:00Z',
  });
  for (const [op, amount, day] of others) {
    mustAsk(desk, { ...wishFor(op, dollars(centsOf(amount)), feeIdOf(ref)), at: instantOf(day) });
  }
  const byDay = ledger.filter(isRefund).sort(([, , a], [, , b]) => (a < b ? -1 : a > b ? 1 : 0));
  const refunds = byDay.map(([, amount, day]) => ({
    day,
    givenBack: refund(desk, ref, dollars(centsOf(amount)), day),
  }));
  return { desk, refunds };
}

function wishFor(op: string, amount: string, feeId: string): Wish {
  if (op === 'pay') return { type: 'ReceivePayment', amount, method: 'CASH', feeIds: [feeId] };
  if (op === 'waive') return { type: 'WaiveFees', fees: [{ feeId, amount }], reason: 'OTHER' };
  return { type: 'TransferFees', fees: [{ feeId, amount }], destination: 'BURSAR' };
}

/** Gives an amount back; what went out by the report, in cents. */
function refund(desk: Desk, ref: string, amount: string, day: string): number {
  const earlier = desk.events().length;
  mustAsk(
    desk,
    ...refundWishes(desk.account(), [ref], amount).map((wish) => ({ ...wish, at: instantOf(day) })),
  );
  const { byMethod, transferred } = reportOf(desk.events().slice(earlier));
  return sum([...byMethod.values(), transferred].map(({ givenBack }) => givenBack));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
