import { isAccruing } from '../account/accrual.js';
import { type CreditPurpose, creditPurposes } from '../account/circumstances.js';
import { unused } from '../account/credit.js';
import { owed } from '../account/fee.js';
import { balancesInMinorUnits, type PatronAccount, payableFees } from '../account/patronAccount.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter, viewCurrency } from './amountWriter.js';

/** The balances of an account. Amounts are decimal strings; a balance is negative if the library owes the patron. */
export type Summary = {
  /** ISO 4217 code of all amounts: the policy's before the account's first amount. */
  readonly currency: string;
  /** What remains of fees that are not disputed, less unused credits (except those set off against disputed fees). */
  readonly active: string;
  /** What remains of disputed fees, less the unused credits set off against them. */
  readonly disputed: string;
  /** What was transferred to an external billing system and not settled yet: fees less credits. */
  readonly transferred: string;
  /** What can be paid now: owed on fees that are not disputed. Only reserved (set-off) credits are deducted. */
  readonly payable: string;
  /** The part of `payable` on fines that still grow; an online payment page may leave them out. */
  readonly payableAccruing: string;
  /** The unused amount of the patron's credits, by purpose. */
  readonly creditsByPurpose: Readonly<Record<CreditPurpose, string>>;
};

/**
 * Returns the balances of an account, e.g. for the head of the patron's page.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, for the currency of an account without events
 * @returns the balances, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` if `account` is not a patron account;
 * `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
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
 * const { active, payable, creditsByPurpose } = summary(account, definePolicy({ currency: 'USD' }));
 * [active, payable, creditsByPurpose.goodwill]; //=> ['20.00', '25.00', '5.00']
 * ```
 */
export function summary(account: PatronAccount, policy: FeePolicy): Summary {
  const known = definedPolicy(policy);
  const write = amountWriter(account, known);
  const { active, disputed, transferred, payable } = balancesInMinorUnits(account);
  const accruing = payableFees(account)
    .filter(isAccruing)
    .reduce((sum, fee) => sum + owed(fee), 0);
  const credits = { setOff: 0, refundable: 0, external: 0, goodwill: 0 };
  for (const credit of account.credits) credits[credit.purpose] += unused(credit);
  return {
    currency: viewCurrency(account, known),
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
