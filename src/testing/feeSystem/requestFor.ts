import { unused } from '../../account/credit.js';
import { chargeOf, type Fee, owed, transferredAndNotReversed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { reversedOf } from '../../account/records.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { playedTypes } from './capabilities.js';
import type { NamedRequest } from './requests.js';
import type { RequestPlan } from './story.js';

/** The situation in which a plan becomes a request. */
export type Setting = {
  readonly account: PatronAccount;
  readonly policy: FeePolicy;
  /** The request's number in the story, used in its id. */
  readonly number: number;
  /** Whether a transferred fee can be waived, cancelled or returned. */
  readonly reversesTransfers: boolean;
};

/** Converts a plan to a request for an account. Returns undefined if the account has no target for it. */
export function requestFor(plan: RequestPlan, setting: Setting): NamedRequest | undefined {
  const { name } = plan;
  const { account } = setting;
  const id = `${initials[name]}${setting.number}`;
  const { currency } = setting.policy;
  const amount = (limit: number) => amountFor(plan, limit, setting.policy);
  switch (name) {
    case 'assess': {
      const type = typeFor(plan, setting.policy);
      return type && { name, request: { id, ...type, amount: amount(plan.minor), currency } };
    }
    case 'pay': {
      const feeIds = spanOf(plan, account).map(({ feeId }) => feeId);
      const payable = account.fees.filter((fee) => feeIds.includes(fee.feeId) && !fee.disputed);
      const request = { id, amount: amount(sumOf(payable.map(owed))), currency, feeIds };
      return feeIds.length === 0 ? undefined : { name, request };
    }
    case 'refund': {
      const credits = account.credits.filter((credit) => credit.purpose === 'refundable');
      return { name, request: { id, amount: amount(sumOf(credits.map(unused))) } };
    }
    case 'reversePayment': {
      const payment = chosen(plan, account.payments, (row) => reversedOf(row) < row.amount);
      return payment && { name, request: { id, paymentId: payment.paymentId } };
    }
    case 'dispute':
    case 'restore':
    case 'returnLostItem': {
      const fee = chosen(plan, feesFor(name, setting), fits[name]);
      return fee && { name, request: { id, feeId: fee.feeId } };
    }
    case 'waive':
    case 'transfer':
    case 'cancel': {
      const fee = chosen(plan, feesFor(name, setting), fits[name]);
      return fee && { name, request: { id, feeId: fee.feeId, amount: amount(limits[name](fee)) } };
    }
  }
}

/** The first letter of request ids. */
const initials: Readonly<Record<RequestPlan['name'], string>> = {
  assess: 'f',
  pay: 'p',
  waive: 'w',
  dispute: 'd',
  restore: 'e',
  transfer: 't',
  returnLostItem: 'l',
  cancel: 'c',
  refund: 'r',
  reversePayment: 'v',
};

const isOpen = (fee: Fee) => owed(fee) > 0;
const isPayable = (fee: Fee) => owed(fee) > 0 && !fee.disputed;
const cancellable = (fee: Fee) => sumOf(Object.values(chargeOf(fee)));

/** Returns whether a fee can accept a request. */
const fits = {
  dispute: isPayable,
  restore: (fee: Fee) => fee.disputed,
  returnLostItem: (fee: Fee) => fee.lostItem && !fee.returned,
  waive: isOpen,
  transfer: isPayable,
  cancel: (fee: Fee) => cancellable(fee) > 0,
};

/** The largest amount of each request for a fee. */
const limits = { waive: owed, transfer: owed, cancel: cancellable };

/** Excludes transferred fees if transfers are final. */
function feesFor(name: RequestPlan['name'], { account, reversesTransfers }: Setting): readonly Fee[] {
  if (reversesTransfers || name === 'dispute' || name === 'restore' || name === 'transfer')
    return account.fees;
  return account.fees.filter((fee) => transferredAndNotReversed(fee) === 0);
}

/** Returns neighbouring fees in the order in which they were charged. */
function spanOf(plan: RequestPlan, { fees }: PatronAccount): readonly Fee[] {
  const fitting = plan.fitting ? fees.filter(isPayable) : [];
  const rows = fitting.length > 0 ? fitting : fees;
  const start = plan.pick % (rows.length || 1);
  const picked = new Set(
    Array.from({ length: plan.span }, (_, index) => rows[(start + index) % rows.length]),
  );
  return rows.filter((row) => picked.has(row));
}

function chosen<Row>(plan: RequestPlan, rows: readonly Row[], fit: (row: Row) => boolean): Row | undefined {
  const fitting = plan.fitting ? rows.filter(fit) : [];
  const choice = fitting.length > 0 ? fitting : rows;
  return choice[plan.pick % (choice.length || 1)];
}

/** Returns the ordinary fee type or one of the lost-item types. */
function typeFor({ pick }: RequestPlan, policy: FeePolicy) {
  const choice = playedTypes(policy);
  const [feeType, rule] = choice[pick % (choice.length || 1)] ?? [];
  if (feeType === undefined || rule === undefined) return undefined;
  return { feeType, lostItem: rule.lostItem, refundPercent: rule.refundPercent };
}

function amountFor({ size, minor }: RequestPlan, limit: number, policy: FeePolicy): string {
  const part = size === 'asIs' || limit === 0 ? minor : 1 + ((minor - 1) % limit);
  return formatAmount(size === 'all' && limit > 0 ? limit : part, digitsOf(policy.currency));
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
