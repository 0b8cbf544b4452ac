import { isAccruing } from '../../account/accrual.js';
import { unused } from '../../account/credit.js';
import { owed } from '../../account/fee.js';
import { chargedWith, usePooledCredit } from './bookFee.js';
import type { ForeignBalance, ForeignCircumstances } from './foreignAccount.js';
import { bookNothing, cancelled, correctionId, type ImportLedger } from './importLedger.js';

/**
 * Corrects a balance to the one that the other system states: an excess of what is owed is cancelled, a missing amount
 * is charged, an excess of unused credit is withdrawn, and missing credit is issued.
 */
export function correctBalance(balance: ForeignBalance, ledger: ImportLedger): void {
  reportEarlier(balance, ledger);
  const { time, origin } = balance;
  // Later undoing may have reopened fees although the pool has unused credit.
  usePooledCredit({ time, origin }, nextId(balance, ledger, 'settled'), balance, ledger);
  const fees = ledger.feesOf(balance.balanceId);
  const owedHere = fees.reduce((total, fee) => total + owed(fee), 0);
  if (owedHere !== balance.owed) {
    const change = corrected(balance, balance.owed, owedHere, ledger);
    if (owedHere > balance.owed) cancelAbove(balance, change, owedHere - balance.owed, ledger);
    else chargeMissing(balance, change, balance.owed - owedHere, ledger);
  }
  // After the correction, which may have created the only fee: otherwise the next import would forgive part of it.
  const [fee] = ledger.feesOf(balance.balanceId);
  for (const { id, change } of ledger.stranded.get(balance.balanceId) ?? []) {
    if (fee !== undefined) bookNothing(change, id, fee.feeId, 'a waiver', ledger);
  }
  const credits = ledger.creditsOf(balance.balanceId);
  const unusedHere = credits.reduce((total, credit) => total + unused(credit), 0);
  if (unusedHere === balance.credit) return;
  const change = corrected(balance, -balance.credit, -unusedHere, ledger);
  if (unusedHere > balance.credit) withdrawAbove(balance, change, unusedHere - balance.credit, ledger);
  else issueMissing(balance, change, balance.credit - unusedHere, ledger);
}

/** Adds the finding of a wrong balance, and returns the circumstances of the lines that correct it. */
function corrected(
  balance: ForeignBalance,
  stated: number,
  here: number,
  ledger: ImportLedger,
): ForeignCircumstances {
  const { figure, time, origin } = balance;
  const [expected, found] = [ledger.money(here), ledger.money(stated)];
  ledger.report(origin, 'BalanceDiffers', figure, `${expected}, to which the rows lead`, found);
  const comment = `Import from ${ledger.account.system}: ${figure} is ${found}, its rows give ${expected}`;
  return { time, comment, origin };
}

/** Reports the corrections that earlier imports made, so that the report of a job that ran again has them. */
function reportEarlier(balance: ForeignBalance, { feesOf, creditsOf, knows, report }: ImportLedger): void {
  if (!knows(correctionId(balance.balanceId, 1))) return;
  const rows = [...feesOf(balance.balanceId), ...creditsOf(balance.balanceId)];
  for (let number = 1; knows(correctionId(balance.balanceId, number)); number++) {
    const id = correctionId(balance.balanceId, number);
    const line = rows.flatMap(({ transactions }) => transactions).find((one) => one.id === id);
    report(balance.origin, 'BalanceDiffers', balance.figure, 'no correction', line?.comment ?? id);
  }
}

function nextId({ balanceId }: ForeignBalance, { knows }: ImportLedger, what?: 'settled'): string {
  const idOf = (number: number) =>
    what === undefined ? correctionId(balanceId, number) : `${balanceId}/${what}/${number}`;
  let number = 1;
  while (knows(idOf(number)) || knows(`${idOf(number)}/paid/1`)) number += 1;
  return idOf(number);
}

/** Cancels the excess of what is owed, on the latest fees first. */
function cancelAbove(
  balance: ForeignBalance,
  change: ForeignCircumstances,
  above: number,
  ledger: ImportLedger,
): void {
  let left = above;
  for (const fee of [...ledger.feesOf(balance.balanceId)].reverse()) {
    const part = Math.min(left, owed(fee));
    if (part <= 0) continue;
    ledger.record(
      cancelled(change, nextId(balance, ledger), fee.feeId, part, undefined, ledger),
      balance.origin,
    );
    left -= part;
  }
}

/** Charges a missing amount: increases a fine that still grows, or adds a fee. */
function chargeMissing(
  balance: ForeignBalance,
  change: ForeignCircumstances,
  missing: number,
  ledger: ImportLedger,
): void {
  const fees = ledger.feesOf(balance.balanceId);
  const money = { amount: ledger.money(missing), currency: ledger.account.currency };
  const growing = [...fees].reverse().find(isAccruing);
  if (growing !== undefined) {
    const total = chargedWith(growing, missing, ledger);
    const data = { increaseId: nextId(balance, ledger), feeId: growing.feeId, ...money, total };
    ledger.record(
      { type: 'FeeIncreased', data: { ...data, ...ledger.circumstances(change) } },
      balance.origin,
    );
    return;
  }
  const [like] = fees;
  const data = {
    feeId: nextId(balance, ledger),
    feeType: like?.feeType ?? balance.feeType,
    ...money,
    owner: like?.owner ?? balance.owner,
    ...(like?.lostItem ? { lostItem: true } : {}),
    ...(like?.item ? { item: like.item } : {}),
    ...(like?.loanId ? { loanId: like.loanId } : {}),
    ...ledger.circumstances(change),
  };
  ledger.record({ type: 'FeeAssessed', data }, balance.origin);
}

/** Withdraws the unused credit above the balance, the latest first. */
function withdrawAbove(
  balance: ForeignBalance,
  change: ForeignCircumstances,
  above: number,
  ledger: ImportLedger,
): void {
  let left = above;
  for (const credit of [...ledger.creditsOf(balance.balanceId)].reverse()) {
    const part = Math.min(left, unused(credit));
    if (part <= 0) continue;
    left -= part;
    const data = {
      cancellationId: nextId(balance, ledger),
      creditId: credit.creditId,
      amount: ledger.money(part),
      currency: ledger.account.currency,
      ...ledger.circumstances(change),
    };
    ledger.record({ type: 'CreditCancelled', data }, balance.origin);
  }
}

/** Issues a missing credit, with the purpose of the balance's other credits. */
function issueMissing(
  balance: ForeignBalance,
  change: ForeignCircumstances,
  missing: number,
  ledger: ImportLedger,
): void {
  const isGoodwill = ledger.creditsOf(balance.balanceId).some(({ purpose }) => purpose === 'goodwill');
  const data = {
    creditId: nextId(balance, ledger),
    amount: ledger.money(missing),
    currency: ledger.account.currency,
    cause: 'imported',
    purpose: isGoodwill ? 'goodwill' : 'refundable',
    owner: balance.owner,
    ...ledger.circumstances(change),
  } as const;
  ledger.record({ type: 'CreditIssued', data }, balance.origin);
}
