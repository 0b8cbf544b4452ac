import type { Allocation } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { Fee } from '../../account/fee.js';
import {
  findCredit,
  findFee,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import type { Transfer } from '../../account/records.js';
import type { TransactionKind } from '../../account/transaction.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../views/codeLabel.js';
import { transactionLabels } from '../../views/transactionKinds.js';

/** A fee in a line of a statement. */
export type StatementFee = {
  /** The fee. */
  readonly feeId: string;
  /** Its type's code. */
  readonly feeType: string;
  /** The label of the type. */
  readonly feeTypeLabel: string;
  /** The title of its item; null without one. */
  readonly title: string | null;
  /** The library that owns it. */
  readonly owner: string;
  /** The part of the line for this fee, a decimal string, never negative. */
  readonly amount: string;
};

/** One line of a statement. Missing details are null. */
export type StatementLine = {
  /** The version of the account's stream right after the event; unique across statements. */
  readonly version: number;
  /** When it was recorded. This decides which statement contains it. */
  readonly recordedAt: string;
  /** When it happened; earlier than `recordedAt` if recorded late. */
  readonly at: string;
  /** The kind of event. */
  readonly kind: StatementKind;
  /**
   * Whether a debt was given up as a loss, not forgiven, by a waiver or the credit that it became; true for what undoes
   * it.
   */
  readonly writeOff: boolean;
  /** The kind in English words. */
  readonly label: string;
  /** The id of the event's subject: the fee, the payment, the waiver. */
  readonly id: string;
  /** The payment, waiver, refund or transfer that the event undoes. */
  readonly undoes: string | null;
  /** The change of the balance, a decimal string: positive if more is owed, negative if less. */
  readonly amount: string;
  /** The balance after the event, a decimal string; negative in the patron's favour. */
  readonly balance: string;
  /** The fees of the event. */
  readonly fees: readonly StatementFee[];
  /** The credit of the event. */
  readonly creditId: string | null;
  /** The payment method's code, if money moved. */
  readonly method: string | null;
  /** The label of the method. */
  readonly methodLabel: string | null;
  /** The label of the external billing system that a fee or credit was transferred to. */
  readonly destinationLabel: string | null;
  /** The external reference: the payment provider's id, a cheque number, an external system's reference. */
  readonly reference: string | null;
  /** The label of the reason. */
  readonly reasonLabel: string | null;
  /** The comment, which the patron may see. */
  readonly comment: string | null;
};

/** Makes a line from a movement. Leaves out staff notes. */
export function statementLine(
  { version, recordedAt, event }: RecordedEvent,
  { kind, id, undoes, effect, fees, creditId }: StatementMovement,
  context: {
    /** The balance after the movement, in minor units. */
    readonly balance: number;
    /** The account at the end of the period. */
    readonly account: PatronAccount;
    readonly policy: FeePolicy;
    readonly write: (minor: number) => string;
  },
): StatementLine {
  const { balance, account, policy, write } = context;
  const { at, comment = null } = event.data;
  const { method, destination, reference } = known(event, account, undoes);
  return {
    version,
    recordedAt,
    at,
    kind,
    writeOff: isWriteOff(event, account),
    label: transactionLabels[kind],
    id,
    undoes,
    amount: write(effect),
    balance: write(balance),
    fees: fees.map(({ feeId, amount }) => {
      const { feeType, owner, item } = findFee(account, feeId) as Fee;
      const label = feeTypeLabel(policy, feeType);
      return { feeId, feeType, feeTypeLabel: label, title: item?.title ?? null, owner, amount };
    }),
    creditId,
    method,
    methodLabel: method === null ? null : codeLabel(policy.paymentMethods, method),
    destinationLabel: destination === null ? null : codeLabel(policy.destinations, destination),
    reference,
    reasonLabel: reasonLabel(event, policy),
    comment,
  };
}

/** Returns whether an event gives up a debt as a loss, or undoes that. */
function isWriteOff({ type, data }: AccountEvent, account: PatronAccount): boolean {
  switch (type) {
    case 'FeeWaived':
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return data.writeOff === true;
    case 'WaiverReversed':
      return account.waivers[positionOf(account, 'waiver', data.waiverId)]?.writeOff === true;
    case 'CreditCancelled':
      return findCredit(account, data.creditId)?.writeOff === true;
    default:
      return false;
  }
}

/** Returns the external reference, the payment method and the destination of an event. */
function known(event: AccountEvent, account: PatronAccount, undoes: string | null) {
  const nothing = { method: null, destination: null, reference: null };
  switch (event.type) {
    case 'PaymentReceived':
    case 'CreditRefunded': {
      const { method, externalTransactionId, reference } = event.data;
      return { ...nothing, method, reference: externalTransactionId ?? reference ?? null };
    }
    case 'PaymentReversed':
      return {
        ...nothing,
        method: event.data.method,
        reference: event.data.externalTransactionId ?? null,
      };
    case 'RefundReversed':
      return {
        ...nothing,
        method: account.refunds.find(({ refundId }) => refundId === undoes)?.method ?? null,
      };
    case 'FeeTransferred':
    case 'CreditTransferred': {
      const { destination = null, externalReference = null } = event.data;
      return { ...nothing, destination, reference: externalReference };
    }
    case 'TransferRecalled':
      return { ...nothing, destination: findTransfer(account, event.data.transferId)?.destination ?? null };
    default:
      // The compiler requires a case for every event with one of these.
      event.data satisfies { readonly at: string; readonly method?: never; readonly destination?: never };
      return nothing;
  }
}

/** Returns the label of a reason's code, or the reason itself if it is free text. */
function reasonLabel({ type, data }: AccountEvent, policy: FeePolicy): string | null {
  if (data.reason === undefined) return null;
  const cause = 'cause' in data ? data.cause : null;
  if (type === 'FeeWaived' || cause === 'waived') return codeLabel(policy.waiveReasons, data.reason);
  if (cause === 'manual' || cause === 'imported') return codeLabel(policy.creditReasons, data.reason);
  return data.reason;
}

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
type StatementMovement = {
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
