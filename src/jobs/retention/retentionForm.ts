import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { type PostingOptions, postingFields } from '../../books/journal/postingsOf.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS, instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type JobActor, type JobApprover, jobActorField, jobApproverField } from '../../job/jobHead.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Retention } from '../../policy/policyRules.js';
import type { ActorLacksRole } from '../bulkWaive/notWaived.js';

/** The accounts and the age of a job that erases data. */
export type RetentionForm = {
  /**
   * The id of the job, for its report.
   *
   * @defaultValue none
   */
  readonly jobId?: string;
  /** The institution of the accounts. */
  readonly institution: string;
  /** When the job was ordered, ISO 8601 with a zone: ages count until then. */
  readonly at: string;
  /** The staff member who orders it. */
  readonly by: JobActor;
  /**
   * Why, for the report and the events of a purge.
   *
   * @defaultValue none
   */
  readonly reason?: string;
  /**
   * How long something must have been settled, in days of 24 hours: 1 or more, and not less than the policy's
   * `retention`.
   */
  readonly settledForDays: number;
};

/** Returns the fields of {@link RetentionForm}, with the longest of the ages in the policy that bind the job. */
function retentionFields({ retention = {} }: FeePolicy, ...ages: readonly (keyof Retention)[]) {
  const least = Math.max(1, ...ages.map((age) => retention[age] ?? 1));
  const age = ages.find((one) => retention[one] === least);
  return {
    institution: nameField,
    at: instantField,
    reason: v.optional(nameField),
    by: jobActorField,
    settledForDays: wholeNumber(least, age && `, as \`retention.${age}\` of the policy requires`),
  };
}

/** Checks a form. */
export function checkedRetentionForm(form: RetentionForm, policy: FeePolicy) {
  const fields = { ...retentionFields(policy, 'eraseTextsAfterDays'), jobId: v.optional(nameField) };
  return checkedArgument(onlyFields(fields), form, 'form');
}

/** The accounts and the age of a purge, and how the journal is posted whose totals are kept. */
export type PurgeForm = Omit<RetentionForm, 'jobId'> &
  PostingOptions & {
    /** The purge's id, 1 to 190 characters: the `purgeId` of the event that is left of each account. */
    readonly jobId: string;
    /** The library's time zone, an IANA name: the totals are kept per month in this zone. */
    readonly timeZone: string;
    /**
     * Another member of staff who approves it, if the policy's `approvals` name `Purge`.
     *
     * @defaultValue nobody
     */
    readonly approvedBy?: JobApprover;
  };

/** Checks a form of a purge. It removes texts too. */
export function checkedPurgeForm(form: PurgeForm, policy: FeePolicy) {
  const fields = {
    ...retentionFields(policy, 'purgeAfterDays', 'eraseTextsAfterDays'),
    ...postingFields,
    jobId: commandIdField,
    timeZone: timeZoneField,
    approvedBy: v.optional(jobApproverField),
  };
  return checkedArgument(onlyFields(fields), form, 'form');
}

/** Returns the last instant at which an event is old enough, in milliseconds. */
export function oldEnough({ at, settledForDays }: Pick<RetentionForm, 'at' | 'settledForDays'>): number {
  return Date.parse(at) - settledForDays * DAY_MS;
}

/** The role that is allowed to erase data. */
const RETENTION_ROLE = 'USER_MANAGER';

/** Returns why a staff member may not erase data. */
export function retentionRefusal({ userId, roles }: JobActor): ActorLacksRole | undefined {
  if (roles.includes(RETENTION_ROLE)) return undefined;
  return { type: 'ActorLacksRole', kind: 'forbidden', userId, role: RETENTION_ROLE };
}
