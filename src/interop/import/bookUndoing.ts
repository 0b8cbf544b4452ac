import { unused } from '../../account/credit.js';
import { findCredit, findFee, findPayment } from '../../account/patronAccount.js';
import { unreversedParts } from '../../account/records.js';
import { allocationsOf, bookNothing, doesNotFit, unknownFee } from './fitting.js';
import type {
  ForeignCircumstances,
  ForeignPart,
  ForeignRefund,
  ForeignReopening,
  ForeignVoid,
} from './foreignAccount.js';
import { creditIdOf, type ImportLedger, spreadOverCredits, waiverIdOf } from './importLedger.js';

/**
 * Pays out a credit. If the credit is too small, another one is issued first, because the money was paid out. For a
 * balance, credits are paid out first, then payments are taken back, the latest first.
 */
export function bookRefund(change: ForeignRefund, ledger: ImportLedger): void {
  const { id, of, amount, method, origin } = change;
  if (ledger.knows(`${id}/1`) || ledger.knows(`${id}/1/rest`)) return;
  if ('creditId' in of) {
    const credit = findCredit(ledger.state, of.creditId);
    const missing = amount - (credit === undefined ? 0 : unused(credit));
    const parts = [{ creditId: of.creditId, amount: Math.min(amount, amount - missing) }];
    if (missing > 0) {
      doesNotFit(change, amount, amount - missing, ledger);
      parts.push({ creditId: `${id}/credit`, amount: missing });
      bookSupplement(change, `${id}/credit`, missing, ledger);
    }
    refund(change, parts, method, ledger);
    return;
  }
  const { parts, rest } = spreadOverCredits(ledger.creditsOf(of.balanceId), amount);
  const refunds = refund(change, parts, method, ledger);
  const left = takeBackPayments(change, feeIdsOf(of.balanceId, ledger), rest, refunds, ledger);
  if (left === 0) return;
  doesNotFit(change, amount, amount - left, ledger);
  bookSupplement(change, `${id}/credit`, left, ledger);
  refund(change, [{ creditId: `${id}/credit`, amount: left }], method, ledger, `${id}/1/rest`);
  ledger.report(origin, 'UnknownRow', '', 'a payment that the refund gives back', ledger.money(left));
}

const feeIdsOf = (balanceId: string, { feesOf }: ImportLedger) => feesOf(balanceId).map(({ feeId }) => feeId);

/** Issues a credit for money that was paid out, although no row shows where it came from. */
function bookSupplement(
  change: ForeignCircumstances,
  creditId: string,
  amount: number,
  ledger: ImportLedger,
): void {
  const { currency, system } = ledger.account;
  const staffNote = `Import from ${system}: paid out, and no row says which money it was`;
  const issued = { creditId, amount: ledger.money(amount), currency, cause: 'imported' } as const;
  const data = {
    ...issued,
    purpose: 'refundable',
    ...ledger.circumstances({ ...change, staffNote }),
  } as const;
  ledger.record({ type: 'CreditIssued', data }, change.origin);
}

function refund(
  change: ForeignRefund,
  parts: readonly { readonly creditId: string; readonly amount: number }[],
  method: string,
  ledger: ImportLedger,
  firstId?: string,
): number {
  let number = 0;
  for (const { creditId, amount } of parts) {
    if (amount <= 0) continue;
    number += 1;
    const data = {
      refundId: firstId ?? `${change.id}/${number}`,
      creditId,
      amount: ledger.money(amount),
      currency: ledger.account.currency,
      method,
      ...ledger.circumstances(change),
    };
    ledger.record({ type: 'CreditRefunded', data }, change.origin);
  }
  return number;
}

/**
 * Takes payments back from fees, the latest first.
 *
 * @param after - the number of events that the change has already
 * @returns what could not be taken back
 */
function takeBackPayments(
  change: ForeignCircumstances & { readonly id: string },
  feeIds: readonly string[],
  amount: number,
  after: number,
  ledger: ImportLedger,
): number {
  let left = amount;
  let number = after;
  for (const payment of [...ledger.state.payments].reverse()) {
    const allocations: ForeignPart[] = [];
    for (const part of [...payment.allocations].reverse()) {
      if (!feeIds.includes(part.feeId)) continue;
      const taken = Math.min(left, part.amount - part.reversed);
      if (taken <= 0) continue;
      allocations.push({ feeId: part.feeId, amount: taken });
      left -= taken;
    }
    if (allocations.length === 0) continue;
    number += 1;
    const { paymentId, method } = payment;
    reverse(change, `${change.id}/${number}`, { paymentId, method, allocations, overpaid: 0 }, ledger);
  }
  return left;
}

function reverse(
  change: ForeignCircumstances,
  reversalId: string,
  undone: {
    readonly paymentId: string;
    readonly method: string;
    readonly allocations: readonly ForeignPart[];
    readonly overpaid: number;
  },
  ledger: ImportLedger,
): void {
  const { paymentId, method, allocations, overpaid } = undone;
  const amount = allocations.reduce((total, part) => total + part.amount, overpaid);
  if (amount === 0) return;
  const data = {
    reversalId,
    paymentId,
    amount: ledger.money(amount),
    currency: ledger.account.currency,
    allocations: allocationsOf(allocations, ledger),
    ...(overpaid > 0
      ? { overpayment: { creditId: creditIdOf(paymentId), amount: ledger.money(overpaid) } }
      : {}),
    method,
    ...ledger.circumstances(change),
  };
  ledger.record({ type: 'PaymentReversed', data }, change.origin);
}

/** Opens a settled fee again: takes payments or transfers back, the latest first. */
export function bookReopening(change: ForeignReopening, ledger: ImportLedger): void {
  const { id, feeId, amount, from } = change;
  if (ledger.knows(`${id}/1`)) return;
  if (findFee(ledger.state, feeId) === undefined) return unknownFee(change, feeId, ledger);
  const left =
    from === 'payments'
      ? takeBackPayments(change, [feeId], amount, 0, ledger)
      : recallTransfers(change, feeId, amount, ledger);
  if (left === 0) return;
  doesNotFit(change, amount, amount - left, ledger);
  if (left === amount) bookNothing(change, `${id}/1`, feeId, 'a refund', ledger);
}

function recallTransfers(
  change: ForeignReopening,
  feeId: string,
  amount: number,
  ledger: ImportLedger,
): number {
  let left = amount;
  let number = 0;
  for (const transfer of [...ledger.state.transfers].reverse()) {
    const taken = Math.min(left, transfer.amount - transfer.recalled - transfer.settled);
    if (transfer.feeId !== feeId || taken <= 0) continue;
    left -= taken;
    number += 1;
    const data = {
      recallId: `${change.id}/${number}`,
      transferId: transfer.transferId,
      amount: ledger.money(taken),
      currency: ledger.account.currency,
      ...ledger.circumstances(change),
    };
    ledger.record({ type: 'TransferRecalled', data }, change.origin);
  }
  return left;
}

/** Undoes a payment, a waiver or a credit whole: first the use of its credit, then itself. */
export function bookVoid(change: ForeignVoid, ledger: ImportLedger): void {
  const { id, of } = change;
  if (ledger.knows(`${id}/1`)) return;
  let number = 0;
  const nextId = () => {
    number += 1;
    return `${id}/${number}`;
  };
  const payment = findPayment(ledger.state, of);
  const creditId = payment === undefined ? of : payment.overpayment?.creditId;
  if (creditId !== undefined) undoUses(change, creditId, nextId, ledger);
  if (payment !== undefined) {
    const allocations = payment.allocations
      .map(({ feeId, amount, reversed }) => ({ feeId, amount: amount - reversed }))
      .filter(({ amount }) => amount > 0);
    const credit = creditId === undefined ? undefined : findCredit(ledger.state, creditId);
    const overpaid = credit === undefined ? 0 : unused(credit);
    reverse(change, nextId(), { paymentId: of, method: payment.method, allocations, overpaid }, ledger);
    return;
  }
  undoWaivers(change, nextId, ledger);
  const credit = findCredit(ledger.state, of);
  if (credit === undefined || unused(credit) === 0) return;
  const data = {
    cancellationId: nextId(),
    creditId: of,
    amount: ledger.money(unused(credit)),
    currency: ledger.account.currency,
    ...ledger.circumstances(change),
  };
  ledger.record({ type: 'CreditCancelled', data }, change.origin);
}

function undoUses(change: ForeignVoid, creditId: string, nextId: () => string, ledger: ImportLedger): void {
  for (const application of ledger.state.applications) {
    const parts = unreversedParts(application);
    if (application.creditId !== creditId || parts.length === 0) continue;
    const data = {
      reversalId: nextId(),
      applicationId: application.applicationId,
      creditId,
      allocations: allocationsOf(parts, ledger),
      currency: ledger.account.currency,
      ...ledger.circumstances(change),
    };
    ledger.record({ type: 'CreditApplicationReversed', data }, change.origin);
  }
}

function undoWaivers(change: ForeignVoid, nextId: () => string, ledger: ImportLedger): void {
  for (let number = 1; ledger.knows(waiverIdOf(change.of, number)); number++) {
    const waiverId = waiverIdOf(change.of, number);
    const waiver = ledger.state.waivers.find((one) => one.waiverId === waiverId);
    // The id may be that of a line of zero, for a waiver that did not fit.
    if (waiver === undefined || waiver.reversed) continue;
    const data = {
      reversalId: nextId(),
      waiverId,
      feeId: waiver.feeId,
      amount: ledger.money(waiver.amount),
      currency: ledger.account.currency,
      ...ledger.circumstances(change),
    };
    ledger.record({ type: 'WaiverReversed', data }, change.origin);
  }
}
