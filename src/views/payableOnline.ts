import { isAccruing } from '../account/accrual.js';
import { type Fee, feeStatus, owed } from '../account/fee.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { definedPolicy, type FeePolicy, feeTypeRule } from '../policy/feePolicy.js';
import { amountWriter, viewCurrency } from './amountWriter.js';
import { feeTypeLabel } from './codeLabel.js';

/**
 * Why a fee cannot be paid online.
 *
 * - `off`: the policy does not allow online payments.
 * - `transferred`: it was transferred to an external billing system.
 * - `disputed`: the patron disputes it.
 * - `nothingOwed`: a credit covers what remains of it.
 * - `feeType`: its type is not payable online.
 * - `accruing`: it is a fine that still grows, and the policy does not allow to pay such fines online.
 */
export type NotPayableOnline = 'off' | 'transferred' | 'disputed' | 'nothingOwed' | 'feeType' | 'accruing';

/** A fee, and how much of it can be paid online. */
export type FeePayableOnline = {
  /** The fee. */
  readonly feeId: string;
  /** The code of its type. */
  readonly feeType: string;
  /** The label of its type. */
  readonly label: string;
  /**
   * The rate of the value-added tax that its amounts include, in percent; null without tax. With label and code it is what
   * a line of an order at the provider needs.
   */
  readonly vatPercent: number | null;
  /** The library that owns it. */
  readonly owner: string;
  /** The title of its item; null if unknown. */
  readonly title: string | null;
  /** What is owed on it, a decimal string. */
  readonly owed: string;
  /** What can be paid online, a decimal string; zero if `because` has a reason. */
  readonly payable: string;
  /** Why it cannot be paid online; null if it can. */
  readonly because: NotPayableOnline | null;
};

/** The fees of an account, for a page on which the patron pays online. */
export type PayableOnline = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The sum of what can be paid online, a decimal string. Credits are not deducted. */
  readonly payable: string;
  /** Every fee that is not closed, in the order in which they were assessed. */
  readonly fees: readonly FeePayableOnline[];
};

/**
 * Lists every open fee with the amount that can be paid online, or the reason why it cannot. Credits are not deducted,
 * except those reserved for the fee.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, with `onlinePayments`
 * @returns the fees, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT` if `account` is not a patron account;
 * `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { payableOnline } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = (feeId: string) => ({ feeId, feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN', at });
 * const account = fold([
 *   { type: 'FeeAssessed', data: fee('f1') },
 *   { type: 'FeeAssessed', data: fee('f2') },
 *   { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f2', at } },
 * ]);
 * const { payable, fees } = payableOnline(account, definePolicy({ currency: 'USD' }));
 * [payable, fees.map((one) => one.because)]; //=> ['5.00', [null, 'disputed']]
 * ```
 */
export function payableOnline(account: PatronAccount, policy: FeePolicy): PayableOnline {
  const rules = definedPolicy(policy);
  const write = amountWriter(account, rules);
  let payable = 0;
  const fees = account.fees
    .filter((fee) => feeStatus(fee) !== 'closed')
    .map((fee): FeePayableOnline => {
      const because = notPayableOnline(fee, rules);
      if (because === null) payable += owed(fee);
      const { feeId, feeType, vatPercent, owner, item } = fee;
      const label = feeTypeLabel(rules, feeType);
      const amounts = { owed: write(owed(fee)), payable: write(because === null ? owed(fee) : 0) };
      return { feeId, feeType, label, vatPercent, owner, title: item?.title ?? null, ...amounts, because };
    });
  return { currency: viewCurrency(account, rules), payable: write(payable), fees };
}

/** Returns why a fee cannot be paid online; null if it can. */
export function notPayableOnline(fee: Fee, policy: FeePolicy): NotPayableOnline | null {
  const { onlinePayments } = policy;
  if (onlinePayments === false) return 'off';
  if (feeStatus(fee) === 'transferred') return 'transferred';
  if (feeStatus(fee) === 'disputed') return 'disputed';
  if (owed(fee) === 0) return 'nothingOwed';
  if (feeTypeRule(policy, fee.feeType)?.payableOnline === false) return 'feeType';
  return isAccruing(fee) && onlinePayments?.accruing !== true ? 'accruing' : null;
}
