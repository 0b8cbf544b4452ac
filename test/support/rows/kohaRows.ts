import type { Arbitrary, FastCheck } from '../../../src/testing/fastCheck.js';
import {
  decimals,
  type ForeignFigure,
  type ForeignHistory,
  type ForeignStep,
  type ForeignTables,
  foreignSteps,
  partOf,
  picked,
} from './foreignRows.js';

/** A line of a small Koha. Amounts are in minor units, credits negative. */
type Line = {
  readonly id: number;
  readonly borrower: number;
  readonly debit: string | null;
  readonly credit: string | null;
  amount: number;
  outstanding: number;
  status: string | null;
  readonly date: string;
  changed: string;
  /** Whether something other than a payment reduced it. */
  forgiven: number;
};

type Offset = {
  readonly id: number;
  readonly borrower: number;
  readonly credit: number | null;
  readonly debit: number | null;
  readonly type: string;
  readonly amount: number;
  readonly at: string;
};

type Koha = { readonly lines: Line[]; readonly offsets: Offset[]; ms: number; paidOut: Set<number> };

const stepNames = [
  'charge',
  'fine',
  'fine',
  'adjust',
  'adjust',
  'adjust',
  'return',
  'pay',
  'pay',
  'overpay',
  'apply',
  'writeoff',
  'cancel',
  'credit',
  'payout',
  'void',
] as const;

type Step = ForeignStep<(typeof stepNames)[number]>;

/**
 * Generates the tables of a small Koha that charges, adjusts fines, takes payments, writes off, cancels, pays out and
 * voids as Koha does, by the rules of its `Koha::Account::Line`.
 */
export function kohaRows(fc: FastCheck): Arbitrary<ForeignHistory> {
  const patrons = fc.array(foreignSteps(fc, stepNames), { minLength: 1, maxLength: 3 });
  return fc.tuple(patrons, fc.nat({ max: 1_000 })).map(([plans, share]) => {
    const koha: Koha = {
      lines: [],
      offsets: [],
      ms: Date.parse('2026-03-02T09:00:00Z'),
      paidOut: new Set(),
    };
    const all = plans.flatMap((steps, index) => steps.map((step) => ({ step, borrower: 9 + index })));
    const pause = Math.floor((all.length * share) / 1_000);
    let earlier = tablesOf(koha);
    all.forEach(({ step, borrower }, index) => {
      koha.ms += step.seconds * 1_000;
      if (index === pause) {
        earlier = tablesOf(koha);
        koha.ms += 61_000;
      }
      doStep(koha, step, borrower);
    });
    return { tables: tablesOf(koha), figures: koha.lines.map(figureOf), earlier };
  });
}

function figureOf({ id, borrower, outstanding }: Line): ForeignFigure {
  const [owed, credit] = [Math.max(0, outstanding), Math.max(0, -outstanding)];
  return { patronId: String(borrower), balanceId: `koha/${id}`, owed, credit };
}

function now(koha: Koha): string {
  return new Date(koha.ms).toISOString().slice(0, 19).replace('T', ' ');
}

function addLine(koha: Koha, borrower: number, of: Partial<Line> & Pick<Line, 'amount'>): Line {
  const at = now(koha);
  const line: Line = {
    id: koha.lines.length + 1,
    borrower,
    debit: null,
    credit: null,
    outstanding: of.amount,
    status: null,
    date: at,
    changed: at,
    forgiven: 0,
    ...of,
  };
  koha.lines.push(line);
  offset(
    koha,
    'CREATE',
    line.debit === null ? line : null,
    line.debit === null ? null : line,
    Math.abs(line.amount),
  );
  return line;
}

function offset(koha: Koha, type: string, credit: Line | null, debit: Line | null, amount: number): void {
  const borrower = (credit ?? debit)?.borrower ?? 0;
  const ids = { credit: credit?.id ?? null, debit: debit?.id ?? null };
  koha.offsets.push({ id: koha.offsets.length + 1, borrower, ...ids, type, amount, at: now(koha) });
  for (const line of [credit, debit]) if (line !== null) line.changed = now(koha);
}

/** Uses a credit for a debit, up to the smaller of the two. */
function applyTo(koha: Koha, credit: Line, debit: Line, limit = Number.POSITIVE_INFINITY): void {
  const amount = Math.min(-credit.outstanding, debit.outstanding, limit);
  if (amount <= 0) return;
  credit.outstanding += amount;
  debit.outstanding -= amount;
  if (credit.credit === 'WRITEOFF' || credit.credit === 'CANCELLATION') debit.forgiven += amount;
  offset(koha, 'APPLY', credit, debit, -amount);
}

function doStep(koha: Koha, step: Step, borrower: number): void {
  const lines = koha.lines.filter((line) => line.borrower === borrower);
  const open = lines.filter((line) => line.debit !== null && line.outstanding > 0);
  const credits = lines.filter((line) => line.credit !== null);
  const unused = credits.filter((line) => line.outstanding < 0);
  const debit = picked(open, step);
  const total = open.reduce((sum, line) => sum + line.outstanding, 0);
  switch (step.name) {
    case 'charge': {
      const types = ['LOST', 'MANUAL', 'NEW_CARD', 'RENT'];
      addLine(koha, borrower, { debit: types[step.pick % 4] as string, amount: step.amount });
      return;
    }
    case 'fine':
      addLine(koha, borrower, { debit: 'OVERDUE', amount: step.amount, status: 'UNRETURNED' });
      return;
    case 'adjust':
      return adjust(koha, lines, step);
    case 'return': {
      const fine = picked(
        lines.filter(({ status }) => status === 'UNRETURNED'),
        step,
      );
      if (fine === undefined) return;
      fine.status = step.pick % 2 === 0 ? 'RETURNED' : 'RENEWED';
      fine.changed = now(koha);
      return;
    }
    case 'pay':
    case 'overpay': {
      const amount = step.name === 'pay' ? partOf(total, step) : total + step.amount;
      if (total === 0 && step.name === 'pay') return;
      const payment = addLine(koha, borrower, { credit: 'PAYMENT', amount: -amount });
      for (const line of open) applyTo(koha, payment, line);
      return;
    }
    case 'apply': {
      const credit = picked(unused, step);
      if (credit !== undefined) for (const line of open) applyTo(koha, credit, line);
      return;
    }
    case 'writeoff': {
      if (debit === undefined) return;
      const amount = partOf(debit.outstanding, step);
      applyTo(koha, addLine(koha, borrower, { credit: 'WRITEOFF', amount: -amount }), debit);
      return;
    }
    case 'cancel': {
      if (debit === undefined || debit.outstanding !== debit.amount || debit.debit === 'OVERDUE') return;
      applyTo(koha, addLine(koha, borrower, { credit: 'CANCELLATION', amount: -debit.amount }), debit);
      debit.status = 'CANCELLED';
      return;
    }
    case 'credit':
      addLine(koha, borrower, { credit: 'CREDIT', amount: -step.amount });
      return;
    case 'payout': {
      const credit = picked(unused, step);
      if (credit === undefined) return;
      const payout = addLine(koha, borrower, {
        debit: 'PAYOUT',
        amount: partOf(-credit.outstanding, step),
        status: 'PAID',
      });
      applyTo(koha, credit, payout);
      koha.paidOut.add(credit.id);
      return;
    }
    case 'void':
      return voidCredit(koha, credits, step);
  }
}

/** Changes the amount of a fine. What was paid above it comes back, except what was forgiven. */
function adjust(koha: Koha, lines: readonly Line[], step: Step): void {
  const fine = picked(
    lines.filter(({ status }) => status === 'UNRETURNED'),
    step,
  );
  if (fine === undefined) return;
  const isLower = step.pick % 3 === 0;
  const amount = isLower ? Math.floor((fine.amount * step.share) / 1_001) : fine.amount + step.amount;
  const difference = amount - fine.amount;
  if (difference === 0) return;
  const outstanding = fine.outstanding + difference;
  fine.amount = amount;
  fine.outstanding = Math.max(0, outstanding);
  offset(koha, difference > 0 ? 'OVERDUE_INCREASE' : 'OVERDUE_DECREASE', null, fine, difference);
  const back = -outstanding - fine.forgiven;
  if (back > 0) addLine(koha, fine.borrower, { credit: 'OVERPAYMENT', amount: -back });
}

/** Undoes a credit: its applications reopen, and a debit of type VOID takes all of it. */
function voidCredit(koha: Koha, credits: readonly Line[], step: Step): void {
  const candidates = credits.filter(
    (line) => line.status !== 'VOID' && line.credit !== 'CANCELLATION' && !koha.paidOut.has(line.id),
  );
  const credit = picked(candidates, step);
  if (credit === undefined) return;
  const used = koha.offsets.filter(({ type, credit: id }) => type === 'APPLY' && id === credit.id);
  credit.outstanding = credit.amount;
  const other = addLine(koha, credit.borrower, { debit: 'VOID', amount: -credit.amount });
  applyTo(koha, credit, other);
  for (const { debit: id, amount } of used) {
    const debit = koha.lines.find((line) => line.id === id);
    if (debit === undefined) continue;
    debit.outstanding -= amount;
    if (credit.credit === 'WRITEOFF') debit.forgiven += amount;
    offset(koha, 'VOID', credit, debit, -amount);
  }
  credit.status = 'VOID';
}

function tablesOf(koha: Koha): ForeignTables {
  return {
    accountlines: koha.lines.map((line) => ({
      accountlines_id: line.id,
      issue_id: line.debit === 'OVERDUE' ? 100 + line.id : null,
      borrowernumber: line.borrower,
      date: line.date,
      amount: decimals(line.amount, 6),
      description: line.debit === 'LOST' ? 'Lost item' : null,
      credit_type_code: line.credit,
      debit_type_code: line.debit,
      status: line.status,
      payment_type: line.credit === 'PAYMENT' ? 'CASH' : null,
      amountoutstanding: decimals(line.outstanding, 6),
      timestamp: line.changed,
      manager_id: 1,
      interface: 'intranet',
      branchcode: line.id % 2 === 0 ? 'CPL' : 'MPL',
    })),
    account_offsets: koha.offsets.map(({ id, borrower, credit, debit, type, amount, at }) => ({
      id,
      borrowernumber: borrower,
      credit_id: credit,
      debit_id: debit,
      type,
      amount: decimals(amount, 6),
      created_on: at,
    })),
  };
}
