import type { AccountEvent } from '../../account/events.js';
import type { Fee } from '../../account/fee.js';
import { findFee, findTransfer, type PatronAccount } from '../../account/patronAccount.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../views/codeLabel.js';
import { transactionLabels } from '../../views/transactionKinds.js';
import type { StatementKind, StatementMovement } from './statementMovement.js';

/** A fee that a line of a statement is about. */
export type StatementFee = {
  /** The fee. */
  readonly feeId: string;
  /** Its type's code. */
  readonly feeType: string;
  /** What a person sees for the type. */
  readonly feeTypeLabel: string;
  /** The title of its item; null if it has none. */
  readonly title: string | null;
  /** The library that owns it. */
  readonly owner: string;
  /** The part of the line that is about it, a decimal string, never negative. */
  readonly amount: string;
};

/** One line of a statement. Absent details are null. */
export type StatementLine = {
  /** The version of the account's stream that it is; statements never have the same one twice. */
  readonly version: number;
  /** When it was recorded: what decides in which statement it is. */
  readonly recordedAt: string;
  /** When it happened: earlier, where it was reported late. */
  readonly at: string;
  /** What happened. */
  readonly kind: StatementKind;
  /** What happened, in English words. */
  readonly label: string;
  /** The id of what happened: the fee, the payment, the waiver. */
  readonly id: string;
  /** The payment, waiver, refund or transfer that it undoes. */
  readonly undoes: string | null;
  /** What it did to the balance, a decimal string: positive when more is owed, negative when less. */
  readonly amount: string;
  /** The balance after it, a decimal string; negative in the patron's favour. */
  readonly balance: string;
  /** The fees it is about. */
  readonly fees: readonly StatementFee[];
  /** The credit it is about. */
  readonly creditId: string | null;
  /** The payment method's code, where money moved. */
  readonly method: string | null;
  /** What a person sees for the method. */
  readonly methodLabel: string | null;
  /** What a person sees for the external billing system that something was handed to. */
  readonly destinationLabel: string | null;
  /** How it is known elsewhere: the payment provider's id, a cheque number, an external system's reference. */
  readonly reference: string | null;
  /** What a person sees for the reason. */
  readonly reasonLabel: string | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
};

/** Makes a line of what an event did. What is written for the staff alone is left behind. */
export function statementLine(
  { version, recordedAt, event }: RecordedEvent,
  { kind, id, undoes, effect, fees, creditId }: StatementMovement,
  balance: number,
  account: PatronAccount,
  policy: FeePolicy,
  write: (minor: number) => string,
): StatementLine {
  const { at, comment = null } = event.data;
  const { method, destination, reference } = known(event, account, undoes);
  return {
    version,
    recordedAt,
    at,
    kind,
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

/** How what happened is known elsewhere, and by which way money or a debt went. */
function known(event: AccountEvent, account: PatronAccount, undoes: string | null) {
  const nothing = { method: null, destination: null, reference: null };
  switch (event.type) {
    case 'PaymentReceived':
    case 'CreditRefunded': {
      const { method, externalTransactionId, reference } = event.data;
      return { ...nothing, method, reference: externalTransactionId ?? reference ?? null };
    }
    case 'PaymentReversed':
      return { ...nothing, method: event.data.method };
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
      return nothing;
  }
}

/** A code of one of the policy's lists, or free text where there is no list. */
function reasonLabel({ type, data }: AccountEvent, policy: FeePolicy): string | null {
  if (data.reason === undefined) return null;
  const cause = 'cause' in data ? data.cause : null;
  if (type === 'FeeWaived' || cause === 'waived') return codeLabel(policy.waiveReasons, data.reason);
  if (cause === 'manual' || cause === 'imported') return codeLabel(policy.creditReasons, data.reason);
  return data.reason;
}
