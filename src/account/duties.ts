import { type FeePolicy, feeTypeRule } from '../policy/feePolicy.js';
import type { PermittedCommand } from '../policy/permissions.js';
import type { CreditCause } from './circumstances.js';
import type { Command } from './commands/command.js';
import type { Credit } from './credit.js';
import type { Fee } from './fee.js';
import type { SameUser } from './rejections/commandRejections.js';
import type { Transaction, TransactionKind } from './transaction.js';
import { userKey } from './userKey.js';

/** A command that was given, and by whom. */
export type GivenCommand = {
  /** The type of the command. */
  readonly commandType: PermittedCommand;
  /** Who gave it; undefined if unknown. */
  readonly userId: string | undefined;
};

/**
 * Returns the refusal of a user who gave another command of one of the policy's duties for the same thing. Commands
 * without a user are not compared.
 *
 * @param before - the earlier commands for the same thing
 */
export function sameUserRefusal(
  { commandType, userId }: GivenCommand,
  before: Iterable<GivenCommand>,
  { duties = [] }: FeePolicy,
): SameUser | undefined {
  const key = userKey(userId);
  const lists = duties.filter((list) => list.includes(commandType));
  if (lists.length === 0 || key === '') return undefined;
  for (const { commandType: as, userId: other } of before) {
    if (as !== commandType && userKey(other) === key && lists.some((list) => list.includes(as)))
      return { type: 'SameUser', kind: 'forbidden', commandType, as };
  }
  return undefined;
}

/**
 * Returns the commands that staff gave for a fee or a credit, as its transactions show them. A fine that grows, and a fee
 * of another channel or of a type that staff do not charge, were computed.
 */
export function givenFor(
  row: Fee | Credit,
  transactions: readonly Transaction[],
  policy: FeePolicy,
): readonly GivenCommand[] {
  return transactions.flatMap(({ kind, by, references }) => {
    if (kind === 'assessed' && (by?.channel !== 'desk' || isComputed(row, policy))) return [];
    const found = commandsOf[kind];
    const types = typeof found === 'function' ? found(references) : found;
    return types.map((commandType) => ({ commandType, userId: by?.userId }));
  });
}

function isComputed(row: Fee | Credit, policy: FeePolicy): boolean {
  return 'feeType' in row && (row.accrual !== null || feeTypeRule(policy, row.feeType)?.manual === false);
}

/** Returns the types of a command for duties: a dispute can end in a waiver, and a credit can be taken over. */
export function dutyTypesOf(command: Command): readonly PermittedCommand[] {
  if (command.type === 'IssueCredit' && command.cause === 'imported') return IMPORTED;
  const remedy = command.type === 'ResolveDispute' ? remedies[command.remedy ?? 'none'] : [];
  return [command.type as PermittedCommand, ...remedy];
}

const IMPORTED = ['IssueCredit', 'ImportCredit'] as const;

const remedies = { none: [], waive: ['WaiveFees'], cancel: ['CancelFee'] } as const;

type References = Transaction['references'];

/** The commands that cause a transaction. Fines that grow, and what returned items give back, are computed. */
const commandsOf: Readonly<
  Record<
    TransactionKind,
    readonly PermittedCommand[] | ((references: References) => readonly PermittedCommand[])
  >
> = {
  assessed: ['AssessFee'],
  increased: [],
  decreased: [],
  accrualEnded: [],
  returned: [],
  payment: ['ReceivePayment'],
  paymentReversed: ['ReversePayment'],
  waiver: ['WaiveFees'],
  waiverReversed: ['ReverseWaiver'],
  // The transaction of an issued credit always names its cause.
  creditIssued: ({ cause }) => issuing[cause as CreditCause],
  creditApplied: ['ApplyCredit'],
  creditApplicationReversed: ['ReverseCreditApplication'],
  creditCancelled: ['CancelCredit'],
  creditForfeited: ['CancelCredit'],
  creditWithdrawn: withdrawing,
  cancelledCreditWithdrawn: withdrawing,
  refund: ['RefundCredit'],
  refundReversed: ['ReverseRefund'],
  transfer: ['TransferFees'],
  settlement: ['SettleTransfer'],
  settlementReversed: ['ReverseSettlement'],
  recall: ['RecallTransfer'],
  cancellation: ['CancelFee'],
  disputed: ['DisputeFee'],
  disputeResolved: ['ResolveDispute'],
  planAgreed: ['AgreePaymentPlan'],
  planEnded: ['EndPaymentPlan'],
};

const issuing: Readonly<Record<CreditCause, readonly PermittedCommand[]>> = {
  manual: ['IssueCredit'],
  imported: IMPORTED,
  waived: ['WaiveFees'],
  cancelled: ['CancelFee'],
  overpayment: ['ReceivePayment'],
  settlement: ['SettleTransfer'],
  returned: [],
};

function withdrawing({ settlementId }: References): readonly PermittedCommand[] {
  return settlementId === undefined ? ['ReversePayment'] : ['ReverseSettlement'];
}
