import type { CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import { owed } from '../fee.js';
import { idUse, SEPARATOR, useExternalTransaction, useId } from '../ids.js';
import { creditRow } from './creditEffects.js';
import {
  type AccountState,
  addUp,
  allocated,
  creditOf,
  type EventOf,
  eachOnce,
  feeOf,
  lookUp,
  minor,
  newId,
  positive,
  record,
  sum,
  transaction,
  wellFormedId,
  within,
} from './guards.js';

/** Money is spread over fees; what is above becomes a credit. */
export function paymentReceived(state: AccountState, event: EventOf<'PaymentReceived'>): void {
  const { data } = event;
  const { paymentId, method, externalTransactionId, overpayment } = data;
  const amount = positive(state, event, data.amount, data.currency);
  if (data.allocations.length > 1) {
    eachOnce(
      state,
      event,
      data.allocations.map(({ feeId }) => feeId),
    );
  }
  let total = 0;
  const allocations = data.allocations.map(({ feeId, amount: text }) => {
    // Most payments go to one fee: the same amount is not read twice.
    const part = text === data.amount ? amount : positive(state, event, text, data.currency);
    within(state, event, part, owed(feeOf(state, event, feeId)));
    total += part;
    return { feeId, amount: part, reversed: 0 };
  });
  const overpaid = overpayment === undefined ? 0 : overpaidPart(state, event, overpayment);
  addUp(state, event, amount, total + overpaid);
  const position = state.payments.length;
  const feesNamed = namedFees(state, event);
  if (externalTransactionId !== undefined) wellFormedTransaction(state, event, externalTransactionId);
  record(state, event, paymentId, 'payment', position, data.currency, amount + overpaid);
  if (externalTransactionId !== undefined) {
    useExternalTransaction(state.ids, method, externalTransactionId, position);
  }
  if (overpayment !== undefined) issueOverpaid(state, event, overpayment.creditId, overpaid);
  const reference = externalTransactionId ?? data.reference;
  for (const { feeId, amount: part } of allocations) {
    const fee = feeOf(state, event, feeId);
    fee.paid += part;
    fee.transactions.push(transaction('payment', paymentId, part, data, method, reference));
  }
  state.payments.push({
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
    reference: data.reference ?? null,
  });
}

/** Reads the fees that the payer named. */
function namedFees(state: AccountState, event: EventOf<'PaymentReceived'>): string[] {
  const { feesNamed } = event.data;
  if (feesNamed === undefined) return [];
  if (!Array.isArray(feesNamed)) {
    return corrupt(state.eventCount, event, 'MalformedEvent', 'a list of fees', feesNamed);
  }
  for (const feeId of feesNamed) wellFormedId(state, event, feeId);
  eachOnce(state, event, feesNamed);
  return [...feesNamed];
}

/** Holds the provider's id and the payment's method to their shape. A transaction may have many parts. */
function wellFormedTransaction(state: AccountState, event: EventOf<'PaymentReceived'>, id: string): void {
  const { method } = event.data;
  for (const part of [method, id]) {
    wellFormedId(state, event, part);
    if (part.includes(SEPARATOR)) corrupt(state.eventCount, event, 'InvalidId', 'an id without U+0000', part);
  }
}

/** Reads the part above what is owed, of which the credit has a new id of its own. */
function overpaidPart(
  state: AccountState,
  event: EventOf<'PaymentReceived'>,
  { creditId, amount }: CreditPart,
): number {
  const { paymentId, currency } = event.data;
  const overpaid = positive(state, event, amount, currency);
  newId(state, event, creditId);
  if (creditId === paymentId) {
    corrupt(state.eventCount, event, 'IdUsedTwice', 'an id of its own for the credit', paymentId);
  }
  return overpaid;
}

function issueOverpaid(
  state: AccountState,
  event: EventOf<'PaymentReceived'>,
  creditId: string,
  overpaid: number,
): void {
  const { data } = event;
  const digest = idUse(state.ids, creditId)?.digest ?? null;
  useId(state.ids, { id: creditId, kind: 'credit', position: state.credits.length, digest });
  const from = { paymentId: data.paymentId };
  state.credits.push(creditRow(creditId, 'overpayment', 'refundable', overpaid, data, from));
}

/** Fees reopen, the overpayment credit is withdrawn, a shortfall counts as given back. */
export function paymentReversed(state: AccountState, event: EventOf<'PaymentReversed'>): void {
  const { data } = event;
  const payment = state.payments[lookUp(state, 'payment', data.paymentId)];
  if (payment === undefined)
    return corrupt(state.eventCount, event, 'UnknownPayment', 'a payment', data.paymentId);
  const amount = positive(state, event, data.amount, data.currency);
  const amounts = allocated(state, event, data.allocations, data.currency);
  const byFee = new Map(payment.allocations.map((allocation) => [allocation.feeId, allocation]));
  const allocations = data.allocations.map(({ feeId }, index) => {
    const allocation = byFee.get(feeId);
    if (allocation === undefined)
      return corrupt(state.eventCount, event, 'WrongFee', 'a fee of the payment', feeId);
    within(state, event, amounts[index] as number, allocation.amount - allocation.reversed);
    return allocation;
  });
  const { unused: withdrawn, cancelled } = withdrawnParts(state, event);
  const shortfall =
    data.shortfall === undefined ? 0 : positive(state, event, data.shortfall.amount, data.currency);
  const fromCredit = withdrawn + cancelled + shortfall;
  addUp(state, event, amount, sum(amounts) + fromCredit);
  const overpaid = payment.overpayment;
  within(state, event, fromCredit, overpaid === null ? 0 : overpaid.amount - overpaid.reversed);
  for (const part of [data.overpayment, data.shortfall]) {
    if (part !== undefined && part.creditId !== overpaid?.creditId) {
      corrupt(state.eventCount, event, 'WrongCredit', overpaid?.creditId, part.creditId);
    }
  }
  const creditId = data.overpayment?.creditId ?? data.shortfall?.creditId;
  const credit = creditId === undefined ? null : creditOf(state, event, creditId);
  if (credit !== null) {
    within(state, event, withdrawn, unused(credit));
    within(state, event, cancelled, credit.cancelled);
  }
  const charged = data.shortfall === undefined ? null : feeOf(state, event, data.shortfall.feeId);
  if (charged !== null) within(state, event, charged.givenBack + shortfall, charged.original);
  record(state, event, data.reversalId, 'other', 0, data.currency, 0);
  if (overpaid !== null) overpaid.reversed += fromCredit;
  if (credit !== null) {
    credit.withdrawn += withdrawn + cancelled;
    credit.cancelled -= cancelled;
    const withdraw = (kind: 'creditWithdrawn' | 'cancelledCreditWithdrawn', part: number) => {
      if (part === 0) return;
      credit.transactions.push(transaction(kind, data.reversalId, part, data, data.method, data.paymentId));
    };
    withdraw('creditWithdrawn', withdrawn);
    withdraw('cancelledCreditWithdrawn', cancelled);
  }
  if (credit !== null && charged !== null) {
    charged.givenBack += shortfall;
    charged.shortfallCreditId = credit.creditId;
    credit.shortfallFeeIds.push(charged.feeId);
  }
  allocations.forEach((allocation, index) => {
    const part = amounts[index] as number;
    const fee = feeOf(state, event, allocation.feeId);
    allocation.reversed += part;
    fee.paid -= part;
    fee.transactions.push(
      transaction('paymentReversed', data.reversalId, part, data, data.method, data.paymentId),
    );
  });
}

/** Reads what of the overpayment credit is withdrawn: its unused part, and what was cancelled of it. */
function withdrawnParts(
  state: AccountState,
  event: EventOf<'PaymentReversed'>,
): { readonly unused: number; readonly cancelled: number } {
  const { overpayment, currency } = event.data;
  if (overpayment === undefined) return { unused: 0, cancelled: 0 };
  if (overpayment.cancelled === undefined) {
    return { unused: positive(state, event, overpayment.amount, currency), cancelled: 0 };
  }
  return {
    unused: minor(state, event, overpayment.amount, currency),
    cancelled: positive(state, event, overpayment.cancelled, currency),
  };
}
