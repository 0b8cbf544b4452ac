import { type IdUse, idUse } from '../../account/ids.js';
import { findFee, type PatronAccount } from '../../account/patronAccount.js';
import type { BulkWaiveFee } from './bulkWaiveEntry.js';

/**
 * What a job waived of an account in an earlier run. Its command gave the ids `job`, `job#1` and so on; an id that
 * another command has is none of them.
 *
 * @param money - writes minor units
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

/** The waiver or the credit that an id names. */
function recordOf(account: PatronAccount, use: IdUse | undefined) {
  if (use?.kind === 'waiver') return account.waivers[use.position];
  return use?.kind === 'credit' ? account.credits[use.position] : undefined;
}
