import type { Circumstances, CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { type Credit, unused } from '../credit.js';
import type { EventOf } from '../events/accountEvent.js';
import type { Shortfall, WithdrawnCredit } from '../events/paymentEvents.js';
import { type Fee, owed } from '../fee.js';
import { idUse, SEPARATOR, useExternalTransaction, useId } from '../ids.js';
import { type AccountState, extended, NO_ENTRIES, type Writable } from '../patronAccount.js';
import type { OverpaidPart } from '../records.js';
import type { TransactionReferences } from '../transaction.js';
import {
  addTransaction,
  addUp,
  allocated,
  creditOf,
  creditRow,
  eachOnce,
  feeOf,
  givenReferences,
  lookUp,
  minor,
  newId,
  newUse,
  positive,
  record,
  sum,
  transaction,
  wellFormedId,
  within,
} from './guards.js';

/** Adds a payment, spread over fees; the excess becomes a credit. Its rules are in decisions/receivePayment.ts. */
export function paymentReceived(state: AccountState, event: EventOf<'PaymentReceived'>): void {
  const { data } = event;
  const { paymentId, method, externalTransactionId, overpayment } = data;
  const amount = positive(state, data.amount, data.currency);
  if (data.allocations.length > 1) {
    eachOnce(data.allocations.map(({ feeId }) => feeId));
  }
  let total = 0;
  const allocations = data.allocations.map(({ feeId, amount: text }) => {
    // Most payments pay one fee: avoids reading the same amount twice.
    const part = text === data.amount ? amount : positive(state, text, data.currency);
    within(part, owed(feeOf(state, feeId)));
    total += part;
    return { feeId, amount: part, reversed: 0 };
  });
  const overpaid = overpayment === undefined ? 0 : overpaidPart(state, event, overpayment);
  addUp(amount, total + overpaid);
  const position = state.payments.length;
  const feesNamed = namedFees(data.feesNamed);
  if (externalTransactionId !== undefined) wellFormedTransaction(method, externalTransactionId);
  const externalTransactionTotal = transactionTotal(state, data, amount);
  const part = partOfTransaction(data, feesNamed);
  record(state, event, newUse('payment', paymentId, position), amount + overpaid);
  if (externalTransactionId !== undefined) {
    useExternalTransaction(state.ids, method, externalTransactionId, position);
  }
  if (overpayment !== undefined) issueOverpaid(state, data, overpayment.creditId, overpaid);
  for (const { feeId, amount: part } of allocations) {
    const fee = feeOf(state, feeId);
    fee.paid += part;
    const references = givenReferences(data);
    addTransaction(
      fee,
      transaction(data, { kind: 'payment', id: paymentId, amount: part, method, references }),
    );
  }
  state.payments = extended(state.payments, {
    paymentId,
    amount,
    method,
    at: data.at,
    by: data.by ?? null,
    comment: data.comment ?? null,
    allocations,
    overpayment:
      overpayment === undefined ? null : { creditId: overpayment.creditId, amount: overpaid, reversed: 0 },
    externalTransactionId: externalTransactionId ?? null,
    feesNamed,
    externalTransactionTotal,
    part,
    reference: data.reference ?? null,
    reversals: NO_ENTRIES,
  });
}

/** Reads the total of the transaction in an event; null if it does not say one. Throws if the amount exceeds it. */
export function transactionTotal(
  state: AccountState,
  data: {
    readonly externalTransactionTotal?: string;
    readonly externalTransactionId?: string;
    readonly currency: string;
  },
  amount: number,
): number | null {
  const { externalTransactionTotal: text, externalTransactionId, currency } = data;
  if (text === undefined) return null;
  if (externalTransactionId === undefined) {
    return corrupt('MalformedEvent', 'an externalTransactionId beside its total', text);
  }
  const total = positive(state, text, currency);
  within(amount, total);
  return total;
}

/** Reads which part of its transaction a payment is. */
function partOfTransaction(
  { part, externalTransactionId }: EventOf<'PaymentReceived'>['data'],
  feesNamed: readonly string[],
): 'rest' | null {
  if (part === undefined) return null;
  if (part !== 'rest' || externalTransactionId === undefined || feesNamed.length > 0) {
    return corrupt('MalformedEvent', 'the rest of a transaction, which names no fees', part);
  }
  return part;
}

/** Reads the fees named by the payer. */
function namedFees(feesNamed: readonly string[] | undefined): string[] {
  if (feesNamed === undefined) return NO_ENTRIES;
  if (!Array.isArray(feesNamed)) {
    return corrupt('MalformedEvent', 'a list of fees', feesNamed);
  }
  for (const feeId of feesNamed) wellFormedId(feeId);
  eachOnce(feesNamed);
  return [...feesNamed];
}

/** Throws if the provider's id or the payment's method is malformed. A transaction may have several parts. */
function wellFormedTransaction(method: string, id: string): void {
  for (const part of [method, id]) {
    wellFormedId(part);
    if (part.includes(SEPARATOR)) corrupt('InvalidId', 'an id without U+0000', part);
  }
}

/** Reads the amount above what is owed. Its credit has a new id of its own. */
function overpaidPart(
  state: AccountState,
  event: EventOf<'PaymentReceived'>,
  { creditId, amount }: CreditPart,
): number {
  const { paymentId, currency } = event.data;
  const overpaid = positive(state, amount, currency);
  newId(state, creditId, event.metadata?.commandId);
  if (creditId === paymentId) {
    corrupt('IdUsedTwice', 'an id of its own for the credit', paymentId);
  }
  return overpaid;
}

function issueOverpaid(
  state: AccountState,
  data: EventOf<'PaymentReceived'>['data'],
  creditId: string,
  overpaid: number,
): void {
  const digest = idUse(state.ids, creditId)?.digest ?? null;
  useId(state.ids, { id: creditId, kind: 'credit', position: state.credits.length, digest });
  const credit = { creditId, cause: 'overpayment', purpose: 'refundable', amount: overpaid } as const;
  state.credits = extended(state.credits, creditRow(data, { ...credit, paymentId: data.paymentId }));
}

/**
 * Undoes a payment: fees reopen, the overpayment credit is withdrawn, a shortfall counts as given back. Its rules are
 * in decisions/reversePayment.ts.
 */
export function paymentReversed(state: AccountState, event: EventOf<'PaymentReversed'>): void {
  const { data } = event;
  const { paymentId, reversalId, method } = data;
  const payment = state.payments[lookUp(state, 'payment', paymentId)];
  if (payment === undefined) return corrupt('UnknownPayment', 'a payment', paymentId);
  const amount = positive(state, data.amount, data.currency);
  const amounts = allocated(state, data.allocations, data.currency);
  const byFee = new Map(payment.allocations.map((allocation) => [allocation.feeId, allocation]));
  const allocations = data.allocations.map(({ feeId }, index) => {
    const allocation = byFee.get(feeId);
    if (allocation === undefined) return corrupt('WrongFee', 'a fee of the payment', feeId);
    within(amounts[index] as number, allocation.amount - allocation.reversed);
    return allocation;
  });
  const taken = creditTakenBack(state, payment.overpayment, { ...data, withdrawn: data.overpayment });
  addUp(amount, sum(amounts) + taken.total);
  const externalTransactionTotal = transactionTotal(state, data, amount);
  record(state, event, newUse('other', reversalId), 0);
  const { externalTransactionId = null } = data;
  payment.reversals = extended(payment.reversals, {
    ...{ reversalId, amount, method, externalTransactionId, externalTransactionTotal },
  });
  const line = { id: reversalId, method, references: { ...givenReferences(data), paymentId } };
  takeBackCredit(taken, data, line);
  allocations.forEach((allocation, index) => {
    const part = amounts[index] as number;
    const fee = feeOf(state, allocation.feeId);
    allocation.reversed += part;
    fee.paid -= part;
    addTransaction(fee, transaction(data, { ...line, kind: 'paymentReversed', amount: part }));
  });
}

/** What a reversal takes back of the credit of an overpayment or surplus: its rows and amounts in minor units. */
type CreditTakenBack = {
  /** The overpayment or surplus. */
  readonly part: Writable<OverpaidPart> | null;
  /** Its credit; null if nothing of it is taken back. */
  readonly credit: Writable<Credit> | null;
  /** The unused part that is withdrawn. */
  readonly unused: number;
  /** The part that was cancelled before and is withdrawn now. */
  readonly cancelled: number;
  /** The used part. */
  readonly shortfall: number;
  /** The fee that was charged for the used part. */
  readonly charged: Writable<Fee> | null;
  /** The sum of the three parts. */
  readonly total: number;
};

/** Reads what a reversal takes back of a credit. Throws if the credit or its amounts do not allow it. */
export function creditTakenBack(
  state: AccountState,
  part: Writable<OverpaidPart> | null,
  data: {
    readonly withdrawn: WithdrawnCredit | undefined;
    readonly shortfall?: Shortfall;
    readonly currency: string;
  },
): CreditTakenBack {
  const { withdrawn, shortfall: used, currency } = data;
  const { unused: fromUnused, cancelled } = withdrawnParts(state, withdrawn, currency);
  const shortfall = used === undefined ? 0 : positive(state, used.amount, currency);
  const total = fromUnused + cancelled + shortfall;
  within(total, part === null ? 0 : part.amount - part.reversed);
  for (const named of [withdrawn, used]) {
    if (named !== undefined && named.creditId !== part?.creditId) {
      corrupt('WrongCredit', part?.creditId, named.creditId);
    }
  }
  const credit = part === null || total === 0 ? null : creditOf(state, part.creditId);
  if (credit !== null) {
    within(fromUnused, unused(credit));
    within(cancelled, credit.cancelled);
  }
  const charged = used === undefined ? null : feeOf(state, used.feeId);
  if (charged !== null) within(charged.givenBack + shortfall, charged.original);
  return { part, credit, unused: fromUnused, cancelled, shortfall, charged, total };
}

/** Reads the unused and the cancelled part of a credit that an event withdraws. */
function withdrawnParts(state: AccountState, credit: WithdrawnCredit | undefined, currency: string) {
  if (credit === undefined) return { unused: 0, cancelled: 0 };
  if (credit.cancelled === undefined) {
    return { unused: positive(state, credit.amount, currency), cancelled: 0 };
  }
  return {
    unused: minor(state, credit.amount, currency),
    cancelled: positive(state, credit.cancelled, currency),
  };
}

/** Takes back a credit as {@link creditTakenBack} has read it. */
export function takeBackCredit(
  { part, credit, unused: fromUnused, cancelled, shortfall, charged, total }: CreditTakenBack,
  data: Circumstances,
  line: { readonly id: string; readonly method?: string; readonly references: TransactionReferences },
): void {
  if (part === null || credit === null) return;
  part.reversed += total;
  credit.withdrawn += fromUnused + cancelled;
  credit.cancelled -= cancelled;
  const withdraw = (kind: 'creditWithdrawn' | 'cancelledCreditWithdrawn', amount: number) => {
    if (amount > 0) addTransaction(credit, transaction(data, { ...line, kind, amount }));
  };
  withdraw('creditWithdrawn', fromUnused);
  withdraw('cancelledCreditWithdrawn', cancelled);
  if (charged === null) return;
  charged.givenBack += shortfall;
  charged.shortfallCreditId = credit.creditId;
  credit.shortfallFeeIds = extended(credit.shortfallFeeIds, charged.feeId);
}
