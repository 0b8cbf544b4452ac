import type { PaymentPlanStatus } from '../paymentPlan.js';
import type { Refusal } from './refusal.js';

/** The account has no payment plan with this id. */
export type PaymentPlanNotFound = Refusal<'PaymentPlanNotFound', 'notFound'> & {
  /** The id in the command. */
  readonly planId: string;
};

/** The payment plan is fulfilled or was ended before. */
export type PaymentPlanNotRunning = Refusal<'PaymentPlanNotRunning', 'conflict'> & {
  /** The plan. */
  readonly planId: string;
  /** The plan's status. */
  readonly status: Exclude<PaymentPlanStatus, 'running'>;
};

/** The fee is in a running payment plan, so it cannot be transferred or put into another plan. */
export type FeeInPaymentPlan = Refusal<'FeeInPaymentPlan', 'conflict'> & {
  /** The fee. */
  readonly feeId: string;
  /** The plan. */
  readonly planId: string;
};

/** The instalments do not add up to what is owed on the plan's fees. */
export type InstalmentsDoNotAddUp = Refusal<'InstalmentsDoNotAddUp', 'conflict'> & {
  /** The sum of the instalments, a decimal string. */
  readonly total: string;
  /** What is owed on the fees, a decimal string. */
  readonly owed: string;
};

/** The English sentences of these rejections. */
export const englishPlanRejections = {
  PaymentPlanNotFound: 'This patron has no payment plan {planId}.',
  PaymentPlanNotRunning: ({ planId, status }: PaymentPlanNotRunning) =>
    `Payment plan ${planId} is ${status}.`,
  FeeInPaymentPlan: 'Fee {feeId} is in payment plan {planId}. End the plan first.',
  InstalmentsDoNotAddUp: 'The instalments add up to {total}, but {owed} is owed.',
};
