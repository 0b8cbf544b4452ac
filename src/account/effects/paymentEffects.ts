import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import { owed } from '../fee.js';
import { externalTransactionKey, idUse, useId } from '../ids.js';
import { creditRow } from './creditEffects.js';
import {
  type AccountState,
  addUp,
  allocated,
  creditOf,
  type EventOf,
  feeOf,
  lookUp,
  newId,
  positive,
  record,
  sum,
  transaction,
  within,
} from './guards.js';

/** Money is spread over fees; what is above becomes a credit. */
export function paymentReceived(state: AccountState, event: EventOf<'PaymentReceived'>): void {
  const { data } = event;
  const { overpayment } = data;
  const amount = positive(state, event, data.amount, data.currency);
  const overpaid = overpayment === undefined ? 0 : positive(state, event, overpayment.amount, data.currency);
  const amounts = allocated(state, event, data.allocations, data.currency);
  const fees = data.allocations.map(({ feeId }, index) => {
    const fee = feeOf(state, event, feeId);
    within(state, event, amounts[index] as number, owed(fee));
    return fee;
  });
  addUp(state, event, amount, sum(amounts) + overpaid);
  const key = externalTransactionKey(data.method, data.externalTransactionId);
  if (key !== null && idUse(state.ids, key) !== undefined) {
    corrupt(
      state.eventCount,
      event,
      'ExternalTransactionUsedTwice',
      'a new external transaction',
      data.externalTransactionId,
    );
  }
  if (overpayment !== undefined) {
    newId(state, event, overpayment.creditId);
    if (overpayment.creditId === data.paymentId) {
      corrupt(state.eventCount, event, 'IdUsedTwice', 'an id of its own for the credit', data.paymentId);
    }
  }
  const position = state.payments.length;
  record(state, event, data.paymentId, 'payment', position, data.currency, amount + overpaid);
  if (key !== null) useId(state.ids, { id: key, kind: 'externalTransaction', position, digest: null });
  if (overpayment !== undefined) {
    const { creditId } = overpayment;
    const digest = idUse(state.ids, creditId)?.digest ?? null;
    useId(state.ids, { id: creditId, kind: 'credit', position: state.credits.length, digest });
    const from = { paymentId: data.paymentId };
    state.credits.push(creditRow(creditId, 'overpayment', 'refundable', overpaid, data, from));
  }
  state.payments.push({
    paymentId: data.paymentId,
    amount,
    method: data.method,
    at: data.at,
    by: data.by ?? null,
    comment: data.comment ?? null,
    allocations: fees.map(({ feeId }, index) => ({ feeId, amount: amounts[index] as number, reversed: 0 })),
    overpayment:
      overpayment === undefined ? null : { creditId: overpayment.creditId, amount: overpaid, reversed: 0 },
    externalTransactionId: data.externalTransactionId ?? null,
    reference: data.reference ?? null,
  });
  const reference = data.externalTransactionId ?? data.reference;
  fees.forEach((fee, index) => {
    const part = amounts[index] as number;
    fee.paid += part;
    fee.transactions.push(transaction('payment', data.paymentId, part, data, data.method, reference));
  });
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
