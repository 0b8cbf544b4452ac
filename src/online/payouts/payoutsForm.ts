import * as v from 'valibot';
import { commandActorField, nameField } from '../../account/fieldSchemas.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { JobOrder } from '../../job/jobHead.js';

/** Which payouts to compare, and when. */
export type PayoutsForm = JobOrder & {
  /** The institution. */
  readonly institution: string;
  /** The present time, ISO 8601 with a zone: the time of what is recorded. */
  readonly at: string;
  /**
   * The payment method of the payments in the rows.
   *
   * @defaultValue the method of the policy's `onlinePayments`
   */
  readonly method?: string;
  /**
   * After how many days a capture or return that is in no payout is a finding: 1 or more. Reads every online payment.
   *
   * @defaultValue not looked for
   */
  readonly notPaidOutAfterDays?: number;
};

/** The schema of {@link PayoutsForm}. */
export const payoutsFormSchema = onlyFields({
  institution: nameField,
  at: instantField,
  jobId: v.optional(nameField),
  by: v.optional(commandActorField),
  reason: v.optional(nameField),
  method: v.optional(nameField),
  notPaidOutAfterDays: v.optional(wholeNumber(1)),
});
