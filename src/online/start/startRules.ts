import { feeStatus, owed } from '../../account/fee.js';
import { findFee } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import { shown } from '../../input/shown.js';
import { expectedAmount } from '../../money/amountSchema.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import { percentOf } from '../../money/rounding.js';
import { units } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentPart,
  OnlinePaymentStarted,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { JoinedAccount } from '../../patron/accountsOf.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { OnlinePayments, ServiceFee } from '../../policy/onlinePayments.js';
import { notPayableOnline } from '../../views/payableOnline.js';
import type { StartRejection } from '../onlineRejections.js';

/** A part of a payment to start: a fee; or, if no fee is named, all that a patron can pay online. */
export type StartPart = {
  /** The patron whose account has the fee. */
  readonly patronId: string;
  /**
   * The fee.
   *
   * @defaultValue all that the patron can pay online, in this account and those merged with it
   */
  readonly feeId?: string;
  /**
   * The amount, a decimal string; only with a fee.
   *
   * @defaultValue all that can be paid of the fee
   */
  readonly amount?: string;
};

/** Computes the service fee of a payment, a decimal string, from the amount of the fees that it pays. */
export type ServiceFeeFunction = (amount: string, currency: string) => string;

/** What is to be paid, as `OnlinePaymentStarted` records it. */
export type Amounts = Pick<
  OnlinePaymentStarted['data'],
  'parts' | 'amount' | 'serviceFee' | 'serviceFeeVatPercent' | 'total'
>;

/**
 * Decides what a payment is to pay, or why it cannot be started. Pure.
 *
 * @param parts - the parts that the patron chose
 * @param groups - the accounts of each patron named, with those that are merged with it
 */
export function amountsToPay(
  parts: readonly StartPart[],
  groups: ReadonlyMap<string, readonly JoinedAccount[]>,
  policy: FeePolicy & { readonly onlinePayments: OnlinePayments },
  serviceFee: ServiceFeeFunction | undefined,
): Amounts | StartRejection {
  const { currency, onlinePayments } = policy;
  const digits = digitsOf(currency);
  const money = (minor: number) => formatAmount(minor, digits);
  const found: OnlinePaymentPart[] = [];
  for (const [index, part] of parts.entries()) {
    const group = groups.get(part.patronId) as readonly JoinedAccount[];
    const other = group.find(({ account }) => account.currency !== null && account.currency !== currency);
    if (other !== undefined) {
      const currencies = { accountCurrency: other.account.currency as string, policyCurrency: currency };
      const { patronId } = other;
      return { type: 'OnlineAccountInOtherCurrency', kind: 'conflict', patronId, ...currencies };
    }
    const chosen = part.feeId === undefined ? payableIn(group, policy) : partOf(part, group, policy);
    if ('type' in chosen) return chosen;
    for (const one of chosen) {
      const isNamed = found.some((other) => isSameFee(other, one));
      // Accounts that are merged may be named one by one, each with all its fees.
      if (isNamed && parts.some((other) => isSameFee(other, one))) return namedTwice(index, one);
      if (!isNamed) found.push(one);
    }
  }
  if (found.length === 0) return { type: 'NothingPayableOnline', kind: 'conflict' };
  const amount = found.reduce((sum, one) => sum + units(one.amount), 0);
  const { minimumAmount, exactBalance } = onlinePayments;
  if (minimumAmount !== undefined && amount < units(minimumAmount))
    return { type: 'BelowMinimumAmount', kind: 'conflict', amount: money(amount), minimumAmount };
  if (exactBalance) {
    const members = new Map([...groups.values()].flat().map((member) => [member.patronId, member]));
    const payable = payableIn([...members.values()], policy).reduce((sum, one) => sum + units(one.amount), 0);
    if (amount !== payable)
      return { type: 'NotExactBalance', kind: 'conflict', amount: money(amount), payable: money(payable) };
  }
  const fee = serviceFeeOf(
    amount,
    onlinePayments.serviceFee,
    digits,
    serviceFee && (() => serviceFee(money(amount), currency)),
  );
  const vatPercent = onlinePayments.serviceFee?.vatPercent;
  return {
    parts: found,
    amount: money(amount),
    serviceFee: money(fee),
    ...(fee > 0 && vatPercent !== undefined && { serviceFeeVatPercent: vatPercent }),
    total: money(amount + fee),
  };
}

type NamedFee = { readonly patronId: string; readonly feeId?: string };

function isSameFee(one: NamedFee, other: NamedFee): boolean {
  return one.patronId === other.patronId && one.feeId === other.feeId;
}

function namedTwice(index: number, { feeId }: OnlinePaymentPart): StartRejection {
  const fault = { path: `parts[${index}]`, expected: 'each fee once', found: `${shown(feeId)} again` };
  return { type: 'InvalidOnlinePayment', kind: 'invalid', faults: [fault] };
}

/** Returns all that can be paid online in some accounts. */
function payableIn(group: readonly JoinedAccount[], policy: FeePolicy): readonly OnlinePaymentPart[] {
  const digits = digitsOf(policy.currency);
  return group.flatMap(({ patronId, account }) =>
    account.fees
      .filter((fee) => feeStatus(fee) !== 'closed' && notPayableOnline(fee, policy) === null)
      .map((fee) => ({ patronId, feeId: fee.feeId, amount: formatAmount(owed(fee), digits) })),
  );
}

function partOf(
  { patronId, feeId = '', amount: text }: StartPart,
  group: readonly JoinedAccount[],
  policy: FeePolicy,
): readonly [OnlinePaymentPart] | StartRejection {
  const digits = digitsOf(policy.currency);
  const own = group.find((member) => member.patronId === patronId) as JoinedAccount;
  const fee = findFee(own.account, feeId);
  if (fee === undefined) return { type: 'OnlineFeeNotFound', kind: 'notFound', patronId, feeId };
  const because = feeStatus(fee) === 'closed' ? 'closed' : notPayableOnline(fee, policy);
  if (because !== null) return { type: 'FeeNotPayableOnline', kind: 'conflict', patronId, feeId, because };
  const payable = formatAmount(owed(fee), digits);
  const amount = text === undefined ? payable : formatAmount(parseLooseAmount(text, digits), digits);
  if (units(amount) > owed(fee))
    return { type: 'OnlineAmountExceedsPayable', kind: 'conflict', patronId, feeId, amount, payable };
  return [{ patronId, feeId, amount }];
}

function serviceFeeOf(
  amount: number,
  rule: ServiceFee | undefined,
  digits: number,
  given: (() => string) | undefined,
): number {
  if (given !== undefined) return computed(given(), digits);
  if (rule?.percent !== undefined) return percentOf(amount, rule.percent);
  return rule?.amount === undefined ? 0 : units(rule.amount);
}

function computed(text: string, digits: number): number {
  const minor = /^0(?:\.0+)?$/.test(text) ? 0 : parseLooseAmount(text, digits);
  if (minor >= 0) return minor;
  const message = `options.serviceFee: expected ${expectedAmount(digits)}, or 0, found ${shown(text)}`;
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}
