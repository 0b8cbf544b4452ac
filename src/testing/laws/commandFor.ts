import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { CreditApplied } from '../../account/events/creditEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** Returns the command that causes exactly this event, if there is one. */
export function commandFor(event: AccountEvent, id: string, policy: FeePolicy): Command | undefined {
  const { at } = event.data;
  const base = { id, at };
  switch (event.type) {
    case 'FeeAssessed': {
      const { feeId, feeType, amount, owner, accruing, total = amount, loanId, item } = event.data;
      if (accruing === true) {
        const ofLoan = loanId === undefined ? {} : { loanId };
        return { ...base, type: 'AccrueFine', feeId, feeType, total, owner, ...ofLoan };
      }
      const ofItem = item === undefined ? {} : { item };
      return { type: 'AssessFee', id: feeId, at, feeType, amount, owner, ...ofItem };
    }
    case 'PaymentReceived': {
      const { paymentId, amount, method, allocations, externalTransactionId } = event.data;
      const external = externalTransactionId === undefined ? {} : { externalTransactionId };
      const overpayment = 'refuse';
      return {
        type: 'ReceivePayment',
        id: paymentId,
        at,
        amount,
        method,
        allocations,
        overpayment,
        ...external,
      };
    }
    case 'FeeWaived': {
      const { feeId, amount } = event.data;
      const reason = Object.keys(policy.waiveReasons)[0] as string;
      return { ...base, type: 'WaiveFees', reason, fees: [{ feeId, amount }] };
    }
    case 'LostItemReturned':
      return { ...base, type: 'ReturnLostItem', feeIds: [event.data.feeId] };
    case 'FeeTransferred': {
      const { feeId, amount } = event.data;
      return { ...base, type: 'TransferFees', fees: [{ feeId, amount }] };
    }
    case 'CreditTransferred': {
      const { creditId, amount } = event.data;
      return { ...base, type: 'TransferFees', credits: [{ creditId, amount }] };
    }
    case 'TransferRecalled':
      return {
        ...base,
        type: 'RecallTransfer',
        transferId: event.data.transferId,
        amount: event.data.amount,
      };
    case 'CreditApplied':
      return applying(event, base);
    case 'CreditRefunded': {
      const { creditId, amount, method } = event.data;
      return { ...base, type: 'RefundCredit', creditId, amount, method };
    }
    case 'CreditCancelled':
      return {
        ...base,
        type: 'CancelCredit',
        creditId: event.data.creditId,
        amount: event.data.amount,
        ...(event.data.forfeited === undefined ? {} : { forfeit: event.data.forfeited }),
      };
    case 'PaymentReversed':
      return { ...base, type: 'ReversePayment', paymentId: event.data.paymentId, amount: event.data.amount };
    case 'WaiverReversed':
      return { ...base, type: 'ReverseWaiver', waiverId: event.data.waiverId };
    case 'CreditApplicationReversed':
      return { ...base, type: 'ReverseCreditApplication', applicationId: event.data.applicationId };
    case 'RefundReversed':
      return { ...base, type: 'ReverseRefund', refundId: event.data.refundId };
    default:
      return undefined;
  }
}

function applying({ data }: CreditApplied, base: { readonly id: string; readonly at: string }): Command {
  return { ...base, type: 'ApplyCredit', creditId: data.creditId, allocations: data.allocations };
}

/** Returns the content of an event, without its own id and its circumstances. */
export function contentOf(event: AccountEvent): string {
  const { type, data } = withNewId(event);
  const {
    at,
    by,
    reason,
    comment,
    staffNote,
    batchId,
    destination,
    expectsSettlement,
    externalReference,
    ...matter
  } = data as unknown as Record<string, unknown>;
  return JSON.stringify([type, Object.entries(matter).sort()]);
}

/** Returns the event with a new id and without a command. */
export function withNewId({ type, data }: AccountEvent): AccountEvent {
  const field = ownId[type];
  return { type, data: { ...data, ...(field === undefined ? {} : { [field]: 'new' }) } } as AccountEvent;
}

/** For each event, the field with the id of what it creates. */
const ownId: Partial<Record<AccountEvent['type'], string>> = {
  FeeAssessed: 'feeId',
  FeeIncreased: 'increaseId',
  AccrualEnded: 'endId',
  PaymentReceived: 'paymentId',
  FeeWaived: 'waiverId',
  LostItemReturned: 'returnId',
  FeeTransferred: 'transferId',
  CreditTransferred: 'transferId',
  TransferRecalled: 'recallId',
  CreditApplied: 'applicationId',
  CreditRefunded: 'refundId',
  CreditCancelled: 'cancellationId',
  PaymentReversed: 'reversalId',
  WaiverReversed: 'reversalId',
  CreditApplicationReversed: 'reversalId',
  RefundReversed: 'reversalId',
};
