import type { Command } from '../../account/commands/command.js';
import { givenBackAboveMoneyIn } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/**
 * What a command does, as far as the order of commands matters. A kind that ends in `Whole`, and `cancelUnused`, names
 * no amount: it acts on the whole amount at that time. Kinds of commands that no other command depends on are left out.
 */
export type PairKind =
  | 'pay'
  | 'reversePayment'
  | 'waive'
  | 'waiveWhole'
  | 'reverseWaiver'
  | 'cancel'
  | 'cancelWhole'
  | 'upheldCancelled'
  | 'upheldWaived'
  | 'transfer'
  | 'recall'
  | 'return'
  | 'report'
  | 'useCredit'
  | 'reverseUse'
  | 'cancelCredit'
  | 'cancelUnused'
  | 'refund'
  | 'other';

/** Two kinds of commands whose order may change what the patron pays in the end. */
export type MayDiffer = {
  /** Why it may, in one sentence. */
  readonly reason: string;
  /** The kinds of one of the two commands. */
  readonly one: readonly PairKind[];
  /** The kinds of the other; every kind if left out. */
  readonly other?: readonly PairKind[];
  /** Where the cost may differ; everywhere if left out. */
  readonly only?: (account: PatronAccount, policy: FeePolicy) => boolean;
};

const returnedLost = ({ fees }: PatronAccount) => fees.some(({ returned }) => returned);
/** More was, or can be, handed out than came in: also when a refund came back after its payment had bounced. */
const paidOut = ({ credits, fees }: PatronAccount) =>
  credits.some(({ refunded }) => refunded > 0) || fees.some((fee) => givenBackAboveMoneyIn(fee) > 0);
const ended = ({ fees }: PatronAccount) => fees.some(({ accrual }) => accrual?.endedAt != null);
const forgivesUnpaid = (_account: PatronAccount, { unpaidOnReturn }: FeePolicy) => unpaidOnReturn === 'all';
const forgivesAgain = (account: PatronAccount, policy: FeePolicy) =>
  forgivesUnpaid(account, policy) && returnedLost(account);

/**
 * The pairs of commands whose order may change what the patron pays in the end. All others cost the same in both orders.
 *
 * @example
 * ```ts
 * import { mayDiffer } from 'patron-fees/testing';
 *
 * mayDiffer[0]?.reason; //=> 'a waiver without an amount forgives what is owed when it comes'
 * ```
 */
export const mayDiffer: readonly MayDiffer[] = [
  {
    reason: 'a waiver without an amount forgives what is owed when it comes',
    one: ['waiveWhole', 'upheldWaived'],
  },
  {
    reason: 'a cancelled credit without an amount is all that is unused when it comes',
    one: ['cancelUnused'],
  },
  {
    reason:
      'a cancellation without an amount cancels all that the fee costs when it comes; what comes later counts anew',
    one: ['cancelWhole', 'upheldCancelled'],
    other: ['report', 'cancelCredit', 'reversePayment'],
  },
  { reason: 'the last report of a fine counts', one: ['report'], other: ['report'] },
  {
    reason: 'a limit of fines compares what is owed when the report comes; a later report goes on',
    one: ['report'],
    only: (_account, { accrualLimits }) => Object.keys(accrualLimits).length > 0,
  },
  {
    reason:
      'a lower report takes back what is owed or paid of the fine then, the next one what is owed again',
    one: ['report'],
    other: ['reverseWaiver', 'cancelCredit'],
  },
  {
    reason: 'goodwill that was used on a fee is not given back by a fine that falls, nor by a return',
    one: ['report', 'return'],
    other: ['useCredit', 'reverseUse'],
  },
  {
    reason:
      'a return gives its percentage less what was waived before; a later waiver forgives what the return left',
    one: ['return'],
    other: ['waive'],
  },
  {
    reason:
      'a return gives its percentage of what was not cancelled before; a later amount is of what the return left',
    one: ['return'],
    other: ['cancel'],
  },
  {
    reason:
      'with terms `all` the return forgives what is unpaid, and only a percentage of what is paid comes back',
    one: ['return'],
    other: ['pay', 'transfer'],
    only: forgivesUnpaid,
  },
  {
    reason: 'with terms `all` a payment reversed after the return first uses up the credit of a cancellation',
    one: ['return'],
    other: ['reversePayment'],
    only: forgivesUnpaid,
  },
  {
    reason:
      'after a return, what is owed again is forgiven at once, save what was waived or cancelled meanwhile',
    one: ['waive', 'cancel'],
    other: ['reverseWaiver', 'reversePayment', 'recall', 'reverseUse', 'cancelCredit'],
    only: returnedLost,
  },
  {
    reason:
      'with terms `all` a return counts what was given; a cancelled credit counts as long as it was there',
    one: ['cancelCredit'],
    other: ['pay', 'reversePayment', 'recall'],
    only: forgivesUnpaid,
  },
  {
    reason:
      'a report after a refund in cash takes back what is owed then; a later waiver or amount is of what is left',
    one: ['report'],
    other: ['waive', 'cancel'],
    only: paidOut,
  },
  {
    reason:
      'an ended fine takes back what is owed again above its total, but not what a cancelled credit kept',
    one: ['cancelCredit'],
    other: ['reversePayment', 'reverseUse'],
    only: ended,
  },
  {
    reason:
      'a whole cancellation undoes waivers and goodwill, unless they cover what was handed out in cash; later ones stay',
    one: ['cancelWhole', 'upheldCancelled'],
    other: ['waive', 'reverseWaiver', 'useCredit', 'reverseUse'],
    only: paidOut,
  },
  {
    reason:
      'with terms `all`, what is owed again after a return is forgiven at once, less what was paid or sent before',
    one: ['reversePayment', 'recall', 'reverseWaiver'],
    other: ['pay', 'transfer', 'useCredit'],
    only: forgivesAgain,
  },
  {
    reason:
      'with terms `all`, what is recalled after a return is covered by the credits there, or else owed and forgiven',
    one: ['recall'],
    other: ['reverseWaiver'],
    only: forgivesAgain,
  },
  {
    reason:
      'with terms `all` a payment reversed after a return uses up the credit of a cancellation, unless it was refunded before',
    one: ['reversePayment'],
    other: ['refund'],
    only: forgivesAgain,
  },
  {
    reason:
      'an ended fine takes back what is owed again above its total, less what was handed out in cash, unless that was sent before',
    one: ['transfer'],
    other: ['reverseWaiver', 'reverseUse'],
    only: (account) => ended(account) && paidOut(account),
  },
];

/**
 * Returns the reason why two commands may cost differently in the two orders; undefined if they must not.
 *
 * @param commands - the commands
 * @param account - the account before both
 * @param policy - the policy
 */
export function reasonToDiffer(
  commands: readonly [Command, Command],
  account: PatronAccount,
  policy: FeePolicy,
): string | undefined {
  const [a, b] = commands.map(kindOf) as [PairKind, PairKind];
  const is = (kinds: readonly PairKind[] | undefined, kind: PairKind) => kinds?.includes(kind) ?? true;
  return mayDiffer.find(
    ({ one, other, only }) =>
      ((is(one, a) && is(other, b)) || (is(one, b) && is(other, a))) && (only?.(account, policy) ?? true),
  )?.reason;
}

function kindOf(command: Command): PairKind {
  switch (command.type) {
    case 'ReceivePayment':
      return 'pay';
    case 'ReversePayment':
      return 'reversePayment';
    case 'WaiveFees':
      return command.fees.every(({ amount }) => amount !== undefined) ? 'waive' : 'waiveWhole';
    case 'ReverseWaiver':
      return 'reverseWaiver';
    case 'CancelFee':
      return command.amount === undefined ? 'cancelWhole' : 'cancel';
    case 'ResolveDispute':
      return command.remedy === 'cancel'
        ? 'upheldCancelled'
        : command.remedy === 'waive'
          ? 'upheldWaived'
          : 'other';
    case 'TransferFees':
      return 'transfer';
    case 'RecallTransfer':
      return 'recall';
    case 'ReturnLostItem':
      return 'return';
    case 'AccrueFine':
      return 'report';
    case 'ApplyCredit':
      return 'useCredit';
    case 'ReverseCreditApplication':
      return 'reverseUse';
    case 'CancelCredit':
      return command.amount === undefined ? 'cancelUnused' : 'cancelCredit';
    case 'RefundCredit':
      return 'refund';
    default:
      return 'other';
  }
}
