import type { Accrual } from './accrual.js';
import type { DecisionContext } from './decisionContext.js';
import { chargeOf } from './fee.js';

/**
 * Lowers a fine to a reported total, as far as possible: first what is owed, except what is owed only because more was
 * given back than came in; then money that was paid. Waived amounts are not given back (Koha bug 29923).
 *
 * @param total - the reported total, in minor units, below what accrual has charged
 * @param recorded - whether the total is recorded even if nothing can be taken back
 */
export function takeBackAccrued(
  context: DecisionContext,
  feeId: string,
  total: number,
  recorded: 'always' | 'ifTaken',
): void {
  const fee = context.fee(feeId);
  const tooMuch = (fee.accrual as Accrual).accrued - total;
  const charge = chargeOf(fee);
  const fromOwed = Math.min(tooMuch, charge.owed);
  const fromMoney = Math.min(tooMuch - fromOwed, charge.money);
  if (fromOwed + fromMoney === 0 && recorded === 'ifTaken') return;
  context.emit('FeeCancelled', lowered(context, feeId, fromOwed, total));
  if (fromMoney === 0) return;
  context.emit('CreditIssued', {
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
  const fee = context.fee(feeId);
  if (fee.accrual === null || fee.accrual.total === null) return;
  const { accrued, total } = fee.accrual;
  const amount = Math.min(accrued - total, chargeOf(fee).owed);
  if (amount > 0) context.follow('FeeCancelled', lowered(context, feeId, amount, total));
}

/** Returns the details of the event that lowers what is owed on a fine. */
function lowered(context: DecisionContext, feeId: string, amount: number, total: number) {
  return {
    cancellationId: context.newId(),
    feeId,
    amount: context.money(amount),
    accrual: true,
    total: context.money(total),
  };
}
