import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { Fee } from '../../account/fee.js';
import {
  findCredit,
  findFee,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../views/codeLabel.js';
import { transactionLabels } from '../../views/transactionKinds.js';
import type { StatementKind, StatementMovement } from './statementMovement.js';

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
