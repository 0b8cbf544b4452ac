import { PatronFeesError } from '../errors.js';
import { digitsOf } from '../money/currency.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { circumstanceRefusal } from './circumstanceRules.js';
import { close } from './closing.js';
import type { Command, CommandList, CommandOf, CommandType } from './commands/command.js';
import { entriesOf, parseCommand } from './commands/parseCommand.js';
import type { Decision, Repeats } from './decision.js';
import { DecisionContext, refusalIn } from './decisionContext.js';
import { accrueFine } from './decisions/accrueFine.js';
import { agreePaymentPlan } from './decisions/agreePaymentPlan.js';
import { applyCredit } from './decisions/applyCredit.js';
import { assessFee } from './decisions/assessFee.js';
import { cancelCredit } from './decisions/cancelCredit.js';
import { cancelFee } from './decisions/cancelFee.js';
import { disputeFee } from './decisions/disputeFee.js';
import { endPaymentPlan } from './decisions/endPaymentPlan.js';
import { issueCredit } from './decisions/issueCredit.js';
import { recallTransfer } from './decisions/recallTransfer.js';
import { receivePayment } from './decisions/receivePayment.js';
import { refundCredit } from './decisions/refundCredit.js';
import { resolveDispute } from './decisions/resolveDispute.js';
import { returnLostItem } from './decisions/returnLostItem.js';
import { reverseCreditApplication } from './decisions/reverseCreditApplication.js';
import { reversePayment } from './decisions/reversePayment.js';
import { reverseRefund } from './decisions/reverseRefund.js';
import { reverseSettlement } from './decisions/reverseSettlement.js';
import { reverseWaiver } from './decisions/reverseWaiver.js';
import { settleTransfer } from './decisions/settleTransfer.js';
import { transferFees } from './decisions/transferFees.js';
import { waiveFees } from './decisions/waiveFees.js';
import { isDigestOf } from './digest.js';
import type { AccountEvent } from './events/accountEvent.js';
import { idUse } from './ids.js';
import { assertAccount, type PatronAccount, readingAccount } from './patronAccount.js';
import { asPermitted, type GivenInList } from './permission.js';
import type { Refusal, Rejection } from './rejections/rejection.js';
import { kindOf } from './rejections/rejectionKinds.js';
import { openWorkingSet, type WorkingSet } from './workingSet.js';

/** Options of {@link decide}. */
export type DecideOptions = {
  /**
   * The other accounts of the same patron, which are merged with this one: what is owed there counts for the policy's
   * `accrualLimits`. Never changed.
   *
   * @defaultValue none
   */
  readonly others?: readonly PatronAccount[];
  /**
   * The present time, ISO 8601 with a zone: required if the policy has {@link Backdating} and it applies to the
   * command.
   *
   * @defaultValue none
   */
  readonly now?: string;
};

/**
 * Decides a command, or a list of commands as a whole: all of them or none. Pure, so it can also be used for a dry run.
 *
 * Checks in this order: the command's shape, its id (a repeated command is always accepted, with no events), the
 * account's currency, its time and texts, whether the actor's roles may give the command, a payment's external
 * transaction id, the rules, the limit of the actor's roles, whether it needs an approval, and whether the policy's
 * duties require another user. Limits hold for all commands of a type and a user in a list together, and a second user
 * of a list needs the permission `SecondUser`. What patrons pay and dispute, and automatic fees of other channels, need
 * no permission and do not count.
 *
 * @param command - a command, or a list that is decided as a whole; each event carries the id of its own command
 * @param account - the current account
 * @param policy - the institution's policy
 * @param options - the patron's other accounts
 * @returns the events to append, or the rejection; an invalid command is rejected too
 * @throws {@link PatronFeesError} `INVALID_ACCOUNT` or `INVALID_POLICY` if the account or the policy is invalid;
 * `INVALID_ARGUMENT` for invalid options, and if the policy has `backdating` and `now` is missing
 *
 * @example A payment of more than is owed
 * ```ts
 * import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const assessed = decide(
 *   { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', owner: 'MAIN', at },
 *   emptyAccount(),
 *   policy,
 * );
 * const account = fold(assessed.events);
 * const decision = decide({ type: 'ReceivePayment', id: 'p1', amount: '3', method: 'CASH', at }, account, policy);
 * decision.accepted ? null : decision.rejection;
 * //=> { type: 'PaymentExceedsOwed', kind: 'conflict', feeId: null, amount: '3.00', owed: '2.50' }
 * ```
 */
export function decide(
  command: Command | CommandList,
  account: PatronAccount,
  policy: FeePolicy,
  options: DecideOptions = {},
): Decision {
  const rules = definedPolicy(policy);
  const { others, now } = readOptions(options);
  return readingAccount(account, () => decideAll(command, account, rules, others, now));
}

/** Reads the options once; their values are checked where they are used. */
function readOptions(options: DecideOptions) {
  try {
    const { others = [], now } = options;
    if (typeof options === 'object' && Array.isArray(others)) return { others: [...others], now };
  } catch {
    // Reading them throws: refused, as anything else that is no object with these options.
  }
  const message = 'options: expected an object with a list of accounts as `others`, and `now`, or nothing';
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}

function decideAll(
  input: unknown,
  account: PatronAccount,
  policy: FeePolicy,
  others: readonly PatronAccount[],
  now: string | undefined,
): Decision {
  for (const one of [account, ...others]) assertAccount(one);
  const set = openWorkingSet(account, others);
  const list = listOf(input);
  const events: AccountEvent[] = [];
  const given: GivenInList = { amounts: new Map(), users: new Set() };
  let repeats: Repeats | undefined;
  for (const [index, one] of (list ?? [input]).entries()) {
    const result = decideOne(one, policy, set, given, now);
    if ('type' in result) {
      const refused = { accepted: false, events: [], rejection: withKind(result) } as const;
      return list === undefined ? refused : { ...refused, commandIndex: index };
    }
    repeats ??= result.repeats;
    for (const event of result.events) events.push(event);
  }
  return events.length === 0 && repeats !== undefined
    ? { accepted: true, events, repeats }
    : { accepted: true, events };
}

/** The events of one command, or what it repeats. */
type Decided = { readonly events: readonly AccountEvent[]; readonly repeats: Repeats | undefined };

/**
 * Reads a list of commands once. Returns undefined if it cannot be read as a list, so that it is refused as a command.
 */
function listOf(input: unknown): readonly unknown[] | undefined {
  try {
    return Array.isArray(input) ? entriesOf(input) : undefined;
  } catch {
    return undefined;
  }
}

/** Decides one command after those before it. Returns its events or its rejection. */
function decideOne(
  input: unknown,
  policy: FeePolicy,
  set: WorkingSet,
  given: GivenInList,
  now: string | undefined,
): Decided | Refusal {
  const digits = digitsOf(policy.currency);
  const parsed = parseCommand(input, digits);
  if ('faults' in parsed) return { type: 'InvalidCommand', faults: parsed.faults };
  const { command, roles, approver } = withoutRoles(parsed.command);
  const context = new DecisionContext(command, policy, digits, set);
  const used = idUse(set.touched.ids, command.id);
  if (used !== undefined) {
    return isDigestOf(used.digest, command, context.digest)
      ? { events: [], repeats: { id: command.id, kind: used.kind as Repeats['kind'] } }
      : { type: 'IdAlreadyUsed', id: command.id };
  }
  const accountCurrency = set.touched.currency;
  if (accountCurrency !== null && accountCurrency !== policy.currency) {
    return { type: 'AccountInOtherCurrency', accountCurrency, policyCurrency: policy.currency };
  }
  const circumstance = circumstanceRefusal(command, policy, now);
  if (circumstance !== undefined) return circumstance;
  const refusal = refusalIn(() => {
    const decideByType = decisions[command.type] as (command: Command, context: DecisionContext) => void;
    asPermitted(command, { roles, approver, ...given }, context, () => decideByType(command, context));
    if (context.events.length > 0) close(context);
  });
  return refusal ?? { events: context.events, repeats: context.repeats };
}

/** Splits off the roles of the actor and of who approves, which are never recorded. */
function withoutRoles(given: Command) {
  const { by, approvedBy: approver } = given;
  let command = given;
  if (by?.roles !== undefined) {
    const { roles: _, ...actor } = by;
    command = { ...command, by: actor };
  }
  if (approver?.roles !== undefined) {
    const { roles: _, ...recorded } = approver;
    command = { ...command, approvedBy: recorded };
  }
  return { command, roles: by?.roles ?? [], approver };
}

/** The rules for each type of command. */
const decisions: {
  readonly [Type in CommandType]: (command: CommandOf<Type>, context: DecisionContext) => void;
} = {
  AssessFee: assessFee,
  AccrueFine: accrueFine,
  ReceivePayment: receivePayment,
  WaiveFees: waiveFees,
  ReturnLostItem: returnLostItem,
  DisputeFee: disputeFee,
  ResolveDispute: resolveDispute,
  TransferFees: transferFees,
  SettleTransfer: settleTransfer,
  ReverseSettlement: reverseSettlement,
  RecallTransfer: recallTransfer,
  IssueCredit: issueCredit,
  CancelCredit: cancelCredit,
  ApplyCredit: applyCredit,
  RefundCredit: refundCredit,
  CancelFee: cancelFee,
  ReversePayment: reversePayment,
  ReverseWaiver: reverseWaiver,
  ReverseCreditApplication: reverseCreditApplication,
  ReverseRefund: reverseRefund,
  AgreePaymentPlan: agreePaymentPlan,
  EndPaymentPlan: endPaymentPlan,
};

/** Adds the kind to a rejection. */
function withKind(refusal: Refusal): Rejection {
  const { type, ...fields } = refusal;
  return { type, kind: kindOf(type), ...fields } as Rejection;
}
