import { isAccruing } from '../../account/accrual.js';
import { unused } from '../../account/credit.js';
import { type Fee, owed, refundableMoney } from '../../account/fee.js';
import { findFee } from '../../account/patronAccount.js';
import { allocationsOf, bookNothing, cancelled, doesNotFit, fitting, unknownFee } from './fitting.js';
import type {
  ForeignBalance,
  ForeignCancellation,
  ForeignCharge,
  ForeignCircumstances,
  ForeignDecrease,
  ForeignEnd,
  ForeignIncrease,
  ForeignTransfer,
} from './foreignAccount.js';
import { creditIdOf, type ImportLedger, spreadOver, waiverIdOf } from './importLedger.js';

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
