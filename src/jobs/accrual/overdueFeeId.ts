/**
 * Returns the id of the fee that an accrual job charges for a loan. Use it to find the fee of a loan, or to send the
 * final fine with `AccrueFine` when the loan is returned at the desk.
 *
 * @param loan - the loan's id and number of renewals
 * @returns `fine/`, the number of renewals, `/`, the loan's id; always the same for the same loan
 *
 * @example
 * ```ts
 * import { overdueFeeId } from 'patron-fees/jobs';
 *
 * overdueFeeId({ loanId: '4711' }); //=> 'fine/0/4711'
 * overdueFeeId({ loanId: '4711', renewals: 1 }); //=> 'fine/1/4711'
 * ```
 */
export function overdueFeeId({
  loanId,
  renewals = 0,
}: {
  /** The loan's id. */
  readonly loanId: string;
  /**
   * The number of renewals, if renewed loans keep their id.
   *
   * @defaultValue 0
   */
  readonly renewals?: number;
}): string {
  return `fine/${renewals}/${loanId}`;
}
