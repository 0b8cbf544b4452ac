import type { Recorded } from '../circumstances.js';
import type { Instalment } from '../instalments.js';
import type { PlanEndCause } from '../records.js';

/**
 * The patron and the library agreed that fees are paid in instalments. Moves no money: the paid amount of a plan is the
 * decrease of what is owed on its fees since then.
 */
export type PaymentPlanAgreed = Recorded<
  'PaymentPlanAgreed',
  {
    /** The plan's id, unique in the account. */
    readonly planId: string;
    /** The fees that it is about, each once. */
    readonly feeIds: readonly string[];
    /** ISO 4217 code of the instalments. */
    readonly currency: string;
    /** The instalments, by date; they add up to what was owed on the fees. */
    readonly instalments: readonly Instalment[];
  }
>;

/** A person ended a payment plan on which something was still owed. Its fees can be transferred again. */
export type PaymentPlanEnded = Recorded<
  'PaymentPlanEnded',
  {
    /** The plan. */
    readonly planId: string;
    /** Why it ended. */
    readonly cause: PlanEndCause;
  }
>;
