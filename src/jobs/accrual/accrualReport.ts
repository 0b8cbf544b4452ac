import type { AccrualEndCause } from '../../account/accrual.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import type { Fault } from '../../errors.js';
import type { StreamId } from '../../history/eventStore.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import type { JobReport } from '../../job/jobHead.js';
import { amountTally, type CountedAmount } from '../../job/tallies.js';
import { digitsOf } from '../../money/currency.js';

/** The result for the fine of one loan. Amounts are decimal strings. */
export type AccruedLoan = {
  /** The position of the loan in the stream, counted from 1. */
  readonly row: number;
  /** The patron. */
  readonly patronId: string;
  /** The loan. */
  readonly loanId: string;
  /** The fee of the loan's fine. The account has it once something was charged. */
  readonly feeId: string;
  /** The fee's type. */
  readonly feeType: string;
  /** The library that owns the fee. */
  readonly owner: string;
  /** The fine according to the rule. */
  readonly fine: string;
  /** The amount that accrual has charged in the account so far; less than the fine if the policy limits it. */
  readonly accrued: string;
  /** What the job did. */
  readonly outcome: 'charged' | 'increased' | 'decreased' | 'unchanged';
  /** The amount charged, added or taken back; zero if nothing changed. */
  readonly amount: string;
  /** Why the fine stopped growing, if this run ended it; otherwise null. */
  readonly ended: AccrualEndCause | null;
  /** Whether an earlier run of this job did it, so that nothing was done now. */
  readonly earlier: boolean;
};

/** A loan whose fine cannot be computed: a field is missing or invalid, or its rule or calendar is unknown. */
export type LoanInvalid = {
  /** The code of the finding. */
  readonly code: 'LOAN_INVALID';
  /** The institution. */
  readonly institution: string;
  /** The patron, or null if the loan has no patron id. */
  readonly patronId: string | null;
  /** The loan, or null if it has no id. */
  readonly loanId: string | null;
  /** The position of the loan in the stream, counted from 1. */
  readonly row: number;
  /** All faults, each with its path in the loan. */
  readonly faults: readonly Fault[];
  /** The finding in one sentence. */
  readonly message: string;
};

/** A fine that the account refuses. */
export type FineRefused = StreamId & {
  /** The code of the finding. */
  readonly code: 'REFUSED';
  /** The loan. */
  readonly loanId: string;
  /** The fee of the loan's fine. */
  readonly feeId: string;
  /** The position of the loan in the stream, counted from 1. */
  readonly row: number;
  /**
   * The reason, e.g. {@link index.AccrualHasEnded | AccrualHasEnded} if the patron was right in a dispute and the rule
   * gives another total; {@link index.IdAlreadyUsed | IdAlreadyUsed} if an earlier run of the job had other data of
   * the loan.
   */
  readonly rejection: Rejection;
  /** The finding in one sentence. */
  readonly message: string;
};

/** A loan or account that an accrual job could not process, for a person to check. Nothing was changed there. */
export type AccrualFinding = AccountFinding | LoanInvalid | FineRefused;

/** The figures of an accrual job. Amounts are decimal strings. */
export type AccrualFigures = {
  /** Fines charged for the first time. */
  readonly charged: CountedAmount;
  /** Fines that grew, and the sum of the increases. */
  readonly increased: CountedAmount;
  /** Fines that fell, and the sum of the decreases. */
  readonly decreased: CountedAmount;
  /** The number of loans that changed nothing. */
  readonly unchanged: number;
  /** The number of fines that stopped growing. They are also counted in the figures above. */
  readonly ended: number;
};

/** The figures of one fee type at one library. */
export type AccrualRow = AccrualFigures & {
  /** The fee type's code. */
  readonly feeType: string;
  /** The library that owns the fees. */
  readonly owner: string;
};

/** The report of an accrual job. If the job ran again after a crash, the report covers both runs. */
export type AccrualReport = JobReport<AccrualFinding> & {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The number of loans in the stream. */
  readonly loans: number;
  /** The number of loans that an earlier run of this job had processed. */
  readonly earlier: number;
  /** The number of loans whose charge differs from the computed fine because of a limit or a waiver. */
  readonly notAsComputed: number;
  /** The figures of all loans. */
  readonly total: AccrualFigures;
  /** The figures by fee type and library, sorted by code. */
  readonly rows: readonly AccrualRow[];
};

/** Sums the results of a job. */
export function figuresTally(currency: string) {
  const digits = digitsOf(currency);
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

/** Sums the results of a job by fee type and library. */
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
    result: (loans: number): Omit<AccrualReport, keyof JobReport> => ({
      currency,
      loans,
      ...counts,
      total: total.result(),
      rows: [...rows]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { feeType, owner, figures }]) => ({ feeType, owner, ...figures.result() })),
    }),
  };
}
