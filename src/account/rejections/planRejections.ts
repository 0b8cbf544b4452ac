import type { PaymentPlanStatus } from '../paymentPlan.js';

/** The account has no payment plan with this id. */
export type PaymentPlanNotFound = {
  /** The rejection's name. */
  readonly type: 'PaymentPlanNotFound';
  /** The kind of refusal. */
  readonly kind: 'notFound';
  /** The id in the command. */
  readonly planId: string;
};

/** The payment plan is fulfilled or was ended before. */
export type PaymentPlanNotRunning = {
  /** The rejection's name. */
  readonly type: 'PaymentPlanNotRunning';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The plan. */
  readonly planId: string;
  /** The plan's status. */
  readonly status: Exclude<PaymentPlanStatus, 'running'>;
};

/** The fee is in a running payment plan, so it cannot be transferred or put into another plan. */
export type FeeInPaymentPlan = {
  /** The rejection's name. */
  readonly type: 'FeeInPaymentPlan';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The fee. */
  readonly feeId: string;
  /** The plan. */
  readonly planId: string;
};

/** The instalments do not add up to what is owed on the plan's fees. */
export type InstalmentsDoNotAddUp = {
  /** The rejection's name. */
  readonly type: 'InstalmentsDoNotAddUp';
  /** The kind of refusal. */
  readonly kind: 'conflict';
  /** The sum of the instalments, a decimal string. */
  readonly total: string;
  /** What is owed on the fees, a decimal string. */
  readonly owed: string;
};
