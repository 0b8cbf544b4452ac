import type { CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import { owed } from '../fee.js';
import { externalTransactionUse, idUse, SEPARATOR, useExternalTransaction, useId } from '../ids.js';
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
  if (externalTransactionId !== undefined) newTransaction(state, event, externalTransactionId);
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
    reference: data.reference ?? null,
  });
}

/** Holds the provider's id and the payment's method to their shape, and the two together to being new. */
function newTransaction(state: AccountState, event: EventOf<'PaymentReceived'>, id: string): void {
  const { method } = event.data;
  for (const part of [method, id]) {
    wellFormedId(state, event, part);
    if (part.includes(SEPARATOR)) corrupt(state.eventCount, event, 'InvalidId', 'an id without U+0000', part);
  }
  if (externalTransactionUse(state.ids, method, id) === undefined) return;
  corrupt(state.eventCount, event, 'ExternalTransactionUsedTwice', 'a new external transaction', id);
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
  const position = lookUp(state, 'payment', data.paymentId);
  const payment = state.payments[position];
  if (payment === undefined)
    return corrupt(state.eventCount, event, 'UnknownPayment', 'a payment', data.paymentId);
  const amount = positive(state, event, data.amount, data.currency);
  const amounts = allocated(state, event, data.allocations, data.currency);
  const allocations = data.allocations.map(({ feeId }, index) => {
    const allocation = payment.allocations.find((candidate) => candidate.feeId === feeId);
    if (allocation === undefined)
      return corrupt(state.eventCount, event, 'WrongFee', 'a fee of the payment', feeId);
    within(state, event, amounts[index] as number, allocation.amount - allocation.reversed);
    return allocation;
  });
  const withdrawn =
    data.overpayment === undefined ? 0 : positive(state, event, data.overpayment.amount, data.currency);
  const shortfall =
    data.shortfall === undefined ? 0 : positive(state, event, data.shortfall.amount, data.currency);
  addUp(state, event, amount, sum(amounts) + withdrawn + shortfall);
  const overpaid = payment.overpayment;
  within(state, event, withdrawn + shortfall, overpaid === null ? 0 : overpaid.amount - overpaid.reversed);
  if (data.overpayment !== undefined && data.overpayment.creditId !== overpaid?.creditId) {
    corrupt(state.eventCount, event, 'WrongCredit', overpaid?.creditId, data.overpayment.creditId);
  }
  const credit = data.overpayment === undefined ? null : creditOf(state, event, data.overpayment.creditId);
  if (credit !== null) within(state, event, withdrawn, unused(credit));
  const charged = data.shortfall === undefined ? null : feeOf(state, event, data.shortfall.feeId);
  if (charged !== null) within(state, event, charged.givenBack + shortfall, charged.original);
  record(state, event, data.reversalId, 'other', 0, data.currency, 0);
  if (overpaid !== null) overpaid.reversed += withdrawn + shortfall;
  if (credit !== null) {
    credit.withdrawn += withdrawn;
    credit.transactions.push(
      transaction('creditWithdrawn', data.reversalId, withdrawn, data, data.method, data.paymentId),
    );
  }
  if (charged !== null) charged.givenBack += shortfall;
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
