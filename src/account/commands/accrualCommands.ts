import type { AccrualEndCause } from '../accrual.js';
import type { Item } from '../circumstances.js';
import type { CommandBase } from './commandBase.js';

/**
 * Say where the fine of a loan stands now. The first telling charges the fee, a higher total increases it, a lower one
 * takes back what is owed and gives back what was paid; the same total changes nothing.
 *
 * Made for a nightly run: every run gives a new `id` and the total as of `at`, and needs to know nothing of what it
 * told before. A telling without `ends` whose `at` is earlier than the fine's last change is old news and changes
 * nothing.
 *
 * Refused: {@link FeeNotAccruing}, {@link AccruingFeeDiffers}, {@link AccrualHasEnded}; where something would be
 * charged also {@link FeeTypeUnknown}, {@link FeeTypeRetired}, {@link FeeTypeIsLostItem} and, for a new fee,
 * {@link FeeOwnerMissing}.
 *
 * @events {@link FeeAssessed} or {@link FeeIncreased}; {@link FeeCancelled} and {@link CreditIssued} where the fine shrank;
 * {@link AccrualEnded} with `ends`.
 */
export type AccrueFine = CommandBase & {
  /** The command's name. */
  readonly type: 'AccrueFine';
  /** The fee of this fine, one per loan; not the command's own id. New with the first telling. */
  readonly feeId: string;
  /** A fee type of the policy, not one of lost items. */
  readonly feeType: string;
  /** What the fine comes to now, a decimal string, also zero. With `ends` it may be left out: as it stands. */
  readonly total?: string;
  /** The library that owns the fee; `by.library` if left out. */
  readonly owner?: string;
  /** The loan. */
  readonly loanId?: string;
  /** The item. Recorded with the first telling. */
  readonly item?: Item;
  /** Why the fine grows no more after this; left out while it grows. */
  readonly ends?: AccrualEndCause;
};
