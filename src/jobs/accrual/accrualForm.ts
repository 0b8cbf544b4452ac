import * as v from 'valibot';
import type { RecordedActor } from '../../account/circumstances.js';
import { actorField, nameField } from '../../account/fieldSchemas.js';
import { type Fault, isPatronFeesError, PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { faultText } from '../../input/faults.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { minorDigits } from '../../money/currency.js';
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
  readonly by?: RecordedActor;
};

/** A checked form. */
export type CheckedAccrualForm = {
  readonly jobId: string;
  readonly at: string;
  readonly institution: string;
  readonly feeType: string;
  readonly rules: ReadonlyMap<string, FineRule>;
  readonly calendars: ReadonlyMap<string, LibraryCalendar>;
  readonly by: RecordedActor;
  /** The policy's currency. */
  readonly currency: string;
  /** Zero in that currency. */
  readonly nothing: string;
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
  by: v.optional(actorField, { channel: 'job' }),
});

/**
 * Checks a form, its rules and its calendars.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedAccrualForm(form: AccrualForm, { currency }: FeePolicy): CheckedAccrualForm {
  const { rules, calendars, ...checked } = checkedArgument(formSchema, form, 'form');
  const faults: Fault[] = [];
  const defined = <Value>(
    inputs: Record<string, unknown>,
    list: string,
    name: string,
    define: (value: Value) => Value,
  ): ReadonlyMap<string, Value> => {
    const values = new Map<string, Value>();
    for (const [key, input] of Object.entries(inputs)) {
      try {
        values.set(key, define(input as Value));
      } catch (error) {
        if (!isPatronFeesError(error, 'INVALID_ARGUMENT')) throw error;
        for (const fault of error.details.faults as readonly Fault[]) {
          faults.push({ ...fault, path: `form.${list}.${key}${fault.path.slice(name.length)}` });
        }
      }
    }
    return values;
  };
  const known = defined<FineRule>(rules, 'rules', 'rule', definedFineRule);
  for (const [key, rule] of known) {
    if (rule.currency === currency) continue;
    faults.push({
      path: `form.rules.${key}.currency`,
      expected: `the policy's currency, ${currency}`,
      found: rule.currency,
    });
  }
  const result = {
    ...(checked as Pick<CheckedAccrualForm, 'jobId' | 'at' | 'institution' | 'feeType' | 'by'>),
    rules: known,
    calendars: defined<LibraryCalendar>(calendars, 'calendars', 'calendar', defineCalendar),
    currency,
    nothing: formatAmount(0, minorDigits(currency) as number),
  };
  if (faults.length === 0) return result;
  const list = faults.map((fault) => faultText(fault));
  throw new PatronFeesError('INVALID_ARGUMENT', list.join('; '), { faults });
}
