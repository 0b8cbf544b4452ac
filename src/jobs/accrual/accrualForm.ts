import * as v from 'valibot';
import type { AccrualEndCause } from '../../account/accrual.js';
import type { CommandActor } from '../../account/circumstances.js';
import { commandActorField, nameField } from '../../account/fieldSchemas.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { type Fault, isPatronFeesError } from '../../errors.js';
import type { StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { isPlainObject, plainObject } from '../../input/plainObject.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import type { JobReport } from '../../job/jobHead.js';
import { withEveryFault } from '../../job/openJob.js';
import { amountTally, type CountedAmount } from '../../job/tallies.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { defineCalendar } from '../../overdue/defineCalendar.js';
import { definedFineRule } from '../../overdue/defineFineRule.js';
import type { FineRule } from '../../overdue/fineRule.js';
import type { LibraryCalendar } from '../../overdue/libraryCalendar.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** The id, time and rules of an accrual job. */
export type AccrualForm = {
  /**
   * The id of the run, e.g. `night of 2026-03-09`, 1 to 100 characters. A job that crashed can run again with the same
   * id and does nothing twice. Every night needs a new id.
   */
  readonly jobId: string;
  /**
   * The time of the run, ISO 8601 with a zone: the time of its events, and the time up to which loans that are still
   * out count.
   */
  readonly at: string;
  /** The institution of the loans. */
  readonly institution: string;
  /**
   * The fee type of loans that do not have their own.
   *
   * @defaultValue `OVERDUEFINE`
   */
  readonly feeType?: string;
  /**
   * The fine rules that loans refer to, by key. Each is made by `defineFineRule` or read from JSON, in the policy's
   * currency.
   *
   * @defaultValue no rules
   */
  readonly rules?: Readonly<Record<string, FineRule>>;
  /**
   * The calendars that loans refer to, by key. Each is made by `defineCalendar` or read from JSON.
   *
   * @defaultValue no calendars
   */
  readonly calendars?: Readonly<Record<string, LibraryCalendar>>;
  /**
   * The actor of all events.
   *
   * @defaultValue an actor without a user, with the channel `job`
   */
  readonly by?: CommandActor;
  /** Why it was ordered, for the report; none if left out. */
  readonly reason?: string;
};

/** A checked form. */
export type CheckedAccrualForm = {
  readonly jobId: string;
  readonly at: string;
  readonly institution: string;
  readonly feeType: string;
  readonly rules: ReadonlyMap<string, FineRule>;
  readonly calendars: ReadonlyMap<string, LibraryCalendar>;
  readonly by: CommandActor;
  readonly reason?: string | undefined;
  /** The policy's currency. */
  readonly currency: string;
  /** Zero in that currency. */
  readonly nothing: string;
  /** Fines of this run, by the data that they were computed from: many loans are due at the same time. */
  readonly fines: Map<string, string>;
};

const JOB_ID_LENGTH_MAX = 100;

const JOB_ID_EXPECTED = `at most ${JOB_ID_LENGTH_MAX} characters`;

const byKey = v.optional(v.pipe(plainObject, v.record(v.string(), v.unknown())), {});

const formSchema = v.strictObject({
  jobId: v.pipe(
    nameField,
    v.check((id) => id.length <= JOB_ID_LENGTH_MAX, JOB_ID_EXPECTED),
  ),
  at: instantField,
  institution: nameField,
  feeType: v.optional(nameField, 'OVERDUEFINE'),
  rules: byKey,
  calendars: byKey,
  by: v.optional(commandActorField, { channel: 'job' }),
  reason: v.optional(nameField),
});

/**
 * Checks a form, its rules and its calendars.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedAccrualForm(form: AccrualForm, { currency }: FeePolicy): CheckedAccrualForm {
  const [checked, rules, calendars] = withEveryFault(
    [],
    () => checkedArgument(formSchema, form, 'form'),
    () =>
      definedByKey<FineRule>(form?.rules, 'rules', 'rule', (rule) =>
        inCurrency(definedFineRule(rule), currency),
      ),
    () => definedByKey<LibraryCalendar>(form?.calendars, 'calendars', 'calendar', defineCalendar),
  );
  return {
    ...(checked as Pick<CheckedAccrualForm, 'jobId' | 'at' | 'institution' | 'feeType' | 'by' | 'reason'>),
    rules,
    calendars,
    currency,
    nothing: formatAmount(0, digitsOf(currency)),
    fines: new Map(),
  };
}

/**
 * Checks the values of a field of the form.
 *
 * @param field - the field
 * @param name - the name in the paths of the faults of a value
 */
function definedByKey<Value>(
  inputs: unknown,
  field: string,
  name: string,
  define: (value: Value) => Value,
): ReadonlyMap<string, Value> {
  const faults: Fault[] = [];
  const values = new Map<string, Value>();
  for (const [key, input] of isPlainObject(inputs) ? Object.entries(inputs) : []) {
    try {
      values.set(key, define(input as Value));
    } catch (error) {
      if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
      for (const fault of error.details.faults as readonly Fault[]) {
        faults.push({ ...fault, path: `form.${field}.${key}${fault.path.slice(name.length)}` });
      }
    }
  }
  withEveryFault(faults);
  return values;
}

function inCurrency(rule: FineRule, currency: string): FineRule {
  const expected = `the policy's currency, ${currency}`;
  withEveryFault(
    rule.currency === currency ? [] : [{ path: 'rule.currency', expected, found: rule.currency }],
  );
  return rule;
}

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
function figuresTally(currency: string) {
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
