import type { Allocation } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { findCredit, findTransfer, type PatronAccount } from '../../account/patronAccount.js';
import type { Transfer } from '../../account/records.js';
import type { TransactionKind } from '../../account/transaction.js';
import { parseAmount } from '../../money/money.js';

/** The kinds of events that can change the balance of an account. */
export type StatementKind = Extract<
  TransactionKind,
  | 'assessed'
  | 'increased'
  | 'decreased'
  | 'payment'
  | 'paymentReversed'
  | 'waiver'
  | 'waiverReversed'
  | 'creditIssued'
  | 'creditCancelled'
  | 'creditForfeited'
  | 'refund'
  | 'refundReversed'
  | 'transfer'
  | 'settlementReversed'
  | 'recall'
  | 'cancellation'
>;

/** The change of the balance by one event. */
export type StatementMovement = {
  /** The kind of event. */
  readonly kind: StatementKind;
  /** The id of the event's subject. */
  readonly id: string;
  /** The payment, waiver, refund or transfer that the event undoes. */
  readonly undoes: string | null;
  /** The change of the balance, in integer minor units: above 0 if more is owed. */
  readonly effect: number;
  /** The fees of the event, each with its part of the amount. */
  readonly fees: readonly Allocation[];
  /** The credit of the event. */
  readonly creditId: string | null;
};

/**
 * Returns how an event changed the balance of its account: the remaining amount of all fees, less the unused amount of
 * all credits.
 *
 * @param event - an event of the account
 * @param account - the account right after the event or later
 * @returns null for an event that does not change the balance: a dispute, a return, the end of a fine's growth, the use
 * of a credit on fees of the same account, a settlement elsewhere
 */
export function statementMovement(event: AccountEvent, account: PatronAccount): StatementMovement | null {
  const minor = (amount: string | undefined) =>
    amount === undefined ? 0 : parseAmount(amount, account.minorDigits);
  const ofFee = (kind: StatementKind, id: string, sign: Sign, part: Allocation, undoes?: string) =>
    movement({ kind, id, effect: sign * minor(part.amount), fees: [part], creditId: null, undoes });
  const ofCredit = (kind: StatementKind, id: string, sign: Sign, part: CreditAmount, undoes?: string) =>
    movement({
      kind,
      id,
      effect: sign * minor(part.amount),
      fees: feesOf(account, part),
      creditId: part.creditId,
      undoes,
    });
  switch (event.type) {
    case 'FeeAssessed':
      return ofFee('assessed', event.data.feeId, 1, event.data);
    case 'FeeIncreased':
      return ofFee('increased', event.data.increaseId, 1, event.data);
    case 'PaymentReceived': {
      const { paymentId, amount, allocations, overpayment } = event.data;
      return movement({
        kind: 'payment',
        id: paymentId,
        effect: -minor(amount),
        fees: allocations,
        creditId: overpayment?.creditId,
        undoes: undefined,
      });
    }
    case 'PaymentReversed': {
      const { reversalId, paymentId, amount, allocations, overpayment, shortfall } = event.data;
      // A shortfall adds nothing here: it is charged as a fee by an event of its own. The cancelled part of the credit
      // adds nothing either: it was no longer in the patron's favour.
      const effect = minor(amount) - minor(shortfall?.amount) - minor(overpayment?.cancelled);
      return movement({
        kind: 'paymentReversed',
        id: reversalId,
        effect,
        fees: allocations,
        creditId: overpayment?.creditId,
        undoes: paymentId,
      });
    }
    case 'FeeWaived':
      return ofFee('waiver', event.data.waiverId, -1, event.data);
    case 'WaiverReversed':
      return ofFee('waiverReversed', event.data.reversalId, 1, event.data, event.data.waiverId);
    case 'FeeCancelled':
      return ofFee(
        event.data.accrual === true ? 'decreased' : 'cancellation',
        event.data.cancellationId,
        -1,
        event.data,
      );
    case 'FeeTransferred':
      return ofFee('transfer', event.data.transferId, -1, event.data);
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return ofCredit('creditIssued', event.data.creditId, -1, event.data);
    case 'CreditCancelled': {
      const kind = event.data.forfeited === true ? 'creditForfeited' : 'creditCancelled';
      return ofCredit(kind, event.data.cancellationId, 1, event.data);
    }
    case 'CreditRefunded':
      return ofCredit('refund', event.data.refundId, 1, event.data);
    case 'RefundReversed':
      return ofCredit('refundReversed', event.data.reversalId, -1, event.data, event.data.refundId);
    case 'CreditTransferred':
      return ofCredit('transfer', event.data.transferId, 1, event.data);
    case 'SettlementReversed': {
      // Only the surplus changes the balance: the amount pending again is owed elsewhere, and a shortfall is charged as
      // a fee.
      const { reversalId, settlementId, surplus } = event.data;
      if (surplus === undefined || minor(surplus.amount) === 0) return null;
      return ofCredit('settlementReversed', reversalId, 1, surplus, settlementId);
    }
    case 'TransferRecalled': {
      const { recallId, transferId, amount } = event.data;
      const { feeId, creditId } = findTransfer(account, transferId) as Transfer;
      return feeId === null
        ? ofCredit('recall', recallId, -1, { creditId: creditId as string, amount }, transferId)
        : ofFee('recall', recallId, 1, { feeId, amount }, transferId);
    }
    case 'LostItemReturned':
    case 'AccrualEnded':
    case 'FeeDisputed':
    case 'DisputeResolved':
    case 'CreditApplied':
    case 'CreditApplicationReversed':
    case 'TransferSettled':
    case 'PaymentPlanAgreed':
    case 'PaymentPlanEnded':
    case 'AccountMerged':
    case 'AccountJoined':
    case 'AccountSeparated':
    case 'AccountPurged':
      return null;
  }
}

type Sign = 1 | -1;

type CreditAmount = { readonly creditId: string; readonly amount: string };

function movement({
  kind,
  id,
  effect,
  fees,
  creditId = null,
  undoes = null,
}: {
  readonly kind: StatementKind;
  readonly id: string;
  readonly effect: number;
  readonly fees: readonly Allocation[];
  readonly creditId: string | null | undefined;
  readonly undoes: string | null | undefined;
}): StatementMovement {
  const parts = fees.map(({ feeId, amount }) => ({ feeId, amount }));
  // `+ 0` turns the negative zero of a cancellation of zero into 0.
  return { kind, id, undoes, effect: effect + 0, fees: parts, creditId };
}

/** Returns the fee of a credit. */
function feesOf(account: PatronAccount, { creditId, amount }: CreditAmount): readonly Allocation[] {
  const { feeId } = findCredit(account, creditId) as Credit;
  return feeId === null ? [] : [{ feeId, amount }];
}
