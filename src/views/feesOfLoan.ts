import { type Fee, owed, refundableMoney, remaining, transferredAndNotReversed } from '../account/fee.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter } from './amountWriter.js';
import { type FeeRow, feeSource, rowOf } from './finesAndFeesRow.js';

/** How the fees of a loan are shown. */
export type FeesOfLoanOptions = {
  /**
   * The institution's policy, for the labels of fee types; codes show without it.
   *
   * @defaultValue codes in place of labels
   */
  readonly policy?: FeePolicy | undefined;
};

/** What a loan cost altogether. Amounts are decimal strings. */
export type LoanTotals = {
  /** What was charged. */
  readonly original: string;
  /** What remains open. */
  readonly remaining: string;
  /** What can still be paid. */
  readonly owed: string;
  /** Money that came in for these fees and was not given back, here or at an external billing system. */
  readonly paid: string;
  /** What an external billing system has and did not settle yet. */
  readonly transferPending: string;
};

/** All that a loan cost. */
export type FeesOfLoan = {
  /** The loan. */
  readonly loanId: string;
  /** ISO 4217 code of all amounts; null before the account's first amount. */
  readonly currency: string | null;
  /** The loan's fees, as they were assessed. */
  readonly fees: readonly FeeRow[];
  /** The fees together. */
  readonly totals: LoanTotals;
  /** Whether nothing is owed on any of them, here or at an external billing system; true for a loan without fees. */
  readonly settled: boolean;
  /**
   * Whether the item counts as lost and all its lost-item fees are settled, by whatever means: paid, waived, handed
   * to an external system that reports nothing back. False once the item came back or all was cancelled as an error.
   */
  readonly lostAndSettled: boolean;
  /** Whether, besides, money came in for a lost-item fee and stayed: a waiver alone never makes an item paid. */
  readonly lostAndPaid: boolean;
};

/**
 * The fees of one loan: is all that it cost settled, and is a lost item paid for?
 *
 * @param account - a patron account
 * @param loanId - the loan, as the fees name it
 * @param options - the policy for labels
 * @returns fees, totals and answers, ready for JSON; no fees for a loan that the account does not know
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY` for a policy with faults
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
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
 * const { settled, lostAndSettled, lostAndPaid } = feesOfLoan(account, 'loan-7');
 * [settled, lostAndSettled, lostAndPaid]; //=> [true, true, false]
 * ```
 */
export function feesOfLoan(
  account: PatronAccount,
  loanId: string,
  options: FeesOfLoanOptions = {},
): FeesOfLoan {
  const policy = options.policy && definedPolicy(options.policy);
  const write = amountWriter(account);
  const elsewhere = settledElsewhere(account);
  const inError = cancelledCredits(account);
  const fees = account.fees
    .filter((fee) => fee.loanId === loanId)
    .map(
      (fee): LoanFee => ({
        fee,
        settled: owed(fee) === 0 && fee.transferPending === 0,
        paid: refundableMoney(fee) + Math.min(elsewhere.get(fee.feeId) ?? 0, transferredAndNotReversed(fee)),
        inError: fee.cancelled + (inError.get(fee.feeId) ?? 0) >= fee.original,
      }),
    );
  const lost = fees.filter((charged) => charged.fee.lostItem && !charged.inError);
  const lostAndSettled = lost.length > 0 && lost.every(({ fee, settled }) => settled && !fee.returned);
  const total = (figure: (charged: LoanFee) => number) =>
    write(fees.reduce((sum, charged) => sum + figure(charged), 0));
  return {
    loanId,
    currency: account.currency,
    fees: fees.map(({ fee }) => rowOf(feeSource(fee), policy, write) as FeeRow),
    totals: {
      original: total(({ fee }) => fee.original),
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

/** A fee of the loan and what there is to say about it; amounts in minor units. */
type LoanFee = {
  readonly fee: Fee;
  readonly settled: boolean;
  readonly paid: number;
  /** Whether all of it was charged in error, so that it never was a fee of a lost item. */
  readonly inError: boolean;
};

/** What external systems reported as paid, per fee, in minor units; of credits under null. */
function settledElsewhere(account: PatronAccount): ReadonlyMap<string | null, number> {
  const sums = new Map<string | null, number>();
  for (const { feeId, settled } of account.transfers) sums.set(feeId, (sums.get(feeId) ?? 0) + settled);
  return sums;
}

/** What came back as credits because a fee had been assessed in error, per fee, in minor units. */
function cancelledCredits(account: PatronAccount): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const credit of account.credits) {
    if (credit.cause !== 'cancelled') continue;
    const feeId = credit.feeId as string;
    sums.set(feeId, (sums.get(feeId) ?? 0) + credit.amount - credit.cancelled);
  }
  return sums;
}
