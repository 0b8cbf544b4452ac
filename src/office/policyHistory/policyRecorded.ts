import type { TillActor, TillEventMetadata } from '../till/tillEvents.js';

/** A policy was put in force. */
export type PolicyRecorded = {
  /** The event's name. */
  readonly type: 'PolicyRecorded';
  /** The policy, and what changed. */
  readonly data: {
    /** The number of the record, from 1: one more than that of the record before. */
    readonly number: number;
    /** From when on the policy is in force, until the `from` of another record: ISO 8601 with a zone. */
    readonly from: string;
    /** The complete policy, as `definePolicy` of the recording release returned it. */
    readonly policy: Readonly<Record<string, unknown>>;
    /**
     * The paths that differ from the policy in force at `from` before, sorted; the names of all fields if there was
     * none.
     */
    readonly changed: readonly string[];
    /** When it was recorded: ISO 8601 with a zone. */
    readonly at: string;
    /** Who recorded it. */
    readonly by: TillActor;
    /** Why; absent without a comment. */
    readonly comment?: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};
