import { isAccruing } from '../account/accrual.js';
import { type CreditPurpose, creditPurposes } from '../account/circumstances.js';
import { unused } from '../account/credit.js';
import { owed } from '../account/fee.js';
import { balances, type PatronAccount, payableFees } from '../account/patronAccount.js';
import { amountWriter } from './amountWriter.js';

/** An account at a glance. Every amount is a decimal string; a balance in the patron's favour is negative. */
export type Summary = {
  /** ISO 4217 code of all amounts; null before the account's first amount. */
  readonly currency: string | null;
  /** What remains of fees that are not disputed, less unused credits (except those set off against disputed fees). */
  readonly active: string;
  /** What remains of disputed fees, less the unused credits set off against them. */
  readonly disputed: string;
  /** What an external billing system has taken over and not settled yet: of fees, less of credits. */
  readonly transferred: string;
  /** What can be paid now: owed on fees that are not disputed. Credits that any fee may use are not deducted. */
  readonly payable: string;
  /** The part of `payable` that is on fines that still grow; an online payment page may leave them out. */
  readonly payableAccruing: string;
  /** What is unused of the patron's credits, by what they may be used for. */
  readonly creditsByPurpose: Readonly<Record<CreditPurpose, string>>;
};

/**
 * An account at a glance: what the patron's page shows beside the name.
 *
 * @param account - a patron account
 * @returns the balances, ready for JSON
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
 * import { summary } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'CreditIssued',
 *     data: { creditId: 'c1', amount: '5.00', currency: 'USD', cause: 'manual', purpose: 'goodwill', at },
 *   },
 * ]);
 * summary(account).active; //=> '20.00'
 * summary(account).payable; //=> '25.00'
 * summary(account).creditsByPurpose.goodwill; //=> '5.00'
 * ```
 */
export function summary(account: PatronAccount): Summary {
  const write = amountWriter(account);
  const { active, disputed, transferred, payable } = balances(account);
  const accruing = payableFees(account)
    .filter(isAccruing)
    .reduce((sum, fee) => sum + owed(fee), 0);
  const credits = { setOff: 0, refundable: 0, external: 0, goodwill: 0 };
  for (const credit of account.credits) credits[credit.purpose] += unused(credit);
  return {
    currency: account.currency,
    active: write(active),
    disputed: write(disputed),
    transferred: write(transferred),
    payable: write(payable),
    payableAccruing: write(accruing),
    creditsByPurpose: Object.fromEntries(
      creditPurposes.map((purpose) => [purpose, write(credits[purpose])]),
    ) as Record<CreditPurpose, string>,
  };
}
