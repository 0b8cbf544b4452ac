import { unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { transferPendingOf } from '../../account/records.js';
import { formatAmount } from '../../money/money.js';
import { AMOUNT_MAX } from './amounts.js';

/** The account of a history, its currency, and the currency's number of decimals. */
type Scene = { readonly account: PatronAccount; readonly currency: string; readonly digits: number };

/** Returns every event that takes one minor unit more of a fee, a credit or a transfer than is left of it. */
export function aboveWhatIsLeft({ account, currency, digits }: Scene): readonly unknown[] {
  const event = (type: AccountEvent['type'], own: string, left: number, told: object) => ({
    ...{ type, left },
    data: {
      ...{ [own]: 'spoiled', amount: formatAmount(left + 1, digits), currency, ...told },
      ...{ at: '2026-03-02T09:00:00Z', method: 'CASH', expectsSettlement: false },
    },
  });
  const ofFees = account.fees.flatMap((fee) => {
    const { feeId } = fee;
    const [open, sent, money] = [owed(fee), transferredAndNotReversed(fee), refundableMoney(fee)];
    const part = { feeId, amount: formatAmount(open + 1, digits) };
    const cancelled = { feeId, cause: 'cancelled' };
    const lost = { feeId, cause: 'waived' };
    return [
      event('FeeWaived', 'waiverId', open, { feeId }),
      event('FeeCancelled', 'cancellationId', open, { feeId }),
      event('FeeTransferred', 'transferId', open, { feeId }),
      event('PaymentReceived', 'paymentId', open, { allocations: [part] }),
      event('CreditIssued', 'creditId', money, { ...cancelled, purpose: 'refundable' }),
      event('CreditIssued', 'creditId', sent, { ...cancelled, purpose: 'external' }),
      ...(fee.accrual === null
        ? []
        : [event('FeeCancelled', 'cancellationId', takenBackAtMost(fee), { feeId, accrual: true })]),
      ...(fee.lostItem
        ? [event('LostItemCreditIssued', 'creditId', open, { ...lost, purpose: 'setOff' })]
        : []),
    ];
  });
  const ofCredits = account.credits.flatMap((credit) => {
    const { creditId, purpose } = credit;
    const left = unused(credit);
    return [
      event('CreditCancelled', 'cancellationId', left, { creditId }),
      ...(purpose === 'refundable' ? [event('CreditRefunded', 'refundId', left, { creditId })] : []),
      ...(purpose === 'refundable' || purpose === 'external'
        ? [event('CreditTransferred', 'transferId', left, { creditId })]
        : []),
    ];
  });
  const ofTransfers = account.transfers.flatMap((transfer) => {
    const { transferId, amount, settled, recalled } = transfer;
    return [
      event('TransferSettled', 'settlementId', transferPendingOf(transfer), { transferId }),
      event('TransferRecalled', 'recallId', amount - settled - recalled, { transferId }),
    ];
  });
  return [...ofFees, ...ofCredits, ...ofTransfers]
    .filter(({ left }) => left < AMOUNT_MAX)
    .map(({ left, ...all }) => all);
}

/** Returns the amount of what is owed that accrual can take back. */
function takenBackAtMost(fee: Fee): number {
  const { accrued = 0, total = null } = fee.accrual ?? {};
  return Math.min(owed(fee), Math.max(0, accrued - (total ?? 0)));
}
