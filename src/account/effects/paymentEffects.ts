import type { CreditPart } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import { unused } from '../credit.js';
import type { EventOf } from '../events/accountEvent.js';
import { owed } from '../fee.js';
import { idUse, SEPARATOR, useExternalTransaction, useId } from '../ids.js';
import type { AccountState } from '../patronAccount.js';
import { creditRow, withdrawnParts } from './creditEffects.js';
import {
  addUp,
  allocated,
  creditOf,
  eachOnce,
  feeOf,
  lookUp,
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
  record(state, event, newUse('payment', paymentId, position), amount + overpaid);
  if (externalTransactionId !== undefined) {
    useExternalTransaction(state.ids, method, externalTransactionId, position);
  }
  if (overpayment !== undefined) issueOverpaid(state, data, overpayment.creditId, overpaid);
  const reference = externalTransactionId ?? data.reference;
  for (const { feeId, amount: part } of allocations) {
    const fee = feeOf(state, feeId);
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

/** Reads the fees named by the payer. */
function namedFees(feesNamed: readonly string[] | undefined): string[] {
  if (feesNamed === undefined) return [];
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
  const from = { paymentId: data.paymentId };
  state.credits.push(creditRow(creditId, 'overpayment', 'refundable', overpaid, data, from));
}

/**
 * Undoes a payment: fees reopen, the overpayment credit is withdrawn, a shortfall counts as given back. Its rules are
 * in decisions/reversePayment.ts.
 */
export function paymentReversed(state: AccountState, event: EventOf<'PaymentReversed'>): void {
  const { data } = event;
  const payment = state.payments[lookUp(state, 'payment', data.paymentId)];
  if (payment === undefined) return corrupt('UnknownPayment', 'a payment', data.paymentId);
  const amount = positive(state, data.amount, data.currency);
  const amounts = allocated(state, data.allocations, data.currency);
  const byFee = new Map(payment.allocations.map((allocation) => [allocation.feeId, allocation]));
  const allocations = data.allocations.map(({ feeId }, index) => {
    const allocation = byFee.get(feeId);
    if (allocation === undefined) return corrupt('WrongFee', 'a fee of the payment', feeId);
    within(amounts[index] as number, allocation.amount - allocation.reversed);
    return allocation;
  });
  const { unused: withdrawn, cancelled } = withdrawnParts(state, data.overpayment, data.currency);
  const shortfall = data.shortfall === undefined ? 0 : positive(state, data.shortfall.amount, data.currency);
  const fromCredit = withdrawn + cancelled + shortfall;
  addUp(amount, sum(amounts) + fromCredit);
  const overpaid = payment.overpayment;
  within(fromCredit, overpaid === null ? 0 : overpaid.amount - overpaid.reversed);
  for (const part of [data.overpayment, data.shortfall]) {
    if (part !== undefined && part.creditId !== overpaid?.creditId) {
      corrupt('WrongCredit', overpaid?.creditId, part.creditId);
    }
  }
  const creditId = data.overpayment?.creditId ?? data.shortfall?.creditId;
  const credit = creditId === undefined ? null : creditOf(state, creditId);
  if (credit !== null) {
    within(withdrawn, unused(credit));
    within(cancelled, credit.cancelled);
  }
  const charged = data.shortfall === undefined ? null : feeOf(state, data.shortfall.feeId);
  if (charged !== null) within(charged.givenBack + shortfall, charged.original);
  record(state, event, newUse('other', data.reversalId), 0);
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
    const fee = feeOf(state, allocation.feeId);
    allocation.reversed += part;
    fee.paid -= part;
    fee.transactions.push(
      transaction('paymentReversed', data.reversalId, part, data, data.method, data.paymentId),
    );
  });
}
