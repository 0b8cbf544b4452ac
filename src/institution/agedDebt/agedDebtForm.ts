import * as v from 'valibot';
import { instantField, nameField } from '../../account/fieldSchemas.js';
import { wholeNumber } from '../../history/storeArguments.js';
import { plainObject } from '../../plainObject.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import { timeZoneField } from '../../views/readerFormat.js';
import { usualBandEnds } from './ageBands.js';

/** Which debt to tell the age of, and how. */
export type AgedDebtForm = {
  /** When ages are told: a fee is as old as the calendar says from the day it was assessed to the day of this instant. */
  readonly asOf: string;
  /** The time zone that these days are days of, an IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /**
   * The last day of each band but the last one, rising; `[30, 60, 90, 180, 365]` if left out, which makes the bands
   * 0-30, 31-60, 61-90, 91-180, 181-365 and 366+.
   */
  readonly bandEndDays?: readonly number[];
  /**
   * Only fees of these libraries.
   *
   * @defaultValue every library
   */
  readonly owners?: readonly string[];
  /**
   * Only fees of these types.
   *
   * @defaultValue every type
   */
  readonly feeTypes?: readonly string[];
};

const RISING = 'days that rise';

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    asOf: instantField,
    timeZone: timeZoneField,
    bandEndDays: v.optional(
      v.pipe(
        v.array(wholeNumber(0)),
        v.check(
          (days) => days.every((day, index) => index === 0 || day > (days[index - 1] as number)),
          RISING,
        ),
      ),
      () => [...usualBandEnds],
    ),
    owners: v.optional(v.array(nameField)),
    feeTypes: v.optional(v.array(nameField)),
  }),
);

/** A form that has been checked, with what was left out. */
export type CheckedAgedDebtForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedAgedDebtForm(form: AgedDebtForm): CheckedAgedDebtForm {
  return checkedArgument(formSchema, form, 'form');
}
