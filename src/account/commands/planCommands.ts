import type { Instalment } from '../instalments.js';
import type { PlanEndCause } from '../records.js';
import type { CommandBase } from './commandBase.js';

/**
 * Agree with the patron that fees are paid in instalments. The command's id becomes the plan's id.
 * {@link instalmentsOf} divides an amount.
 *
 * While the plan runs, its fees are not transferred to an external billing system. Payments name the plan's fees.
 *
 * Refused: {@link FeeNotFound}, {@link FeeIsDisputed}, {@link FeeStillAccruing}, {@link NothingOwed},
 * {@link FeeInPaymentPlan}, {@link InstalmentsDoNotAddUp}, {@link AccountMergedRejection | AccountMerged}.
 *
 * @events {@link PaymentPlanAgreed}.
 */
export type AgreePaymentPlan = CommandBase & {
  /** The command's name. */
  readonly type: 'AgreePaymentPlan';
  /** The fees, each once. Something is owed on each. */
  readonly feeIds: readonly string[];
  /** The instalments, each on a later day than the one before. They add up to what is owed on the fees. */
  readonly instalments: readonly Instalment[];
};

/**
 * End a payment plan before everything is paid.
 *
 * Refused: {@link PaymentPlanNotFound}, {@link PaymentPlanNotRunning}.
 *
 * @events {@link PaymentPlanEnded}.
 */
export type EndPaymentPlan = CommandBase & {
  /** The command's name. */
  readonly type: 'EndPaymentPlan';
  /** The plan. */
  readonly planId: string;
  /** Why it ends. */
  readonly cause: PlanEndCause;
};
