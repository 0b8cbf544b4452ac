import * as v from 'valibot';
import { type Channel, channels } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { plainObject } from '../../plainObject.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import { timeZoneField } from '../../views/readerFormat.js';

/** What a payments report can tell apart. */
export const paymentsColumns = ['day', 'library', 'desk', 'channel', 'method', 'owner', 'feeType'] as const;

/**
 * What a payments report can tell apart.
 *
 * - `day`: the library's calendar day.
 * - `library`, `desk`, `channel`: where the money was taken or given back.
 * - `method`: how, a payment method's code.
 * - `owner`: the library whose fee it was for.
 * - `feeType`: the fee's type.
 */
export type PaymentsColumn = (typeof paymentsColumns)[number];

/** Which money a payments report is about. */
export type PaymentsReportForm = {
  /** The time zone that the library's days are days of, an IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /** The first day, `YYYY-MM-DD`. */
  readonly from: string;
  /** The last day, `YYYY-MM-DD`, itself included. */
  readonly to: string;
  /** What to tell apart, in this order; day, library, desk, method and fee type if left out. */
  readonly by?: readonly PaymentsColumn[];
  /**
   * Which day something counts on: the one it happened on (`at`, if left out), or the one it was recorded on. What is
   * reported late changes an earlier day by `at`; a day by `recordedAt` never changes once it is over.
   */
  readonly dayOf?: 'at' | 'recordedAt';
  /**
   * Only what passed the tills of these libraries.
   *
   * @defaultValue every library
   */
  readonly libraries?: readonly string[];
  /**
   * Only what passed these desks.
   *
   * @defaultValue every desk
   */
  readonly desks?: readonly string[];
  /**
   * Only what came through these channels.
   *
   * @defaultValue every channel
   */
  readonly channels?: readonly Channel[];
};

/** Tells whether the calendar has a day: `Date` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}

const DAY_EXPECTED = 'a day of the calendar, YYYY-MM-DD';

const dayField = v.pipe(v.string(DAY_EXPECTED), v.check(isDay, DAY_EXPECTED));

/** Columns out of those there are, each once. */
export function columnsField(known: readonly PaymentsColumn[]) {
  const isEachOnce = (names: PaymentsColumn[]) => new Set(names).size === names.length;
  return v.pipe(v.array(v.picklist(known)), v.check(isEachOnce, 'each column once'));
}

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    timeZone: timeZoneField,
    from: dayField,
    to: dayField,
    by: v.optional(columnsField(paymentsColumns), ['day', 'library', 'desk', 'method', 'feeType']),
    dayOf: v.optional(v.picklist(['at', 'recordedAt']), 'at'),
    libraries: v.optional(v.array(nameField)),
    desks: v.optional(v.array(nameField)),
    channels: v.optional(v.array(v.picklist(channels))),
  }),
  v.check(({ from, to }) => from <= to || !isDay(from) || !isDay(to), 'from to be no later than to'),
);

/** A form that has been checked, with what was left out. */
export type CheckedPaymentsForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedPaymentsForm(form: PaymentsReportForm): CheckedPaymentsForm {
  return checkedArgument(formSchema, form, 'form');
}
