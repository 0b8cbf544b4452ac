import { isAccruing } from '../../account/accrual.js';
import { unused } from '../../account/credit.js';
import { type Fee, owed, refundableMoney } from '../../account/fee.js';
import { findCredit, findFee, findPayment } from '../../account/patronAccount.js';
import { unreversedParts } from '../../account/records.js';
import type {
  ForeignBalance,
  ForeignCancellation,
  ForeignCharge,
  ForeignCircumstances,
  ForeignCredit,
  ForeignDecrease,
  ForeignEnd,
  ForeignIncrease,
  ForeignPart,
  ForeignPayment,
  ForeignRefund,
  ForeignReopening,
  ForeignTransfer,
  ForeignUse,
  ForeignVoid,
  ForeignWaiver,
} from './foreignAccount.js';
import {
  allocationsOf,
  bookNothing,
  cancelled,
  creditIdOf,
  doesNotFit,
  fitting,
  type ImportLedger,
  spreadOver,
  spreadOverCredits,
  unknownFee,
  waiverIdOf,
} from './importLedger.js';

/** Charges a fee. */
export function bookCharge(change: ForeignCharge, ledger: ImportLedger): void {
  const { feeId, feeType, owner, amount, lostItem, grows, item, loanId, origin } = change;
  if (ledger.knows(feeId)) return;
  const data = {
    feeId,
    feeType,
    amount: ledger.money(amount),
    currency: ledger.account.currency,
    owner,
    ...(lostItem ? { lostItem } : {}),
    // A fine of a lost item's type cannot grow here: each increase becomes a fee of its own.
    ...(grows && !lostItem ? { accruing: true, total: ledger.money(amount) } : {}),
    ...(item === undefined ? {} : { item }),
    ...(loanId === undefined ? {} : { loanId }),
    ...ledger.circumstances(change),
  };
  if (ledger.record({ type: 'FeeAssessed', data }, origin))
    usePooledCredit(change, feeId, ledger.balanceOfFee(feeId), ledger);
}

/** Increases a fine, or charges the increase of a fine that no longer grows. */
export function bookIncrease(change: ForeignIncrease, ledger: ImportLedger): void {
  const { id, feeId, amount, origin } = change;
  if (ledger.knows(id)) return;
  const fee = findFee(ledger.state, feeId);
  const balance = ledger.balanceOfFee(feeId);
  if (fee === undefined) return unknownFee(change, feeId, ledger);
  const money = { amount: ledger.money(amount), currency: ledger.account.currency };
  const circumstances = ledger.circumstances(change);
  const { feeType, owner, lostItem, loanId } = fee;
  const recorded = isAccruing(fee)
    ? ledger.record(
        {
          type: 'FeeIncreased',
          data: {
            increaseId: id,
            feeId,
            ...money,
            total: chargedWith(fee, amount, ledger),
            ...circumstances,
          },
        },
        origin,
      )
    : ledger.record(
        {
          type: 'FeeAssessed',
          data: {
            feeId: id,
            feeType,
            ...money,
            owner,
            ...(lostItem ? { lostItem } : {}),
            ...(fee.item === null ? {} : { item: fee.item }),
            ...(loanId === null ? {} : { loanId }),
            ...circumstances,
          },
        },
        origin,
      );
  if (recorded) usePooledCredit(change, id, balance, ledger);
}

/** Returns the total of a fine after a change by an amount. */
export function chargedWith({ accrual }: Fee, change: number, ledger: ImportLedger): string {
  return ledger.money((accrual?.accrued ?? 0) + change);
}

/**
 * In systems in which a transaction's money pays all its charges: pays a new charge with the rest of earlier payments.
 */
export function usePooledCredit(
  change: ForeignCircumstances,
  id: string,
  balance: ForeignBalance | undefined,
  ledger: ImportLedger,
): void {
  if (balance?.pooled !== true) return;
  let number = 0;
  for (const credit of ledger.creditsOf(balance.balanceId)) {
    const { parts } = spreadOver(ledger.feesOf(balance.balanceId), unused(credit));
    if (parts.length === 0) continue;
    number += 1;
    const allocations = allocationsOf(parts, ledger);
    const applied = { applicationId: `${id}/paid/${number}`, creditId: credit.creditId, allocations };
    const { currency } = ledger.account;
    ledger.record(
      { type: 'CreditApplied', data: { ...applied, currency, ...ledger.circumstances(change) } },
      change.origin,
    );
  }
}

/** Reduces a fine. */
export function bookDecrease(change: ForeignDecrease, ledger: ImportLedger): void {
  const { id, feeId, amount, time } = change;
  if (ledger.knows(id)) return;
  const fee = findFee(ledger.state, feeId);
  if (fee === undefined) return unknownFee(change, feeId, ledger);
  const fits = isAccruing(fee) ? Math.min(amount, owed(fee), fee.accrual?.accrued ?? 0) : 0;
  const plain = isAccruing(fee) ? 0 : Math.min(amount, owed(fee));
  const total = fits > 0 ? chargedWith(fee, -fits, ledger) : undefined;
  ledger.record(cancelled(change, id, feeId, fits + plain, total, ledger), change.origin);
  const rest = amount - fits - plain;
  if (rest > 0) ledger.fallen.set(feeId, { ms: time.ms, amount: rest });
}

/** Ends the growth of a fine. */
export function bookEnd(change: ForeignEnd, ledger: ImportLedger): void {
  const { id, feeId, cause, origin } = change;
  const fee = findFee(ledger.state, feeId);
  if (fee === undefined || !isAccruing(fee) || ledger.knows(id)) return;
  const total = ledger.money(fee.accrual?.accrued ?? 0);
  const { currency } = ledger.account;
  const data = { endId: id, feeId, cause, total, currency, ...ledger.circumstances(change) };
  ledger.record({ type: 'AccrualEnded', data }, origin);
}

/** Hands a fee to a billing system. */
export function bookTransfer(change: ForeignTransfer, ledger: ImportLedger): void {
  const { id, feeId, amount, destination, origin } = change;
  if (ledger.knows(id)) return;
  const [part] = fitting(change, [{ feeId, amount }], ledger);
  if (part === undefined) {
    if (ledger.knows(feeId)) bookNothing(change, id, feeId, 'a transfer', ledger);
    return;
  }
  const data = {
    transferId: id,
    feeId,
    amount: ledger.money(part.amount),
    currency: ledger.account.currency,
    expectsSettlement: false,
    ...(destination === undefined ? {} : { destination }),
    ...ledger.circumstances(change),
  };
  ledger.record({ type: 'FeeTransferred', data }, origin);
}

/** Cancels a fee, and gives back what was paid on it if the rows do. */
export function bookCancellation(change: ForeignCancellation, ledger: ImportLedger): void {
  const { id, feeId, downTo = 0, givesBack = false, origin } = change;
  if (ledger.knows(id)) return;
  const fee = findFee(ledger.state, feeId);
  if (fee === undefined) return unknownFee(change, feeId, ledger);
  const amount = change.amount ?? Math.max(0, owed(fee) - downTo);
  // The forgiven part of a voided charge is applied to the other charges.
  const forgiven = givesBack && amount > owed(fee) ? undoWaiversOf(change, ledger) : 0;
  const fits = Math.min(amount, owed(fee));
  if (!ledger.record(cancelled(change, id, feeId, fits, undefined, ledger), origin)) return;
  const rest = amount - fits;
  if (!givesBack) {
    if (rest > 0) doesNotFit(change, amount, fits, ledger);
    return;
  }
  const back = Math.min(rest, refundableMoney(fee));
  const balance = ledger.balanceOfFee(feeId);
  const { currency } = ledger.account;
  if (back > 0) {
    const cause = { creditId: creditIdOf(id), feeId, cause: 'cancelled', purpose: 'refundable' } as const;
    const data = { ...cause, amount: ledger.money(back), currency, ...ledger.circumstances(change) };
    ledger.record({ type: 'CreditIssued', data }, origin);
    usePooledCredit(change, id, balance, ledger);
  }
  const { parts } = spreadOver(ledger.feesOf(balance?.balanceId ?? ''), forgiven, feeId);
  parts.forEach((part, index) => {
    const waiver = { waiverId: waiverIdOf(id, index + 1), feeId: part.feeId, currency };
    const data = { ...waiver, amount: ledger.money(part.amount), ...ledger.circumstances(change) };
    ledger.record({ type: 'FeeWaived', data }, origin);
  });
}

/** Undoes the waivers of a fee. Returns their sum. */
function undoWaiversOf(change: ForeignCancellation, ledger: ImportLedger): number {
  let total = 0;
  let number = 0;
  for (const { waiverId, feeId, amount, reversed } of ledger.state.waivers) {
    if (feeId !== change.feeId || reversed) continue;
    number += 1;
    total += amount;
    const { currency } = ledger.account;
    const undone = { reversalId: `${change.id}/unwaived/${number}`, waiverId, feeId, currency };
    const data = { ...undone, amount: ledger.money(amount), ...ledger.circumstances(change) };
    ledger.record({ type: 'WaiverReversed', data }, change.origin);
  }
  return total;
}

/** The longest time between a fine's decrease and the credit that gives back what was paid on it. */
const SAME_MOMENT_MS = 60_000;

const sum = (parts: readonly { readonly amount: number }[]) =>
  parts.reduce((total, { amount }) => total + amount, 0);

/** Records a payment. */
export function bookPayment(change: ForeignPayment, ledger: ImportLedger): void {
  const { paymentId, method, paid, externalTransactionId, reference, origin } = change;
  if (ledger.knows(paymentId)) return;
  const spread =
    'balanceId' in paid
      ? spreadOver(ledger.feesOf(paid.balanceId), paid.amount)
      : { parts: fitting(change, paid, ledger), rest: change.credit?.amount ?? 0 };
  const amount = sum(spread.parts) + spread.rest;
  if (amount === 0) {
    const [first] = 'balanceId' in paid ? [] : paid;
    if (first !== undefined && ledger.knows(first.feeId)) {
      bookNothing(change, paymentId, first.feeId, 'a payment', ledger);
    }
    return;
  }
  const data = {
    paymentId,
    amount: ledger.money(amount),
    currency: ledger.account.currency,
    method,
    allocations: allocationsOf(spread.parts, ledger),
    ...(spread.rest > 0
      ? { overpayment: { creditId: creditIdOf(paymentId), amount: ledger.money(spread.rest) } }
      : {}),
    ...(externalTransactionId === undefined
      ? {}
      : { externalTransactionId, feesNamed: spread.parts.map(({ feeId }) => feeId) }),
    ...(reference === undefined ? {} : { reference }),
    ...ledger.circumstances(change),
  };
  ledger.record({ type: 'PaymentReceived', data }, origin);
}

/** Forgives an amount. */
export function bookWaiver(change: ForeignWaiver, ledger: ImportLedger): void {
  const { id, waived, writeOff = false, origin } = change;
  const kind = writeOff ? { writeOff } : {};
  if (ledger.knows(waiverIdOf(id, 1))) return;
  const parts =
    'balanceId' in waived
      ? spreadOver(ledger.feesOf(waived.balanceId), waived.amount, waived.feeId).parts
      : fitting(change, waived, ledger);
  if ('balanceId' in waived && sum(parts) < waived.amount) {
    doesNotFit(change, waived.amount, sum(parts), ledger);
  }
  parts.forEach(({ feeId, amount }, index) => {
    const waiver = { waiverId: waiverIdOf(id, index + 1), feeId, amount: ledger.money(amount) };
    const { currency } = ledger.account;
    ledger.record(
      { type: 'FeeWaived', data: { ...waiver, currency, ...kind, ...ledger.circumstances(change) } },
      origin,
    );
  });
  if (parts.length > 0) return;
  if ('balanceId' in waived) {
    const stranded = ledger.stranded.get(waived.balanceId) ?? [];
    ledger.stranded.set(waived.balanceId, [...stranded, { id: waiverIdOf(id, 1), change }]);
  } else if (waived[0] !== undefined && ledger.knows(waived[0].feeId)) {
    bookNothing(change, waiverIdOf(id, 1), waived[0].feeId, 'a waiver', ledger);
  }
}

/** Issues a credit. */
export function bookCredit(change: ForeignCredit, ledger: ImportLedger): void {
  const { creditId, balanceId, amount, purpose, owner, ofDecrease = false, time, origin } = change;
  if (ledger.knows(creditId)) return;
  const data = {
    creditId,
    amount: ledger.money(amount),
    currency: ledger.account.currency,
    ...ledger.circumstances(change),
  };
  const fallen = ofDecrease ? feeThatFell(amount, time.ms, ledger) : undefined;
  if (fallen !== undefined) {
    ledger.fallen.delete(fallen);
    const cause = { cause: 'cancelled', purpose: 'refundable', feeId: fallen, accrual: true } as const;
    ledger.record({ type: 'CreditIssued', data: { ...data, ...cause } }, origin);
    return;
  }
  const owned = owner === undefined ? {} : { owner };
  ledger.record({ type: 'CreditIssued', data: { ...data, cause: 'imported', purpose, ...owned } }, origin);
  usePooledCredit(change, creditId, ledger.balance(balanceId), ledger);
}

/** Finds the fine that fell by more than was owed, when a credit of this amount was issued. */
function feeThatFell(amount: number, ms: number, { fallen, state }: ImportLedger): string | undefined {
  for (const [feeId, fall] of fallen) {
    const fee = findFee(state, feeId);
    if (fee === undefined || !isAccruing(fee)) continue;
    const isSame = fall.amount >= amount && Math.abs(fall.ms - ms) <= SAME_MOMENT_MS;
    if (isSame && refundableMoney(fee) >= amount && (fee.accrual?.accrued ?? 0) >= amount) return feeId;
  }
  return undefined;
}

/** Pays a fee with a credit. */
export function bookUse(change: ForeignUse, ledger: ImportLedger): void {
  const { id, creditId, feeId, amount, origin } = change;
  if (ledger.knows(id)) return;
  const credit = findCredit(ledger.state, creditId);
  const fee = findFee(ledger.state, feeId);
  if (fee === undefined) return unknownFee(change, feeId, ledger);
  const fits = Math.min(amount, owed(fee), credit === undefined ? 0 : unused(credit));
  if (fits < amount) doesNotFit(change, amount, fits, ledger);
  if (fits === 0) return bookNothing(change, id, feeId, 'the use of a credit', ledger);
  const data = {
    applicationId: id,
    creditId,
    allocations: allocationsOf([{ feeId, amount: fits }], ledger),
    currency: ledger.account.currency,
    ...ledger.circumstances(change),
  };
  ledger.record({ type: 'CreditApplied', data }, origin);
}

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
