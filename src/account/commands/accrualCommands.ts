import type { AccrualEndCause } from '../accrual.js';
import type { Item } from '../circumstances.js';
import type { CommandBase } from './commandBase.js';

/**
 * Report the current total of the fine for an overdue loan. The first report charges the fee, a higher total increases
 * it, a lower total reduces what is owed and gives back what was paid. The same total changes nothing.
 *
 * Made for a nightly run: every run sends a new `id` and the total as of `at`, and needs no record of what it sent
 * before. A report without `ends` whose `at` is earlier than the fine's last change is outdated and changes nothing.
 *
 * Refused: {@link FeeNotAccruing}, {@link AccruingFeeDiffers}, {@link AccrualHasEnded}; if something would be charged
 * also {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeTypeIsLostItem} and, for a new fee,
 * {@link FeeOwnerMissing}.
 *
 * @events {@link FeeAssessed} or {@link FeeIncreased}; {@link FeeCancelled} and {@link CreditIssued} where the fine shrank;
 * {@link AccrualEnded} with `ends`.
 */
export type AccrueFine = CommandBase & {
  /** The command's name. */
  readonly type: 'AccrueFine';
  /** The id of the fine's fee, one per loan; not the command's own id. The first report creates the fee. */
  readonly feeId: string;
  /** A fee type of the policy that is not for lost items. */
  readonly feeType: string;
  /**
   * The fine's current total, a decimal string; may be zero. With `ends` it may be left out, which keeps the total as
   * it is.
   */
  readonly total?: string;
  /** The library that owns the fee; `by.library` if left out. */
  readonly owner?: string;
  /** The overdue loan. */
  readonly loanId?: string;
  /** The overdue item. Recorded with the first report. */
  readonly item?: Item;
  /** Why the fine stops growing with this report; left out while it grows. */
  readonly ends?: AccrualEndCause;
};
