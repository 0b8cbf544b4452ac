import * as v from 'valibot';
import type { CommandActor, RecordedActor } from '../account/circumstances.js';
import { commandActorField, nameField } from '../account/fieldSchemas.js';
import { instantField } from '../input/instant.js';
import type { AccountFinding } from './accountFinding.js';
import type { FindingsReport } from './tallies.js';

/** Who ordered a job, and why: the head of its report. Absent details are null. */
export type JobHead = {
  /** The id of the job: {@link reports.runAuditTrail | runAuditTrail} lists its commands. Null for a job that changes nothing, unless given. */
  readonly jobId: string | null;
  /** The institution. */
  readonly institution: string;
  /** When it was ordered: the time of its events, if it makes any. */
  readonly at: string | null;
  /** Who ordered it: the actor of its events, if it makes any. Without roles. */
  readonly by: RecordedActor | null;
  /** The reason; that of its events, if it makes any. */
  readonly reason: string | null;
  /** The libraries whose fees and credits it is limited to; null if it is for all. */
  readonly owners: readonly string[] | null;
  /** ISO 4217 code of all amounts; null if a list has amounts in any currency, each with its code. */
  readonly currency: string | null;
};

/**
 * What the report of every job has. A job that lists lines returns it after the last line, as the generator's return
 * value. Functions without a store, such as {@link reports.agedDebt | agedDebt} and {@link reports.paymentsReport | paymentsReport}, are not jobs and have no head.
 */
export type JobReport<Finding = AccountFinding> = {
  /** Who ordered the job, and why. */
  readonly job: JobHead;
  /**
   * The instant right after the last event that the report is made of; if it is made of none, that of the form or null.
   * As `recordedBefore` of the form it makes the same report again, even after more is recorded and other patrons join.
   * If others append while the job runs, accounts that were read early miss what is appended later: give a time in the
   * past.
   */
  readonly recordedBefore: string | null;
  /** What could not be done or read, and why: no account is missing without a finding. */
  readonly findings: FindingsReport<Finding>;
};

/** Who orders a job, and why: part of the form of every job. */
export type JobOrder = {
  /** An id of the job, to find the report by; none if left out. */
  readonly jobId?: string;
  /** When it was ordered, ISO 8601 with a zone; not recorded if left out. */
  readonly at?: string;
  /** Who ordered it; not recorded if left out. */
  readonly by?: CommandActor;
  /** Why, such as the number of a request; none if left out. */
  readonly reason?: string;
};

/** The staff member who orders a job that needs a role. The channel of its events is `job`. */
export type JobActor = {
  /** Their user id; recorded in the events. */
  readonly userId: string;
  /**
   * Their roles in the library system; `USER_MANAGER` must be among them, or `USER_ADMINISTRATOR` for a bulk waive.
   */
  readonly roles: readonly string[];
};

/** Another member of staff who approves a job, if the policy's approvals name the job. This approval has no amount. */
export type JobApprover = {
  /** The user who approves; recorded in the events. */
  readonly userId: string;
  /** The roles of this user, for the policy's approvals; not recorded. */
  readonly roles?: readonly string[];
};

/** The fields of the form of every job that only reads. */
export type ReportForm = JobOrder & {
  /** The institution of the accounts. */
  readonly institution: string;
  /**
   * Only events recorded before this instant count, ISO 8601 with a zone. That of an earlier report
   * ({@link JobReport}) makes the same report again.
   *
   * @defaultValue the accounts as they are when they are read
   */
  readonly recordedBefore?: string;
};

/** The schemas of {@link JobOrder}. */
export const orderFields = {
  jobId: v.optional(nameField),
  at: v.optional(instantField),
  by: v.optional(commandActorField),
  reason: v.optional(nameField),
};

/** The schema of {@link JobActor}. */
export const jobActorField = v.strictObject({ userId: nameField, roles: v.array(v.string()) });

/** The schema of {@link JobApprover}. */
export const jobApproverField = v.strictObject({
  userId: nameField,
  roles: v.exactOptional(v.array(nameField)),
});

/** Returns who approved, for events: without roles. */
export function approvalOf(approver: JobApprover | undefined) {
  return approver === undefined ? {} : { approvedBy: { userId: approver.userId } };
}

/** The schemas of {@link ReportForm}. */
export const reportFormFields = {
  ...orderFields,
  institution: nameField,
  recordedBefore: v.optional(instantField),
};

/** The data of a form for the head of its report. */
export type HeadOfForm = {
  readonly [Detail in Exclude<keyof JobOrder, 'by'>]?: JobOrder[Detail] | undefined;
} & {
  readonly by?: CommandActor | JobActor | undefined;
  readonly institution: string;
  readonly owners?: readonly string[] | undefined;
};

/** Returns the head of a report. */
export function jobHead(form: HeadOfForm, currency: string | null): JobHead {
  const { jobId = null, institution, at = null, by, reason = null, owners = null } = form;
  return { jobId, institution, at, by: by === undefined ? null : actorOf(by), reason, owners, currency };
}

/** Returns the actor that events record. */
export function actorOf({ roles: _roles, ...actor }: CommandActor | JobActor): RecordedActor {
  return 'channel' in actor ? actor : { ...actor, channel: 'job' };
}
