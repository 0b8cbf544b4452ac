import { isAccruing } from '../../account/accrual.js';
import type { AgreePaymentPlan, EndPaymentPlan } from '../../account/commands/feeCommands.js';
import { type Fee, owed } from '../../account/fee.js';
import { findFee } from '../../account/patronAccount.js';
import { planOwed, planStatus } from '../../account/paymentPlan.js';
import { splitProportionally } from '../../money/split.js';
import { type Choices, MISSING } from './policyCodes.js';

const days = ['2026-04-01', '2026-04-15', '2026-05-01'];

/** Returns the agreement about one or two fees, or the end of a plan. Sometimes it does not fit the account. */
export function planMove(
  kind: 'agreePlan' | 'endPlan',
  { move, account, base, money, chosen, two }: Choices,
): AgreePaymentPlan | EndPaymentPlan {
  const { other, flag } = move;
  if (kind === 'endPlan') {
    const runs = chosen(
      account.paymentPlans,
      (plan) => planStatus(plan, planOwed(account, plan)) === 'running',
    );
    return {
      ...base,
      type: 'EndPaymentPlan',
      planId: runs?.planId ?? MISSING,
      cause: flag ? 'cancelled' : 'defaulted',
    };
  }
  const free = (fee: Fee) => owed(fee) > 0 && !fee.disputed && !isAccruing(fee) && fee.planId === null;
  const feeIds = two(other % 8 === 7 ? (fee) => owed(fee) > 0 : free);
  const total = feeIds.reduce((sum, feeId) => {
    const fee = findFee(account, feeId);
    return fee === undefined ? sum : sum + owed(fee);
  }, 0);
  // One of thirteen plans does not add up.
  const shares = splitProportionally(
    other % 13 === 12 ? total + 1 : total,
    new Array(1 + (other % 3)).fill(1),
  );
  const instalments = shares
    .filter((share, index) => share > 0 || index === 0)
    .map((share, index) => ({ dueOn: days[index] as string, amount: money(share) }));
  return { ...base, type: 'AgreePaymentPlan', feeIds, instalments };
}
