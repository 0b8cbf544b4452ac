import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { type PostingOptions, postingFields } from '../../books/journal/postingsOf.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS, instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type JobActor, jobActorField } from '../../job/jobHead.js';
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
  /** How long something must have been settled, in days of 24 hours: 1 or more. */
  readonly settledForDays: number;
};

/** The fields of {@link RetentionForm}. */
const retentionFields = {
  institution: nameField,
  at: instantField,
  reason: v.optional(nameField),
  by: jobActorField,
  settledForDays: wholeNumber(1),
};

const formSchema = v.pipe(plainObject, v.strictObject({ ...retentionFields, jobId: v.optional(nameField) }));

const purgeFormSchema = v.pipe(
  plainObject,
  v.strictObject({ ...retentionFields, ...postingFields, jobId: commandIdField, timeZone: timeZoneField }),
);

/** Checks a form. */
export function checkedRetentionForm(form: RetentionForm) {
  return checkedArgument(formSchema, form, 'form');
}

/** The accounts and the age of a purge, and how the journal is posted whose totals are kept. */
export type PurgeForm = Omit<RetentionForm, 'jobId'> &
  PostingOptions & {
    /** The purge's id, 1 to 190 characters: the `purgeId` of the event that is left of each account. */
    readonly jobId: string;
    /** The library's time zone, an IANA name: the totals are kept per month in this zone. */
    readonly timeZone: string;
  };

/** Checks a form of a purge. */
export function checkedPurgeForm(form: PurgeForm) {
  return checkedArgument(purgeFormSchema, form, 'form');
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
