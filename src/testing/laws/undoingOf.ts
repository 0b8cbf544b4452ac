import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';

const at = '2026-04-01T12:00:00Z';

/** Returns the command that undoes an event; undefined for events that cannot be undone or that undo something. */
export function undoingOf(event: AccountEvent, id: string): Command | undefined {
  switch (event.type) {
    case 'FeeAssessed':
      return { type: 'CancelFee', id, at, feeId: event.data.feeId };
    case 'PaymentReceived':
      return { type: 'ReversePayment', id, at, paymentId: event.data.paymentId };
    case 'FeeWaived':
      return { type: 'ReverseWaiver', id, at, waiverId: event.data.waiverId };
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return event.data.cause === 'waived'
        ? { type: 'ReverseWaiver', id, at, waiverId: event.data.creditId }
        : { type: 'CancelCredit', id, at, creditId: event.data.creditId };
    case 'FeeTransferred':
    case 'CreditTransferred':
      return { type: 'RecallTransfer', id, at, transferId: event.data.transferId };
    case 'TransferSettled':
      return { type: 'ReverseSettlement', id, at, settlementId: event.data.settlementId };
    case 'FeeDisputed':
      return { type: 'ResolveDispute', id, at, feeId: event.data.feeId, outcome: 'withdrawn' };
    case 'CreditApplied':
      return { type: 'ReverseCreditApplication', id, at, applicationId: event.data.applicationId };
    case 'CreditRefunded':
      return { type: 'ReverseRefund', id, at, refundId: event.data.refundId };
    default:
      return undefined;
  }
}
