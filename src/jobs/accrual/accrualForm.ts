import * as v from 'valibot';
import type { CommandActor } from '../../account/circumstances.js';
import { commandActorField, nameField } from '../../account/fieldSchemas.js';
import { type Fault, isPatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { isPlainObject, plainObject } from '../../input/plainObject.js';
import { withEveryFault } from '../../job/openJob.js';
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
