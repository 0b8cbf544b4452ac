import { isAccruing } from '../../account/accrual.js';
import { unused } from '../../account/credit.js';
import { owed, refundableMoney } from '../../account/fee.js';
import { findCredit, findFee } from '../../account/patronAccount.js';
import { usePooledCredit } from './bookFee.js';
import { allocationsOf, bookNothing, doesNotFit, fitting, unknownFee } from './fitting.js';
import type { ForeignCredit, ForeignPayment, ForeignUse, ForeignWaiver } from './foreignAccount.js';
import { creditIdOf, type ImportLedger, spreadOver, waiverIdOf } from './importLedger.js';

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
