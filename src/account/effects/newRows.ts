import type { Circumstances } from '../circumstances.js';
import type { Credit } from '../credit.js';
import type { EventOf } from '../events/accountEvent.js';
import type { Fee } from '../fee.js';
import { extended, NO_ENTRIES } from '../lists.js';
import type { Writable } from '../patronAccount.js';
import type { Transaction, TransactionReferences } from '../transaction.js';

/** What a transaction has besides the circumstances of its event; no method if no money moved. */
type TransactionDetails = Pick<Transaction, 'kind' | 'id' | 'amount'> & {
  readonly method?: string;
  readonly references?: TransactionReferences;
};

/** Returns one line of a fee's or a credit's history. */
export function transaction(data: Circumstances, details: TransactionDetails): Writable<Transaction> {
  return {
    kind: details.kind,
    id: details.id,
    amount: details.amount,
    at: data.at,
    by: data.by ?? null,
    reason: data.reason ?? null,
    comment: data.comment ?? null,
    staffNote: data.staffNote ?? null,
    method: details.method ?? null,
    references: details.references ?? NO_REFERENCES,
  };
}

/** Adds a line to the history of a fee or a credit. */
export function addTransaction(row: Writable<Fee> | Writable<Credit>, line: Writable<Transaction>): void {
  row.transactions = extended(row.transactions, line);
}

/** The references of a transaction without any; shared, because most have none. */
const NO_REFERENCES: TransactionReferences = /* @__PURE__ */ Object.freeze({});

/** Returns the references of a payment, refund or reversal, which the provider or the caller may have given. */
export function givenReferences(data: {
  readonly externalTransactionId?: string;
  readonly reference?: string;
}): TransactionReferences {
  if (data.externalTransactionId === undefined && data.reference === undefined) return NO_REFERENCES;
  const references: Writable<TransactionReferences> = {};
  if (data.externalTransactionId !== undefined) references.externalTransactionId = data.externalTransactionId;
  if (data.reference !== undefined) references.reference = data.reference;
  return references;
}

/** The fields of an event's data about a credit, besides its amount. */
type CreditDetails = Circumstances &
  Partial<Pick<EventOf<'CreditIssued'>['data'], 'owner' | 'item' | 'writeOff'>> & {
    readonly refundPercent?: number;
  };

/** What is known about a new credit besides the data of its event; without a fee or payment if left out. */
type NewCredit = Pick<Credit, 'creditId' | 'cause' | 'purpose' | 'amount'> & {
  readonly feeId?: string;
  readonly paymentId?: string;
};

/** Returns a new credit, all of it unused. */
export function creditRow(
  data: CreditDetails,
  { creditId, cause, purpose, amount, feeId, paymentId }: NewCredit,
): Writable<Credit> {
  const references: Writable<TransactionReferences> = { cause };
  if (feeId !== undefined) references.feeId = feeId;
  if (paymentId !== undefined) references.paymentId = paymentId;
  return {
    creditId,
    cause,
    purpose,
    feeId: feeId ?? null,
    paymentId: paymentId ?? null,
    owner: data.owner ?? null,
    item: data.item ?? null,
    refundPercent: data.refundPercent ?? null,
    writeOff: cause === 'waived' && data.writeOff === true,
    issuedAt: data.at,
    amount,
    applied: 0,
    refunded: 0,
    transferred: 0,
    cancelled: 0,
    withdrawn: 0,
    transferPending: 0,
    shortfallFeeIds: NO_ENTRIES,
    transactions: [transaction(data, { kind: 'creditIssued', id: creditId, amount, references })],
  };
}
