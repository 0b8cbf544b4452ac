import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { DAY_MS, dateField, instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { OnlinePaymentStatus } from '../../office/onlinePayments/onlinePaymentStatus.js';
import type { OnlineFinding } from '../onlineFinding.js';

/** Which online payments to list. */
export type OnlineListForm = {
  /** The institution. */
  readonly institution: string;
  /** The present time, ISO 8601 with a zone. */
  readonly at: string;
  /**
   * Only payments that were begun for this patron, and what was kept of them.
   *
   * @defaultValue those of every patron
   */
  readonly patronId?: string;
  /**
   * Only this payment.
   *
   * @defaultValue every payment, and what was kept
   */
  readonly onlinePaymentId?: string;
  /**
   * Only this report or row that was kept.
   *
   * @defaultValue every payment, and what was kept
   */
  readonly keptId?: string;
  /**
   * Only payments in one of these states.
   *
   * @defaultValue every state
   */
  readonly states?: readonly OnlineListState[];
  /**
   * Only payments with one of these findings.
   *
   * @defaultValue payments with any finding or none
   */
  readonly codes?: readonly OnlineFinding['code'][];
  /**
   * The first day on which they were begun or told, `YYYY-MM-DD`.
   *
   * @defaultValue no first day
   */
  readonly from?: string;
  /**
   * The last day, inclusive.
   *
   * @defaultValue no last day
   */
  readonly through?: string;
  /**
   * The time zone of the days.
   *
   * @defaultValue `'UTC'`
   */
  readonly timeZone?: string;
  /**
   * After how many days past its expiry a payment that is not final is a finding, as of the monitor: 1 or more.
   *
   * @defaultValue such a payment is no finding
   */
  readonly askForDays?: number;
  /**
   * Only what somebody must be reminded of: payments with a finding that is open for whole multiples of
   * `remindEveryDays`, one of which came after this time, that of the last reminders; null for the first ones.
   *
   * @defaultValue all payments
   */
  readonly remindedAt?: string | null;
  /**
   * The days between two reminders of a finding; the first comes at once.
   *
   * @defaultValue `1`
   */
  readonly remindEveryDays?: number;
};

/**
 * The state of an online payment in a list. A refused part of a report or payout is `kept` while it is open, and
 * `settled` once a person settled it. A payment that cannot be read is `unreadable`.
 */
export type OnlineListState = OnlinePaymentStatus | 'kept' | 'settled' | 'unreadable';

const states = [
  'started',
  'pending',
  'ended',
  'captured',
  'recorded',
  'returned',
  'kept',
  'settled',
  'unreadable',
] as const satisfies readonly OnlineListState[];

/** The schema of {@link OnlineListForm}. */
export const onlineListFormSchema = onlyFields({
  institution: nameField,
  at: instantField,
  patronId: v.optional(nameField),
  onlinePaymentId: v.optional(nameField),
  keptId: v.optional(nameField),
  states: v.optional(v.array(v.picklist(states))),
  codes: v.optional(v.array(nameField)),
  from: v.optional(dateField),
  through: v.optional(dateField),
  timeZone: v.optional(timeZoneField, 'UTC'),
  askForDays: v.optional(wholeNumber(1)),
  remindedAt: v.nullish(instantField),
  remindEveryDays: v.optional(wholeNumber(1), 1),
});

/** A form whose fields are checked. */
export type CheckedListForm = v.InferOutput<typeof onlineListFormSchema>;

/** Whether a moment of reminding is after the last reminders and not after the present. */
export function isReminded(since: string, { at, remindedAt, remindEveryDays }: CheckedListForm): boolean {
  const [sinceMs, atMs] = [Date.parse(since), Date.parse(at)];
  const everyMs = remindEveryDays * DAY_MS;
  const latestMs = sinceMs + Math.floor((atMs - sinceMs) / everyMs) * everyMs;
  const lastMs = remindedAt == null ? Number.NEGATIVE_INFINITY : Date.parse(remindedAt);
  return sinceMs <= atMs && latestMs > lastMs;
}
