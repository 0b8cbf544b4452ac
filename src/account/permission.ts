import { digitsOf } from '../money/currency.js';
import { parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { ApprovableCommand, Permission, PermittedCommand } from '../policy/permissions.js';
import { missingApproval } from './approval.js';
import type { Allocation, Approver, Channel } from './circumstances.js';
import type { Command, CommandType } from './commands/command.js';
import type { DecisionContext } from './decisionContext.js';
import { dutyTypesOf, givenFor, sameUserRefusal } from './duties.js';
import type { AccountEvent, AccountEventType, EventOf } from './events/accountEvent.js';
import type { NotPermitted, SameUser } from './rejections/commandRejections.js';
import { userKey } from './userKey.js';
import type { transactionsBefore } from './workingSet.js';

/** The events whose amounts a limit compares; undefined for what moves no money. */
const limited: {
  readonly [Type in PermittedCommand]: readonly AccountEventType[] | undefined;
} = {
  AssessFee: ['FeeAssessed'],
  ReceivePayment: ['PaymentReceived'],
  WaiveFees: ['FeeWaived', 'LostItemCreditIssued', 'CreditIssued'],
  DisputeFee: undefined,
  ResolveDispute: ['FeeWaived', 'LostItemCreditIssued', 'CreditIssued', 'FeeCancelled'],
  TransferFees: ['FeeTransferred', 'CreditTransferred'],
  SettleTransfer: ['TransferSettled'],
  ReverseSettlement: ['SettlementReversed'],
  RecallTransfer: ['TransferRecalled'],
  IssueCredit: ['CreditIssued'],
  ImportCredit: ['CreditIssued'],
  CancelCredit: ['CreditCancelled'],
  ApplyCredit: ['CreditApplied'],
  RefundCredit: ['CreditRefunded'],
  CancelFee: ['FeeCancelled', 'CreditIssued'],
  ReversePayment: ['PaymentReversed'],
  ReverseWaiver: ['WaiverReversed', 'CreditCancelled'],
  ReverseCreditApplication: ['CreditApplicationReversed'],
  ReverseRefund: ['RefundReversed'],
  AgreePaymentPlan: undefined,
  EndPaymentPlan: undefined,
  MergeAccounts: undefined,
  SeparateAccounts: undefined,
  OpenTill: undefined,
  MoveTillMoney: undefined,
  CloseTill: undefined,
  AcceptTillDifference: undefined,
  RecordRemittance: undefined,
  ReverseRemittance: undefined,
  DepositFromSafe: undefined,
  ConfirmBankEntry: undefined,
  EndBankItem: undefined,
  BookBankEntry: undefined,
  ReverseBankRecord: undefined,
  SettleOnlinePart: undefined,
  SettleOnlineReport: undefined,
  SecondUser: undefined,
  CloseReceiptSeries: undefined,
};

/** The commands that patrons may give themselves. */
const byPatron: ReadonlySet<CommandType> = new Set(['ReceivePayment', 'DisputeFee']);

const patronChannels: ReadonlySet<Channel | undefined> = new Set(['online', 'selfCheck']);

/** What the commands of a list have had so far. */
export type GivenInList = {
  /**
   * The amounts by type and user, in minor units. A limit holds for all of them together, so that nobody gets round it
   * with several commands.
   */
  readonly amounts: Map<string, number>;
  /** The users: another one needs a right of its own, so that nobody gets round a limit with a second name. */
  readonly users: Set<string>;
};

/** The roles of a command's actor, who approves it, and what the commands before it had. */
type Asked = GivenInList & {
  readonly roles: readonly string[];
  readonly approver: Approver | undefined;
};

/**
 * Runs the rules of a command, and refuses it with `NotPermitted` if the policy does not permit it to the actor, or not
 * up to this amount, with `ApprovalRequired` if it needs an approval, and with `SameUser` if the policy's duties require
 * another user. A policy without permissions, approvals and duties permits everything.
 *
 * @param asked - changed: the amount and the user of the command are added
 * @param rules - decides the command; what it decides is compared with the limit
 */
export function asPermitted(
  command: Command,
  { roles, approver, amounts, users }: Asked,
  context: DecisionContext,
  rules: () => void,
): void {
  const { permissions, approvals, duties } = context.policy;
  if ((permissions ?? approvals ?? duties) === undefined || isComputed(command)) return rules();
  const isPatron = patronChannels.has(command.by?.channel);
  if (isPatron && byPatron.has(command.type)) return rules();
  const type = permissionOf(command);
  const own = isPatron ? [] : roles;
  const { limit, rejection } = permissionFor(context.policy, type, own);
  if (rejection !== null) context.refuse(rejection);
  const userId = command.by?.userId;
  const user = userKey(userId);
  const second = isSecond(user, users) ? permissionFor(context.policy, 'SecondUser', own).rejection : null;
  if (second !== null) context.refuse(second);
  users.add(user);
  const before = duties === undefined ? rules() : context.changedBy(rules);
  const key = JSON.stringify([type, user]);
  const amount = (amounts.get(key) ?? 0) + amountOf(context.events, limited[type], context);
  amounts.set(key, amount);
  if (limit !== null && amount > context.minor(limit)) {
    // A limit comes from a role of the table.
    const allowed = permissions?.[type] as Readonly<Record<string, Permission>>;
    context.refuse({
      type: 'NotPermitted',
      commandType: type,
      needs: Object.keys(allowed).filter((role) => allows(allowed[role] as Permission, amount, context)),
      limit,
      amount: context.money(amount),
    });
  }
  const commandType = type as ApprovableCommand;
  const refusal =
    missingApproval({ commandType, amount, userId, approver }, context.policy) ??
    (before && dutyRefusal(command, before, context.policy));
  if (refusal !== undefined) context.refuse(refusal);
}

function dutyRefusal(
  command: Command,
  before: ReturnType<typeof transactionsBefore>,
  policy: FeePolicy,
): SameUser | undefined {
  const given = before.flatMap(({ row, transactions }) => givenFor(row, transactions, policy));
  const userId = command.by?.userId;
  return dutyTypesOf(command)
    .map((commandType) => sameUserRefusal({ commandType, userId }, given, policy))
    .find((refusal) => refusal !== undefined);
}

/** Whether a list has commands of another user before this one. */
function isSecond(user: string, users: ReadonlySet<string>): boolean {
  return users.size > 0 && !users.has(user);
}

/** Returns the permission that a command needs. Taking over a credit is one of its own: no money came in for it. */
function permissionOf(command: Command): PermittedCommand {
  if (command.type === 'IssueCredit' && command.cause === 'imported') return 'ImportCredit';
  return command.type as PermittedCommand;
}

type CreditUse = { readonly allocations: readonly Allocation[] };

/** Whether a fee is charged by a program and not by staff. Patrons charge no fees. */
function isComputed(command: Command): boolean {
  if (command.type !== 'AssessFee' || patronChannels.has(command.by?.channel)) return false;
  return command.automatic ?? command.by?.channel !== 'desk';
}

function allows({ upTo }: Permission, amount: number, context: DecisionContext): boolean {
  return upTo === undefined || context.minor(upTo) >= amount;
}

/** The events by which waivers of a cancelled fee become cancellations. Their amounts were given up before. */
const undoneWaivers: ReadonlySet<AccountEventType> = new Set(['WaiverReversed', 'CreditCancelled']);

/** Returns the sum of the amounts of the command's own events, in minor units. */
function amountOf(
  events: readonly AccountEvent[],
  types: readonly AccountEventType[] | undefined,
  context: DecisionContext,
): number {
  if (types === undefined) return 0;
  return events.reduce((sum, { type, data }) => {
    if (types.includes(type)) return sum + moneyIn(data, context);
    return undoneWaivers.has(type) ? sum - moneyIn(data, context) : sum;
  }, 0);
}

/** Returns the amount of an event; of a use of a credit, the sum of its parts. */
function moneyIn(data: AccountEvent['data'], context: DecisionContext): number {
  if ('settlementId' in data) return settled(data, context);
  if ('amount' in data) return context.minor(data.amount);
  // The only such event is the use of a credit.
  return (data as CreditUse).allocations.reduce((sum, { amount }) => sum + context.minor(amount), 0);
}

/** Returns the whole amount of a settlement or its reversal: what was pending, and what was paid above it. */
function settled(
  {
    amount,
    surplus,
    shortfall,
  }: Partial<EventOf<'SettlementReversed'>['data']> & { readonly amount: string },
  context: DecisionContext,
): number {
  const parts = [amount, surplus?.amount, surplus?.cancelled, shortfall?.amount];
  return parts.reduce((sum, part) => sum + (part === undefined ? 0 : context.minor(part)), 0);
}

/** What {@link permissionFor} returns about a command. */
export type PermissionOfRoles = {
  /** Whether any of the roles may give the command at all. */
  readonly permitted: boolean;
  /** The highest amount of one call, a decimal string; null without a limit, or if it is not permitted. */
  readonly limit: string | null;
  /** How {@link decide} refuses the command, with the roles that may give it; null if it is permitted. */
  readonly rejection: NotPermitted | null;
};

/**
 * Returns whether roles may give a command, so that a screen can hide a button or say why it is disabled. A dry run of
 * {@link decide} gives the same answer for a whole command.
 *
 * @param policy - the institution's policy
 * @param commandType - the command
 * @param roles - the roles of a member of staff
 * @returns whether it is permitted, and up to which amount; if not, the rejection
 *
 * @example
 * ```ts
 * import { definePolicy, permissionFor, rejectionText } from 'patron-fees';
 *
 * const permissions = { WaiveFees: { CLERK: { upTo: '10.00' }, MANAGER: {} } };
 * const policy = definePolicy({ currency: 'USD', permissions });
 * permissionFor(policy, 'WaiveFees', ['CLERK']); //=> { permitted: true, limit: '10.00', rejection: null }
 *
 * const { permitted, rejection } = permissionFor(policy, 'WaiveFees', ['PAGE']);
 * permitted; //=> false
 * rejection && rejectionText(rejection); //=> 'You may not do this. This needs the role CLERK or MANAGER.'
 * ```
 */
export function permissionFor(
  policy: FeePolicy,
  commandType: CommandType | PermittedCommand,
  roles: readonly string[],
): PermissionOfRoles {
  const free = { permitted: true, limit: null, rejection: null };
  if (!(commandType in limited)) return free;
  const type = commandType as PermittedCommand;
  const allowed = rolesFor(type, policy);
  if (allowed === undefined) return free;
  const own = roles.filter((role) => Object.hasOwn(allowed, role)).map((role) => allowed[role] as Permission);
  if (own.length === 0) {
    const rejection: NotPermitted = {
      type: 'NotPermitted',
      kind: 'forbidden',
      commandType: type,
      needs: Object.keys(allowed),
      limit: null,
      amount: null,
    };
    return { permitted: false, limit: null, rejection };
  }
  if (own.some(({ upTo }) => upTo === undefined)) return free;
  const digits = digitsOf(policy.currency);
  const [highest] = own
    .map(({ upTo }) => upTo as string)
    .sort((a, b) => parseAmount(b, digits) - parseAmount(a, digits));
  return { permitted: true, limit: highest as string, rejection: null };
}

/** Returns the roles that may give a command, with what each may; undefined if anybody may. */
function rolesFor(
  type: PermittedCommand,
  { permissions, approvals }: FeePolicy,
): Readonly<Record<string, Permission>> | undefined {
  const allowed = permissions?.[type];
  if (type !== 'CloseReceiptSeries' || allowed !== undefined)
    return permissions === undefined ? undefined : (allowed ?? {});
  const purging = approvals?.Purge?.roles;
  return purging && Object.fromEntries(purging.map((role) => [role, {}]));
}
