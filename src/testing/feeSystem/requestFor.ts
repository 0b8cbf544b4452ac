import { unused } from '../../account/credit.js';
import { type Fee, owed, refundableMoney, transferredAndNotReversed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { reversedOf } from '../../account/records.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { playedTypes } from './playedTypes.js';
import type { Wish } from './plot.js';
import type { NamedRequest } from './requests.js';

/** What a wish is made into a request with. */
export type Setting = {
  readonly account: PatronAccount;
  readonly policy: FeePolicy;
  /** The request's number in the story, for its id. */
  readonly number: number;
  /** Whether what was transferred can be waived, cancelled or come back. */
  readonly reversesTransfers: boolean;
};

/** The request that a wish means for an account; undefined where there is nothing to try it on. */
export function requestFor(wish: Wish, setting: Setting): NamedRequest | undefined {
  const { name } = wish;
  const { account } = setting;
  const id = `${initials[name]}${setting.number}`;
  const { currency } = setting.policy;
  const amount = (limit: number) => amountFor(wish, limit, setting.policy);
  switch (name) {
    case 'assess': {
      const type = typeFor(wish, setting.policy);
      return type && { name, request: { id, ...type, amount: amount(wish.minor), currency } };
    }
    case 'pay': {
      const feeIds = spanOf(wish, account).map(({ feeId }) => feeId);
      const room = account.fees.filter((fee) => feeIds.includes(fee.feeId) && !fee.disputed);
      const request = { id, amount: amount(sumOf(room.map(owed))), currency, feeIds };
      return feeIds.length === 0 ? undefined : { name, request };
    }
    case 'refund': {
      const credits = account.credits.filter((credit) => credit.purpose === 'refundable');
      return { name, request: { id, amount: amount(sumOf(credits.map(unused))) } };
    }
    case 'reversePayment': {
      const payment = chosen(wish, account.payments, (row) => reversedOf(row) < row.amount);
      return payment && { name, request: { id, paymentId: payment.paymentId } };
    }
    case 'dispute':
    case 'restore':
    case 'returnLostItem': {
      const fee = chosen(wish, feesFor(name, setting), fits[name]);
      return fee && { name, request: { id, feeId: fee.feeId } };
    }
    case 'waive':
    case 'transfer':
    case 'cancel': {
      const fee = chosen(wish, feesFor(name, setting), fits[name]);
      return fee && { name, request: { id, feeId: fee.feeId, amount: amount(limits[name](fee)) } };
    }
  }
}

/** What the ids of requests begin with. */
const initials: Readonly<Record<Wish['name'], string>> = {
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
const cancellable = (fee: Fee) => owed(fee) + refundableMoney(fee) + transferredAndNotReversed(fee);

/** Which fees a request fits. */
const fits = {
  dispute: isPayable,
  restore: (fee: Fee) => fee.disputed,
  returnLostItem: (fee: Fee) => fee.lostItem && !fee.returned,
  waive: isOpen,
  transfer: isPayable,
  cancel: (fee: Fee) => cancellable(fee) > 0,
};

/** The most of a fee that a request can take. */
const limits = { waive: owed, transfer: owed, cancel: cancellable };

/** Where transfers are final, nothing is asked of what was transferred. */
function feesFor(name: Wish['name'], { account, reversesTransfers }: Setting): readonly Fee[] {
  if (reversesTransfers || name === 'dispute' || name === 'restore' || name === 'transfer')
    return account.fees;
  return account.fees.filter((fee) => transferredAndNotReversed(fee) === 0);
}

/** Neighbouring fees, in the order in which they were charged. */
function spanOf(wish: Wish, { fees }: PatronAccount): readonly Fee[] {
  const fitting = wish.fitting ? fees.filter(isPayable) : [];
  const rows = fitting.length > 0 ? fitting : fees;
  const start = wish.pick % (rows.length || 1);
  const picked = new Set(
    Array.from({ length: wish.span }, (_, index) => rows[(start + index) % rows.length]),
  );
  return rows.filter((row) => picked.has(row));
}

function chosen<Row>(wish: Wish, rows: readonly Row[], fit: (row: Row) => boolean): Row | undefined {
  const fitting = wish.fitting ? rows.filter(fit) : [];
  const choice = fitting.length > 0 ? fitting : rows;
  return choice[wish.pick % (choice.length || 1)];
}

/** An ordinary fee type, or one of the lost-item types. */
function typeFor({ pick }: Wish, policy: FeePolicy) {
  const choice = playedTypes(policy);
  const [feeType, rule] = choice[pick % (choice.length || 1)] ?? [];
  if (feeType === undefined || rule === undefined) return undefined;
  return { feeType, lostItem: rule.lostItem, refundPercent: rule.refundPercent };
}

function amountFor({ size, minor }: Wish, limit: number, policy: FeePolicy): string {
  const part = size === 'asIs' || limit === 0 ? minor : 1 + ((minor - 1) % limit);
  return formatAmount(size === 'all' && limit > 0 ? limit : part, minorDigits(policy.currency) as number);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
