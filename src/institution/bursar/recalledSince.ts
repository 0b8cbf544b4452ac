import type { PatronAccount } from '../../account/patronAccount.js';
import type { StreamId } from '../../history/eventStore.js';
import { formatAmount } from '../../money/money.js';
import type { RecalledSince } from './bursarFinding.js';
import { bursarReference } from './bursarReference.js';

/**
 * Returns findings for the job's transfers that were recalled since. The file contains them, since it has everything
 * that was transferred.
 */
export function recalledSince(
  account: PatronAccount,
  jobId: string,
  { institution, patronId }: StreamId,
): readonly RecalledSince[] {
  const recalled = account.transfers.filter(
    (transfer) => transfer.batchId === jobId && transfer.recalled > 0,
  );
  return recalled.map((transfer) => {
    const reference = bursarReference({ patronId, transferId: transfer.transferId });
    const amount = formatAmount(transfer.recalled, account.minorDigits);
    const message = `${amount} of ${reference} was recalled since it was handed over; the file has it`;
    return { institution, patronId, code: 'RECALLED', reference, amount, message };
  });
}
