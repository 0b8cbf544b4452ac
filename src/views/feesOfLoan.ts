import * as v from 'valibot';
import { amountCharged, isAccruing } from '../account/accrual.js';
import { type Fee, owed, refundableMoney, remaining, transferredAndNotReversed } from '../account/fee.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { viewedAccounts } from './amountWriter.js';
import { type FeeRow, feeSource, rowOf } from './finesAndFeesRow.js';

/** Options of {@link feesOfLoan}. */
export type FeesOfLoanOptions = {
  /** The loan id, as in the fees. */
  readonly loanId: string;
};

/** Sums over the fees of a loan. Amounts are decimal strings. */
export type LoanTotals = {
  /** What was charged. */
  readonly original: string;
  /** What remains of the fees. */
  readonly remaining: string;
  /** What can still be paid. */
  readonly owed: string;
  /** Money received for these fees, here or at an external billing system, less money given back. */
  readonly paid: string;
  /** What was transferred to an external billing system and not settled yet; credits sent there are not deducted. */
  readonly transferPending: string;
};

/** The fees of one loan. */
export type FeesOfLoan = {
  /** The loan id. */
  readonly loanId: string;
  /** ISO 4217 code of all amounts: the policy's before the account's first amount. */
  readonly currency: string;
  /** The loan's fees, in the order of assessment. */
  readonly fees: readonly FeeRow[];
  /** The sums over all fees. */
  readonly totals: LoanTotals;
  /**
   * Whether nothing is owed on any of the fees, here or at an external billing system: what is pending there is settled
   * too once a credit for it was sent, e.g. of a waiver. True for a loan without fees, false while a fine of the loan
   * still grows.
   */
  readonly settled: boolean;
  /**
   * Whether the item is lost and all its lost-item fees are settled: paid, waived, or transferred to an external system
   * that reports nothing back. False after the item returned, or if all its fees were cancelled as errors.
   */
  readonly lostAndSettled: boolean;
  /**
   * Whether the item is lost and settled, and at least one lost-item fee was paid with money; a waiver alone is not
   * enough.
   */
  readonly lostAndPaid: boolean;
};

/**
 * Returns the fees of one loan, whether they are settled, and whether a lost item is paid for.
 *
 * @param account - a patron account; of several that were merged, the fees of all of them count
 * @param policy - the institution's policy, for labels; types that it no longer has show as codes
 * @param options - the loan
 * @returns the fees and their totals, ready for JSON; no fees if the account has none of this loan
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if `loanId` is not a string;
 * `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { feesOfLoan } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   {
 *     type: 'FeeAssessed',
 *     data: {
 *       feeId: 'f1',
 *       feeType: 'LOSTITEMREPLACEMENTFEE',
 *       amount: '40.00',
 *       currency: 'USD',
 *       owner: 'MAIN',
 *       lostItem: true,
 *       loanId: 'loan-7',
 *       at,
 *     },
 *   },
 *   {
 *     type: 'LostItemCreditIssued',
 *     data: { creditId: 'c1', feeId: 'f1', amount: '40.00', currency: 'USD', cause: 'waived', purpose: 'setOff', at },
 *   },
 * ]);
 * const policy = definePolicy({ currency: 'USD' });
 * const { settled, lostAndSettled, lostAndPaid } = feesOfLoan(account, policy, { loanId: 'loan-7' });
 * [settled, lostAndSettled, lostAndPaid]; //=> [true, true, false]
 * ```
 */
export function feesOfLoan(
  account: PatronAccount | readonly PatronAccount[],
  policy: FeePolicy,
  options: FeesOfLoanOptions,
): FeesOfLoan {
  const known = definedPolicy(policy);
  const { accounts, currency, write } = viewedAccounts(account, known);
  const { loanId } = checkedArgument(v.object({ loanId: v.string() }), options, 'options');
  const fees = accounts.flatMap((one) => loanFees(one, loanId));
  const lost = fees.filter((charged) => charged.fee.lostItem && !charged.inError);
  const lostAndSettled = lost.length > 0 && lost.every(({ fee, settled }) => settled && !fee.returned);
  const total = (figure: (charged: LoanFee) => number) =>
    write(fees.reduce((sum, charged) => sum + figure(charged), 0));
  return {
    loanId,
    currency,
    fees: fees.map(({ fee }) => rowOf(feeSource(fee), known, write) as FeeRow),
    totals: {
      original: total(({ fee }) => amountCharged(fee)),
      remaining: total(({ fee }) => remaining(fee)),
      owed: total(({ fee }) => owed(fee)),
      paid: total(({ paid }) => paid),
      transferPending: total(({ fee }) => fee.transferPending),
    },
    settled: fees.every(({ settled }) => settled),
    lostAndSettled,
    lostAndPaid: lostAndSettled && lost.some(({ paid }) => paid > 0),
  };
}

/** A fee of the loan with derived figures; amounts in minor units. */
type LoanFee = {
  readonly fee: Fee;
  readonly settled: boolean;
  readonly paid: number;
  /** Whether all of it was cancelled as an error, so that it does not count as a lost-item fee. */
  readonly inError: boolean;
};

/** Returns the fees of a loan in one account. */
function loanFees(account: PatronAccount, loanId: string): readonly LoanFee[] {
  const elsewhere = settledElsewhere(account);
  const inError = cancelledCredits(account);
  const sent = sentCredits(account);
  return account.fees
    .filter((fee) => fee.loanId === loanId)
    .map((fee) => ({
      fee,
      settled: owed(fee) === 0 && fee.transferPending <= (sent.get(fee.feeId) ?? 0) && !isAccruing(fee),
      paid: refundableMoney(fee) + Math.min(elsewhere.get(fee.feeId) ?? 0, transferredAndNotReversed(fee)),
      inError: fee.cancelled + (inError.get(fee.feeId) ?? 0) >= fee.original,
    }));
}

/** Returns what external systems reported as paid per fee, in minor units; null is the key of all credits. */
function settledElsewhere(account: PatronAccount): ReadonlyMap<string | null, number> {
  const sums = new Map<string | null, number>();
  for (const { feeId, settled } of account.transfers) sums.set(feeId, (sums.get(feeId) ?? 0) + settled);
  return sums;
}

/** Returns what was sent to external systems as credits that reverse transfers, per fee, in minor units. */
function sentCredits(account: PatronAccount): ReadonlyMap<string | null, number> {
  const sums = new Map<string | null, number>();
  for (const { purpose, feeId, transferred } of account.credits) {
    if (purpose === 'external') sums.set(feeId, (sums.get(feeId) ?? 0) + transferred);
  }
  return sums;
}

/** Returns what became credits because fees were cancelled as errors, per fee, in minor units. */
function cancelledCredits(account: PatronAccount): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const credit of account.credits) {
    if (credit.cause !== 'cancelled') continue;
    const feeId = credit.feeId as string;
    sums.set(feeId, (sums.get(feeId) ?? 0) + credit.amount - credit.cancelled);
  }
  return sums;
}
