import type { DecisionContext } from './decisionContext.js';
import { type Fee, givenBackAboveMoneyIn, owed, refundableMoney } from './fee.js';

/**
 * Takes back an amount that accrual has overcharged, as far as possible: first what is owed, except what is owed only
 * because more was given back than came in; then money that was paid. Waived amounts are not given back (Koha bug
 * 29923).
 *
 * @param tooMuch - the overcharged amount, in minor units
 * @param reach - whether paid money is given back too, as a refundable credit
 */
export function takeBackAccrued(
  context: DecisionContext,
  feeId: string,
  tooMuch: number,
  reach: 'owed' | 'owedAndPaid',
): void {
  const fee = context.fee(feeId);
  const fromOwed = Math.min(tooMuch, owedOnItsOwn(fee));
  const fromMoney = reach === 'owed' ? 0 : Math.min(tooMuch - fromOwed, refundableMoney(fee));
  if (fromOwed + fromMoney === 0) return;
  const add = reach === 'owed' ? 'follow' : 'emit';
  context[add]('FeeCancelled', {
    cancellationId: context.newId(),
    feeId,
    amount: context.money(fromOwed),
    accrual: true,
  });
  if (fromMoney === 0) return;
  context[add]('CreditIssued', {
    creditId: context.newId(),
    amount: context.money(fromMoney),
    cause: 'cancelled',
    purpose: 'refundable',
    feeId,
    owner: fee.owner,
    item: undefined,
    accrual: true,
  });
}

/** Closing rule: if an accrual has ended and charged more than its total, takes back what became owed of the excess. */
export function takeBackAfterEnd(context: DecisionContext, feeId: string): void {
  const accrual = context.fee(feeId).accrual;
  if (accrual === null || accrual.total === null || accrual.accrued <= accrual.total) return;
  takeBackAccrued(context, feeId, accrual.accrued - accrual.total, 'owed');
}

/** Returns what is owed of a fee, less what is owed only because more was given back than came in; in minor units. */
function owedOnItsOwn(fee: Fee): number {
  return Math.max(0, owed(fee) - givenBackAboveMoneyIn(fee));
}
