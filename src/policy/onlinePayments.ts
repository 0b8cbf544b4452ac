import * as v from 'valibot';
import { onlyFields } from '../input/plainObject.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { amountSchema } from '../money/amountSchema.js';

/** The fee that is charged when an online payment is taken back and the credit that it became is used. */
export type OnlineShortfallFee = {
  /** Its type, one of the policy's. */
  readonly feeType: string;
  /** The library that owns it. */
  readonly owner: string;
};

/** What a patron pays on top of an online payment: an amount, or a percentage of what is paid. */
export type ServiceFee = {
  /** A fixed amount, a decimal string. Give this or `percent`. */
  readonly amount?: string;
  /** A percentage of what is paid, from 0 to 100 with at most 3 decimals. Give this or `amount`. */
  readonly percent?: number;
  /** The rate of the value-added tax that it includes, in percent; none if left out. */
  readonly vatPercent?: number;
};

/** How patrons pay online, complete. */
export type OnlinePayments = {
  /** The payment method that online payments are recorded with, one of the policy's. */
  readonly method: string;
  /** The fee that is charged when an online payment is taken back and the credit that it became is used. */
  readonly shortfallFee: OnlineShortfallFee;
  /** The smallest amount that can be paid online, a decimal string; absent for any. */
  readonly minimumAmount?: string;
  /** What is paid on top of the fees; absent for nothing. */
  readonly serviceFee?: ServiceFee;
  /** Whether a patron must pay everything that can be paid online at once, and no part of it. */
  readonly exactBalance: boolean;
  /** Whether fines that still grow can be paid online. */
  readonly accruing: boolean;
  /** After how many minutes a payment that was started no longer holds its fees. */
  readonly expiresAfterMinutes: number;
  /** Whether the account at the provider takes other money, too: rows of payouts that belong to no payment are counted. */
  readonly sharedAccount: boolean;
};

/** Input of {@link definePolicy} for online payments: only the method and the fee for a shortfall are required. */
export type OnlinePaymentsInput = {
  /** The payment method that online payments are recorded with, one of the policy's. */
  readonly method: string;
  /** The fee that is charged when an online payment is taken back and the credit that it became is used. */
  readonly shortfallFee: OnlineShortfallFee;
  /**
   * The smallest amount that can be paid online, a decimal string.
   *
   * @defaultValue any amount
   */
  readonly minimumAmount?: string;
  /**
   * What is paid on top of the fees.
   *
   * @defaultValue nothing
   */
  readonly serviceFee?: ServiceFee;
  /**
   * Whether a patron must pay everything that can be paid online at once, and no part of it.
   *
   * @defaultValue `false`
   */
  readonly exactBalance?: boolean;
  /**
   * Whether fines that still grow can be paid online.
   *
   * @defaultValue `false`
   */
  readonly accruing?: boolean;
  /**
   * After how many minutes a payment that was started no longer holds its fees: from 1 to 525,600, a year.
   *
   * @defaultValue `60`
   */
  readonly expiresAfterMinutes?: number;
  /**
   * Whether the account at the provider takes other money, too, e.g. of a shop: rows of payouts that belong to no payment
   * are only counted.
   *
   * @defaultValue `false`: each is kept, and a finding
   */
  readonly sharedAccount?: boolean;
};

/** The schema of after how many minutes a payment expires: a year at most. */
export const expiryMinutes = v.pipe(
  wholeNumber(1),
  v.maxValue(525_600, 'a whole number from 1 to 525600, a year'),
);

/** Returns the schema of `onlinePayments`, for the amounts and the percentages of a policy. */
export function onlinePaymentsSchema(
  amount: ReturnType<typeof amountSchema>,
  percent: v.GenericSchema<number>,
) {
  const code = v.pipe(v.string('a code'), v.nonEmpty('a code'));
  const payments = onlyFields({
    method: code,
    shortfallFee: v.strictObject({ feeType: code, owner: code }),
    minimumAmount: v.exactOptional(amount),
    serviceFee: v.exactOptional(
      v.pipe(
        v.strictObject({
          amount: v.exactOptional(amount),
          percent: v.exactOptional(percent),
          vatPercent: v.exactOptional(percent),
        }),
        v.check(
          (fee) => (fee.amount === undefined) !== (fee.percent === undefined),
          'either an amount or a percentage (percent)',
        ),
      ),
    ),
    exactBalance: v.optional(v.boolean(), false),
    accruing: v.optional(v.boolean(), false),
    expiresAfterMinutes: v.optional(expiryMinutes, 60),
    sharedAccount: v.optional(v.boolean(), false),
  });
  // A union would report the faults of the object as one.
  return v.lazy((input) => (input === false ? v.literal(false) : payments));
}
