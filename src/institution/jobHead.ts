import type { Actor, CommandActor } from '../account/circumstances.js';

/** Who ordered a job that changes accounts, and why: the head of its report. Absent details are null. */
export type JobHead = {
  /** The id of the job: {@link runAuditTrail} lists its commands. */
  readonly jobId: string;
  /** The institution. */
  readonly institution: string;
  /** When it was ordered: the time of its events. Null if it makes none. */
  readonly at: string | null;
  /** The actor of its events, without roles. Null if it makes none. */
  readonly by: Actor | null;
  /** The reason of its events. */
  readonly reason: string | null;
  /** The libraries whose fees and credits it is limited to; null if it is for all. */
  readonly owners: readonly string[] | null;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
};

/** The data of a job's form for the head. */
type HeadOfForm = Pick<JobHead, 'jobId' | 'institution'> & {
  readonly at?: string;
  readonly by?: CommandActor | undefined;
  readonly reason?: string;
  readonly owners?: readonly string[] | undefined;
};

/** Returns the head of a report. */
export function jobHead(form: HeadOfForm, currency: string): JobHead {
  const { jobId, institution, at = null, reason = null, owners = null } = form;
  return {
    jobId,
    institution,
    at,
    by: form.by === undefined ? null : actorOf(form.by),
    reason,
    owners,
    currency,
  };
}

function actorOf({ roles: _roles, ...actor }: CommandActor): Actor {
  return actor;
}
