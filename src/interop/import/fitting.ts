import { owed } from '../../account/fee.js';
import { findFee } from '../../account/patronAccount.js';
import type { ForeignCircumstances, ForeignPart } from './foreignAccount.js';
import type { ImportLedger } from './importLedger.js';

/**
 * Makes the event that cancels an amount of a fee.
 *
 * @param total - the total of a fine that decreases; undefined if the fee is cancelled otherwise
 */
export function cancelled(
  change: ForeignCircumstances,
  cancellationId: string,
  feeId: string,
  amount: number,
  total: string | undefined,
  ledger: ImportLedger,
) {
  return {
    type: 'FeeCancelled' as const,
    data: {
      cancellationId,
      feeId,
      amount: ledger.money(amount),
      currency: ledger.account.currency,
      ...(total === undefined ? {} : { accrual: true, total }),
      ...ledger.circumstances(change),
    },
  };
}

/**
 * Records a line of zero for a change that does not fit at all, so that the account has the reason, and a later import
 * does not try again.
 */
export function bookNothing(
  change: ForeignCircumstances,
  id: string,
  feeId: string,
  what: string,
  ledger: ImportLedger,
): void {
  const staffNote = `Import from ${ledger.account.system}: ${what} not booked, nothing left to book it on`;
  ledger.record(cancelled({ ...change, staffNote }, id, feeId, 0, undefined, ledger), change.origin);
}

/** Adds the finding of a row that refers to an unknown fee. */
export function unknownFee(
  change: ForeignCircumstances,
  feeId: string,
  { report, account }: ImportLedger,
): void {
  const rowId = feeId.slice(account.system.length + 1);
  report(change.origin, 'UnknownRow', '', 'a fee that was imported', rowId);
}

/** Writes parts as the allocations of an event. */
export function allocationsOf(parts: readonly ForeignPart[], { money }: ImportLedger) {
  return parts.map(({ feeId, amount }) => ({ feeId, amount: money(amount) }));
}

/** Returns the parts that still fit on their fees; a finding reports the others. */
export function fitting(
  change: ForeignCircumstances,
  parts: readonly ForeignPart[],
  ledger: ImportLedger,
): readonly ForeignPart[] {
  return parts.flatMap(({ feeId, amount }) => {
    const fee = findFee(ledger.state, feeId);
    if (fee === undefined) {
      unknownFee(change, feeId, ledger);
      return [];
    }
    const fits = Math.min(amount, owed(fee));
    if (fits < amount) doesNotFit(change, amount, fits, ledger);
    return fits > 0 ? [{ feeId, amount: fits }] : [];
  });
}

/** Adds the finding for an amount that fits only in part. */
export function doesNotFit(
  change: ForeignCircumstances,
  amount: number,
  fits: number,
  { report, money }: ImportLedger,
): void {
  report(change.origin, 'AmountDoesNotFit', '', `at most ${money(fits)}`, money(amount));
}
