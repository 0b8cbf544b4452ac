import type { TillActor, TillEventMetadata } from '../till/tillEvents.js';

/** A policy was put in force. */
export type PolicyRecorded = {
  /** The event's name. */
  readonly type: 'PolicyRecorded';
  /** The policy, and what changed. */
  readonly data: {
    /** The number of the policy, from 1: one more than that of the policy before. */
    readonly number: number;
    /** From when on the policy is in force: ISO 8601 with a zone. */
    readonly from: string;
    /** The complete policy, as `definePolicy` of the recording release returned it. */
    readonly policy: Readonly<Record<string, unknown>>;
    /** The paths that differ from the policy before, sorted; the names of all fields for the first one. */
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
