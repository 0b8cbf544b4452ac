import * as v from 'valibot';
import { type Fee, owed } from '../account/fee.js';
import { findFee, findPaymentPlan, type PatronAccount } from '../account/patronAccount.js';
import {
  behindPlan,
  type PaymentPlanStatus,
  planDueUntil,
  planOwed,
  planStatus,
  planTotal,
} from '../account/paymentPlan.js';
import type { PaymentPlan } from '../account/records.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { dateField } from '../input/instant.js';
import { shown } from '../input/shown.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter } from './amountWriter.js';
import { feeTypeLabel } from './codeLabel.js';

/** A fee of a payment plan. */
export type PlanFee = {
  /** The fee. */
  readonly feeId: string;
  /** Its type's code. */
  readonly feeType: string;
  /** The label of the type. */
  readonly feeTypeLabel: string;
  /** The title of its item, or null. */
  readonly title: string | null;
  /** What is owed on it now, a decimal string. */
  readonly owed: string;
};

/** An instalment of a payment plan. What was paid counts for the earliest instalments. */
export type PlanInstalmentRow = {
  /** The last day for paying it, a local date `YYYY-MM-DD`. */
  readonly dueOn: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** The part of the amount that is still to be paid. */
  readonly open: string;
};

/** The terms of a payment plan and what was paid. Amounts are decimal strings; absent details are null. */
export type PlanProgress = {
  /** The plan. */
  readonly planId: string;
  /** The status. */
  readonly status: PaymentPlanStatus;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** When it was agreed: ISO 8601 with a zone. */
  readonly agreedAt: string;
  /** When a person ended it, ISO 8601 with a zone; null if nobody did. */
  readonly endedAt: string | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** What was owed on its fees when it was agreed: the sum of the instalments. */
  readonly total: string;
  /** The decrease of what is owed on its fees since then, by payments, waivers or anything else. */
  readonly paid: string;
  /** What is owed on its fees now. More than `total` if a payment from before the plan bounced. */
  readonly owed: string;
  /** The fees. A payment for the plan names them in `feeIds`. */
  readonly fees: readonly PlanFee[];
  /** The instalments, by date. */
  readonly instalments: readonly PlanInstalmentRow[];
};

/** A payment plan as of a day. Amounts are decimal strings. */
export type PaymentPlanView = PlanProgress & {
  /** The day, a local date. */
  readonly on: string;
  /** What should have been paid by the end of the day. */
  readonly dueUntil: string;
  /**
   * What should have been paid by then and was not; for disputed fees, only what was due before the day of the dispute
   * (UTC). Zero for a plan that does not run.
   */
  readonly behind: string;
  /** The next instalment after the day that is not paid in full, with the part to pay; null if there is none. */
  readonly nextDue: {
    /** The last day for paying it, a local date. */
    readonly dueOn: string;
    /** The part of it that is still to be paid. */
    readonly amount: string;
  } | null;
};

/** Options of {@link paymentPlan}. */
export type PaymentPlanOptions = {
  /** The plan. */
  readonly planId: string;
  /** The day, a local date of the library `YYYY-MM-DD`; its instalment counts as due. */
  readonly on: string;
};

/** Options of {@link paymentPlans}. */
export type PaymentPlansOptions = {
  /** The day, a local date of the library `YYYY-MM-DD`; its instalments count as due. */
  readonly on: string;
};

/**
 * Returns one payment plan of an account as of a day: what was paid, what is due until then, by how much the patron is
 * behind, and what is due next.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, for labels
 * @param options - the plan and the day
 * @returns the plan, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the account has no such plan;
 * `INVALID_ARGUMENT` for an invalid day; `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { decide, definePolicy, fold, instalmentsOf } from 'patron-fees';
 * import { paymentPlan } from 'patron-fees/views';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '90.00', currency: 'USD', owner: 'MAIN', at };
 * const assessed = fold([{ type: 'FeeAssessed', data: fee }]);
 * const terms = { amount: '90.00', currency: 'USD', number: 3, firstDueOn: '2026-04-01', interval: { months: 1 } };
 * const instalments = instalmentsOf(terms);
 * const plan = { type: 'AgreePaymentPlan', id: 'n1', feeIds: ['f1'], instalments, at } as const;
 * const agreed = fold(decide(plan, assessed, policy).events, assessed);
 * const payment = { type: 'ReceivePayment', id: 'p1', amount: '50', method: 'CASH', feeIds: ['f1'], at } as const;
 * const account = fold(decide(payment, agreed, policy).events, agreed);
 *
 * const { paid, dueUntil, behind, nextDue } = paymentPlan(account, policy, { planId: 'n1', on: '2026-05-15' });
 * [paid, dueUntil, behind]; //=> ['50.00', '60.00', '10.00']
 * nextDue; //=> { dueOn: '2026-06-01', amount: '30.00' }
 * ```
 */
export function paymentPlan(
  account: PatronAccount,
  policy: FeePolicy,
  options: PaymentPlanOptions,
): PaymentPlanView {
  const known = definedPolicy(policy);
  const schema = v.object({ planId: v.string(), on: dateField });
  const { planId, on } = checkedArgument(schema, options, 'options');
  const plan = findPaymentPlan(account, planId);
  if (plan === undefined)
    throw new PatronFeesError('NOT_FOUND', `the account has no payment plan ${shown(planId)}`, { planId });
  return viewOf(account, known, plan, on);
}

/**
 * Returns all payment plans of an account as of a day, in the order in which they were agreed.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, for labels
 * @param options - the day
 * @returns the plans of every status, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid day; `INVALID_POLICY` if
 * the policy is invalid
 *
 * @example
 * ```ts
 * import { decide, definePolicy, fold } from 'patron-fees';
 * import { paymentPlans } from 'patron-fees/views';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeId: 'f1', feeType: 'OTHER', amount: '90.00', currency: 'USD', owner: 'MAIN', at };
 * const assessed = fold([{ type: 'FeeAssessed', data: fee }]);
 * const instalments = [{ dueOn: '2026-04-01', amount: '45' }, { dueOn: '2026-05-01', amount: '45' }];
 * const plan = { type: 'AgreePaymentPlan', id: 'n1', feeIds: ['f1'], instalments, at } as const;
 * const account = fold(decide(plan, assessed, policy).events, assessed);
 *
 * const plans = paymentPlans(account, policy, { on: '2026-04-15' });
 * plans.map(({ planId, status, behind }) => [planId, status, behind]); //=> [['n1', 'running', '45.00']]
 * ```
 */
export function paymentPlans(
  account: PatronAccount,
  policy: FeePolicy,
  options: PaymentPlansOptions,
): readonly PaymentPlanView[] {
  const known = definedPolicy(policy);
  const { on } = checkedArgument(v.object({ on: dateField }), options, 'options');
  return account.paymentPlans.map((plan) => viewOf(account, known, plan, on));
}

/** Returns the progress of the running plans: not fully paid and not ended. */
export function runningPlans(account: PatronAccount, policy: FeePolicy): readonly PlanProgress[] {
  return account.paymentPlans
    .filter((plan) => planStatus(plan, planOwed(account, plan)) === 'running')
    .map((plan) => progressOf(account, policy, plan));
}

function viewOf(account: PatronAccount, policy: FeePolicy, plan: PaymentPlan, on: string): PaymentPlanView {
  const write = amountWriter(account);
  const progress = progressOf(account, policy, plan);
  const runs = progress.status === 'running';
  const next = runs
    ? progress.instalments.find(({ dueOn, open }) => dueOn > on && open !== write(0))
    : undefined;
  return {
    ...progress,
    on,
    dueUntil: write(planDueUntil(plan, on)),
    behind: write(runs ? behindPlan(account, plan, on) : 0),
    nextDue: next === undefined ? null : { dueOn: next.dueOn, amount: next.open },
  };
}

function progressOf(account: PatronAccount, policy: FeePolicy, plan: PaymentPlan): PlanProgress {
  const write = amountWriter(account);
  const total = planTotal(plan);
  const owedNow = planOwed(account, plan);
  const paid = Math.max(0, total - owedNow);
  let left = paid;
  return {
    planId: plan.planId,
    status: planStatus(plan, owedNow),
    currency: account.currency as string,
    agreedAt: plan.agreedAt,
    endedAt: plan.endedAt,
    comment: plan.comment,
    total: write(total),
    paid: write(paid),
    owed: write(owedNow),
    fees: plan.feeIds.map((feeId) => {
      const fee = findFee(account, feeId) as Fee;
      return {
        feeId,
        feeType: fee.feeType,
        feeTypeLabel: feeTypeLabel(policy, fee.feeType),
        title: fee.item?.title ?? null,
        owed: write(owed(fee)),
      };
    }),
    instalments: plan.instalments.map(({ dueOn, amount }) => {
      const covered = Math.min(left, amount);
      left -= covered;
      return { dueOn, amount: write(amount), open: write(amount - covered) };
    }),
  };
}
