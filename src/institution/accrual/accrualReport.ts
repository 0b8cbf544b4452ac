import type { AccrualEndCause } from '../../account/accrual.js';
import type { Rejection } from '../../account/rejection.js';
import type { Fault } from '../../errors.js';
import type { StreamId } from '../../history/eventStore.js';
import { minorDigits } from '../../money/currency.js';
import type { AccountFinding } from '../accountFinding.js';
import { amountTally, type CountedAmount, type FindingsReport } from '../tallies.js';

/** What became of the fine of one loan. Amounts are decimal strings. */
export type AccruedLoan = {
  /** The loan's place in the stream, counted from 1. */
  readonly row: number;
  /** The patron. */
  readonly patronId: string;
  /** The loan. */
  readonly loanId: string;
  /** The fee of the loan's fine; an account has it once something was charged. */
  readonly feeId: string;
  /** The fee's type. */
  readonly feeType: string;
  /** The library that owns it. */
  readonly owner: string;
  /** What the fine comes to by the rule. */
  readonly fine: string;
  /** What accrual has charged in the account after this: less than the fine where the policy limits it. */
  readonly accrued: string;
  /** What was done. */
  readonly outcome: 'charged' | 'increased' | 'decreased' | 'unchanged';
  /** By how much: what was charged, added, or taken back; zero where nothing changed. */
  readonly amount: string;
  /** Why the fine grows no more, if this run ended it; else null. */
  readonly ended: AccrualEndCause | null;
  /** Whether an earlier run of this job did it, and nothing was done now. */
  readonly earlier: boolean;
};

/** A loan that no fine can be computed of: a field is missing or invalid, or its rule or calendar is not known. */
export type LoanInvalid = {
  /** The finding's name. */
  readonly code: 'LOAN_INVALID';
  /** The institution. */
  readonly institution: string;
  /** The patron, or null where the loan does not name one. */
  readonly patronId: string | null;
  /** The loan, or null where it has no id. */
  readonly loanId: string | null;
  /** The loan's place in the stream, counted from 1. */
  readonly row: number;
  /** Every fault, with its path in the loan. */
  readonly faults: readonly Fault[];
  /** One sentence for a person. */
  readonly message: string;
};

/** A fine that the account refuses. */
export type FineRefused = StreamId & {
  /** The finding's name. */
  readonly code: 'REFUSED';
  /** The loan. */
  readonly loanId: string;
  /** The fee of the loan's fine. */
  readonly feeId: string;
  /** The loan's place in the stream, counted from 1. */
  readonly row: number;
  /**
   * Why: e.g. {@link index.AccrualHasEnded | AccrualHasEnded} where a dispute was upheld and the rule comes to another total;
   * {@link index.IdAlreadyUsed | IdAlreadyUsed} where an earlier run of the job was told something else of the loan.
   */
  readonly rejection: Rejection;
  /** One sentence for a person. */
  readonly message: string;
};

/** What an accrual job could not do, and somebody has to look at. Nothing was changed there. */
export type AccrualFinding = AccountFinding | LoanInvalid | FineRefused;

/** What an accrual job did. Amounts are decimal strings. */
export type AccrualFigures = {
  /** Fines that were charged for the first time. */
  readonly charged: CountedAmount;
  /** Fines that grew, and by how much. */
  readonly increased: CountedAmount;
  /** Fines that fell, and by how much. */
  readonly decreased: CountedAmount;
  /** How many loans changed nothing. */
  readonly unchanged: number;
  /** How many fines grow no more; they are counted above too. */
  readonly ended: number;
};

/** The figures of a fee type at a library. */
export type AccrualRow = AccrualFigures & {
  /** The fee type's code. */
  readonly feeType: string;
  /** The library that owns the fees. */
  readonly owner: string;
};

/**
 * The report of an accrual job. Run again after a crash it says what both runs did together.
 */
export type AccrualReport = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** How many loans the stream had. */
  readonly loans: number;
  /** How many of them an earlier run of this job had done. */
  readonly earlier: number;
  /** For how many of them less or more is charged than the fine comes to: a limit, or a waiver, was in the way. */
  readonly notAsComputed: number;
  /** The figures of all loans. */
  readonly total: AccrualFigures;
  /** The same by fee type and library, in the order of their codes. */
  readonly rows: readonly AccrualRow[];
  /** What could not be done. */
  readonly findings: FindingsReport<AccrualFinding>;
};

/** Sums what was done. */
export function figuresTally(currency: string) {
  const digits = minorDigits(currency) as number;
  const sums = {
    charged: amountTally(digits),
    increased: amountTally(digits),
    decreased: amountTally(digits),
  };
  let [unchanged, ended] = [0, 0];
  return {
    add({ outcome, amount, ended: cause }: AccruedLoan): void {
      if (outcome === 'unchanged') unchanged += 1;
      else sums[outcome].add(amount);
      if (cause !== null) ended += 1;
    },
    result: (): AccrualFigures => ({
      charged: sums.charged.result(),
      increased: sums.increased.result(),
      decreased: sums.decreased.result(),
      unchanged,
      ended,
    }),
  };
}

/** Sums what was done, by fee type and library. */
export function accrualTally(currency: string) {
  const total = figuresTally(currency);
  const rows = new Map<
    string,
    { feeType: string; owner: string; figures: ReturnType<typeof figuresTally> }
  >();
  const counts = { earlier: 0, notAsComputed: 0 };
  return {
    add(loan: AccruedLoan): void {
      const { feeType, owner } = loan;
      const key = JSON.stringify([feeType, owner]);
      const row = rows.get(key) ?? { feeType, owner, figures: figuresTally(currency) };
      rows.set(key, row);
      row.figures.add(loan);
      total.add(loan);
      if (loan.earlier) counts.earlier += 1;
      if (loan.fine !== loan.accrued) counts.notAsComputed += 1;
    },
    result: (loans: number, findings: FindingsReport<AccrualFinding>): AccrualReport => ({
      currency,
      loans,
      ...counts,
      total: total.result(),
      rows: [...rows]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { feeType, owner, figures }]) => ({ feeType, owner, ...figures.result() })),
      findings,
    }),
  };
}
