import * as v from 'valibot';
import type { CommandActor, RecordedActor } from '../account/circumstances.js';
import { commandActorField, nameField } from '../account/fieldSchemas.js';
import { instantField } from '../input/instant.js';

/** Who ordered a job, and why: the head of its report. Absent details are null. */
export type JobHead = {
  /** The id of the job: {@link runAuditTrail} lists its commands. Null for a job that changes nothing, unless given. */
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
 * value. Functions without a store, such as {@link agedDebt} and {@link paymentsReport}, are not jobs and have no head.
 */
export type JobReport = {
  /** Who ordered the job, and why. */
  readonly job: JobHead;
};

/** The order of a job that changes nothing. It is only repeated in the report. */
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

/** The form of a job that changes nothing. */
export type OrderedForm = {
  /**
   * Who ordered the job, and why, for the head of its report.
   *
   * @defaultValue a head without these details
   */
  readonly job?: JobOrder;
};

/** The schemas of {@link JobOrder}. */
export const orderFields = {
  jobId: v.optional(nameField),
  at: v.optional(instantField),
  by: v.optional(commandActorField),
  reason: v.optional(nameField),
};

/** The schemas of {@link OrderedForm}. */
export const orderedFormFields = { job: v.optional(v.strictObject(orderFields)) };

/** The data of a job for the head of its report. */
type HeadOfForm = {
  readonly [Detail in keyof JobOrder]?: JobOrder[Detail] | undefined;
} & {
  readonly institution: string;
  readonly owners?: readonly string[] | undefined;
};

/** Returns the head of a report. */
export function jobHead(form: HeadOfForm, currency: string | null): JobHead {
  const { jobId = null, institution, at = null, by, reason = null, owners = null } = form;
  return { jobId, institution, at, by: by === undefined ? null : actorOf(by), reason, owners, currency };
}

function actorOf({ roles: _roles, ...actor }: CommandActor): RecordedActor {
  return actor;
}

/** Yields the lines of a job, then returns its head. */
export async function* reported<Line>(
  lines: AsyncIterable<Line>,
  job: JobHead,
): AsyncGenerator<Line, JobReport, undefined> {
  yield* lines;
  return { job };
}
