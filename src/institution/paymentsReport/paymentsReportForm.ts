import * as v from 'valibot';
import { type Channel, channels } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { dateField, isDate } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';

/** What a payments report can tell apart. */
export const paymentsColumns = [
  'day',
  'library',
  'desk',
  'channel',
  'user',
  'method',
  'owner',
  'feeType',
] as const;

/**
 * What a payments report can tell apart.
 *
 * - `day`: the library's calendar day.
 * - `library`, `desk`, `channel`: where the money was taken or given back.
 * - `user`: who took it or gave it back: the staff member at a desk, the patron online.
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

/** What a payments report is made of over a store. */
export type PaymentsReportJobForm = PaymentsReportForm & {
  /** The institution whose accounts are meant. */
  readonly institution: string;
};

/** Columns out of those there are, each once. */
export function columnsField(known: readonly PaymentsColumn[]) {
  const isEachOnce = (names: PaymentsColumn[]) => new Set(names).size === names.length;
  return v.pipe(v.array(v.picklist(known)), v.check(isEachOnce, 'each column once'));
}

const fields = {
  timeZone: timeZoneField,
  from: dateField,
  to: dateField,
  by: v.optional(columnsField(paymentsColumns), ['day', 'library', 'desk', 'method', 'feeType']),
  dayOf: v.optional(v.picklist(['at', 'recordedAt']), 'at'),
  libraries: v.optional(v.array(nameField)),
  desks: v.optional(v.array(nameField)),
  channels: v.optional(v.array(v.picklist(channels))),
};

const isForward = ({ from, to }: { readonly from: string; readonly to: string }) =>
  from <= to || !isDate(from) || !isDate(to);

const FORWARD = 'from to be no later than to';

const formSchema = v.pipe(
  plainObject,
  v.strictObject(fields),
  v.check((form) => isForward(form), FORWARD),
);

const jobFormSchema = v.pipe(
  plainObject,
  v.strictObject({ ...fields, institution: nameField }),
  v.check((form) => isForward(form), FORWARD),
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

/** A job's form that has been checked, with what was left out. */
type CheckedPaymentsJobForm = v.InferOutput<typeof jobFormSchema>;

/**
 * Checks the form of a job.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedPaymentsJobForm(form: PaymentsReportJobForm): CheckedPaymentsJobForm {
  return checkedArgument(jobFormSchema, form, 'form');
}
