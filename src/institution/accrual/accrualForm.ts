import * as v from 'valibot';
import type { Actor } from '../../account/circumstances.js';
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

/** What an accrual job does, and under which name. */
export type AccrualForm = {
  /**
   * Names the run, e.g. `night of 2026-03-09`, 1 to 100 characters. Run again after a crash with the same id, it does
   * nothing twice. Every night needs another id.
   */
  readonly jobId: string;
  /** The time of the run, ISO 8601 with a zone: the time of its events, and until when loans that are still out count. */
  readonly at: string;
  /** The institution whose loans they are. */
  readonly institution: string;
  /**
   * The fee type of loans that name none.
   *
   * @defaultValue `OVERDUEFINE`
   */
  readonly feeType?: string;
  /**
   * The fine rules that loans name, by key: made by `defineFineRule` or read from JSON, in the policy's currency.
   *
   * @defaultValue none
   */
  readonly rules?: Readonly<Record<string, FineRule>>;
  /**
   * The calendars that loans name, by key: made by `defineCalendar` or read from JSON.
   *
   * @defaultValue none
   */
  readonly calendars?: Readonly<Record<string, LibraryCalendar>>;
  /**
   * Who runs it.
   *
   * @defaultValue nobody in particular, by the channel `job`
   */
  readonly by?: Actor;
};

/** A form that was checked. */
export type CheckedAccrualForm = {
  readonly jobId: string;
  readonly at: string;
  readonly institution: string;
  readonly feeType: string;
  readonly rules: ReadonlyMap<string, FineRule>;
  readonly calendars: ReadonlyMap<string, LibraryCalendar>;
  readonly by: Actor;
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
