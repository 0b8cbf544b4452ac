import * as v from 'valibot';
import { type Channel, channels } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { type ReportForm, reportFormFields } from '../../job/jobHead.js';
import { type DayPeriod, dayPeriodFields, endsAfterBeginning } from '../../job/period.js';

/** The columns of a payments report. */
export const paymentsColumns = [
  'day',
  'library',
  'desk',
  'channel',
  'user',
  'tillSession',
  'method',
  'owner',
  'feeType',
] as const;

/**
 * A column of a payments report.
 *
 * - `day`: the library's calendar day.
 * - `library`, `desk`, `channel`: where the money was received or paid out.
 * - `user`: the user who received it or paid it out: the staff member at a desk, the patron online.
 * - `tillSession`: the session of the till through which the money passed.
 * - `method`: the code of the payment method.
 * - `owner`: the library that owns the fee.
 * - `feeType`: the fee's type.
 */
export type PaymentsColumn = (typeof paymentsColumns)[number];

/** The period, columns and filters of a payments report. */
export type PaymentsReportForm = DayPeriod & {
  /** The columns to group by, in this order; day, library, desk, method and fee type if left out. */
  readonly columns?: readonly PaymentsColumn[];
  /**
   * The day that an event counts on: the day it happened, or the day it was recorded; `at` if left out. An event
   * recorded late changes an earlier day by `at`; a day by `recordedAt` never changes once it is over.
   */
  readonly dayOf?: 'at' | 'recordedAt';
  /**
   * Only money that passed the tills of these libraries.
   *
   * @defaultValue every library
   */
  readonly libraries?: readonly string[];
  /**
   * Only money that passed these desks.
   *
   * @defaultValue every desk
   */
  readonly desks?: readonly string[];
  /**
   * Only money that passed through these channels.
   *
   * @defaultValue every channel
   */
  readonly channels?: readonly Channel[];
  /**
   * Only money of these till sessions.
   *
   * @defaultValue every session, and money that passed no till
   */
  readonly tillSessions?: readonly string[];
};

/** The form of a payments report job over a store. */
export type PaymentsReportJobForm = PaymentsReportForm & ReportForm;

/** The form of a list of payments: that of the payments report. */
export type PaymentsListForm = PaymentsReportJobForm & {
  /**
   * Whether waivers and their reversals are lines too, although no money passed a till.
   *
   * @defaultValue false
   */
  readonly waivers?: boolean;
  /**
   * Whether only payments without a numbered receipt are lines; it needs the store of the office.
   *
   * @defaultValue false
   */
  readonly withoutReceipt?: boolean;
};

/** Returns the schema of a list of known columns without repetition. */
export function columnsField(known: readonly PaymentsColumn[]) {
  const isEachOnce = (names: PaymentsColumn[]) => new Set(names).size === names.length;
  return v.pipe(v.array(v.picklist(known)), v.check(isEachOnce, 'each column once'));
}

const fields = {
  ...dayPeriodFields,
  columns: v.optional(columnsField(paymentsColumns), ['day', 'library', 'desk', 'method', 'feeType']),
  dayOf: v.optional(v.picklist(['at', 'recordedAt']), 'at'),
  libraries: v.optional(v.array(nameField)),
  desks: v.optional(v.array(nameField)),
  channels: v.optional(v.array(v.picklist(channels))),
  tillSessions: v.optional(v.array(nameField)),
};

const formSchema = v.pipe(plainObject, v.strictObject(fields), endsAfterBeginning());

const jobFields = { ...fields, ...reportFormFields };

const jobFormSchema = v.pipe(plainObject, v.strictObject(jobFields), endsAfterBeginning());

const listFormSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...jobFields,
    waivers: v.optional(v.boolean(), false),
    withoutReceipt: v.optional(v.boolean(), false),
  }),
  endsAfterBeginning(),
);

/** A checked form, with defaults. */
export type CheckedPaymentsForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedPaymentsForm(form: PaymentsReportForm): CheckedPaymentsForm {
  return checkedArgument(formSchema, form, 'form');
}

/** A checked form of a job, with defaults. */
type CheckedPaymentsJobForm = v.InferOutput<typeof jobFormSchema>;

/**
 * Checks the form of a job.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedPaymentsJobForm(form: PaymentsReportJobForm): CheckedPaymentsJobForm {
  return checkedArgument(jobFormSchema, form, 'form');
}

/**
 * Checks the form of a list of payments.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedPaymentsListForm(form: PaymentsListForm) {
  return checkedArgument(listFormSchema, form, 'form');
}
