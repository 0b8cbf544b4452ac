import type { Allocation } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import { owed } from '../fee.js';
import { externalTransactionKey, idUse } from '../ids.js';
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
  const amount = positive(state, event, data.amount, data.currency);
  const overpaid =
    data.overpayment === undefined ? 0 : positive(state, event, data.overpayment.amount, data.currency);
  const amounts = allocated(state, event, data.allocations, data.currency);
  for (let index = 0; index < amounts.length; index++) {
    const fee = feeOf(state, event, (data.allocations[index] as Allocation).feeId);
    within(state, event, amounts[index] as number, owed(fee));
  }
  addUp(state, event, amount, sum(amounts) + overpaid);
  const key = externalTransactionKey(data.method, data.externalTransactionId);
  if (key !== null && typeof state.externalTransactions[key] === 'number') {
    corrupt(
      state.eventCount,
      event,
      'ExternalTransactionUsedTwice',
      'a new external transaction',
      data.externalTransactionId,
    );
  }
  if (data.overpayment !== undefined) {
    newId(state, event, data.overpayment.creditId);
    if (data.overpayment.creditId === data.paymentId) {
      corrupt(state.eventCount, event, 'IdUsedTwice', 'an id of its own for the credit', data.paymentId);
    }
  }
  record(state, event, data.paymentId, 'payment', state.payments.length, data.currency, amount + overpaid);
  if (key !== null) state.externalTransactions[key] = state.payments.length;
  if (data.overpayment !== undefined) {
    const { creditId } = data.overpayment;
    const digest = idUse(state.ids, creditId)?.digest ?? null;
    state.ids[creditId] = { kind: 'credit', position: state.credits.length, digest };
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
    allocations: amounts.map((part, index) => ({
      feeId: (data.allocations[index] as Allocation).feeId,
      amount: part,
      reversed: 0,
    })),
    overpayment:
      data.overpayment === undefined
        ? null
        : { creditId: data.overpayment.creditId, amount: overpaid, reversed: 0 },
    externalTransactionId: data.externalTransactionId ?? null,
    reference: data.reference ?? null,
  });
  for (let index = 0; index < amounts.length; index++) {
    const fee = feeOf(state, event, (data.allocations[index] as Allocation).feeId);
    const part = amounts[index] as number;
    fee.paid += part;
    fee.transactions.push(
      transaction(
        'payment',
        data.paymentId,
        part,
        data,
        data.method,
        data.externalTransactionId ?? data.reference,
      ),
    );
  }
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
