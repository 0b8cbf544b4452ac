import { type IdUse, idUse } from '../../account/ids.js';
import { findFee, type PatronAccount } from '../../account/patronAccount.js';
import type { BulkWaiveFee } from './bulkWaiveEntry.js';

/**
 * Returns what a job waived of an account in an earlier run. Its command derived the ids `job`, `job#1` and so on; ids
 * of other commands are ignored.
 *
 * @param money - formats minor units
 */
export function waivedBefore(
  account: PatronAccount,
  jobId: string,
  money: (minor: number) => string,
): readonly BulkWaiveFee[] {
  const fees: BulkWaiveFee[] = [];
  for (let given = 0; ; given++) {
    const use = idUse(account.ids, given === 0 ? jobId : `${jobId}#${given}`);
    const made = given > 0 && use?.digest !== null ? undefined : recordOf(account, use);
    const fee = findFee(account, made?.feeId ?? '');
    if (made === undefined || fee === undefined) return fees;
    const { feeId, feeType } = fee;
    const asCredit = use?.kind === 'credit';
    fees.push({ feeId, feeType, owed: null, waived: money(made.amount), asCredit, because: null });
  }
}

/** Returns the waiver or the credit with an id. */
function recordOf(account: PatronAccount, use: IdUse | undefined) {
  if (use?.kind === 'waiver') return account.waivers[use.position];
  return use?.kind === 'credit' ? account.credits[use.position] : undefined;
}
