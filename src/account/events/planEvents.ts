import type { Circumstances, EventMetadata } from '../circumstances.js';
import type { Instalment } from '../instalments.js';
import type { PlanEndCause } from '../records.js';

/**
 * The patron and the library agreed that fees are paid in instalments. Moves no money: the paid amount of a plan is the
 * decrease of what is owed on its fees since then.
 */
export type PaymentPlanAgreed = {
  /** The event's name in storage. */
  readonly type: 'PaymentPlanAgreed';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The plan's id, unique in the account. */
    readonly planId: string;
    /** The fees that it is about, each once. */
    readonly feeIds: readonly string[];
    /** ISO 4217 code of the instalments. */
    readonly currency: string;
    /** The instalments, by date; they add up to what was owed on the fees. */
    readonly instalments: readonly Instalment[];
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};

/** A person ended a payment plan on which something was still owed. Its fees can be transferred again. */
export type PaymentPlanEnded = {
  /** The event's name in storage. */
  readonly type: 'PaymentPlanEnded';
  /** The recorded facts. */
  readonly data: Circumstances & {
    /** The plan. */
    readonly planId: string;
    /** Why it ended. */
    readonly cause: PlanEndCause;
  };
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};
