import type { RecordedActor } from '../account/circumstances.js';
import type { Command } from '../account/commands/command.js';
import type { ApplyCredit } from '../account/commands/creditCommands.js';
import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { unused } from '../account/credit.js';
import { owed } from '../account/fee.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../account/patronAccount.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { isReversedWhole } from '../account/transactionPart.js';
import { executeLoaded } from '../history/execute.js';
import { RETRY } from '../history/retry.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { amountOrZeroSchema } from '../money/amountSchema.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import { balancesOfAll } from '../views/amountWriter.js';
import type { JoinedAccount } from './accountsOf.js';
import { executeMade } from './executeMade.js';
import {
  type AccountsContext,
  type GroupRow,
  groupNames,
  memberOf,
  type PatronGroup,
} from './patronGroup.js';
import { payAccounts, type SharedPayment } from './payAccounts.js';
import { isRecordedElsewhere } from './recordedElsewhere.js';
import {
  type PaymentIdentity,
  recordedParts,
  roomFor,
  sharedAmount,
  sharedId,
  toldBefore,
  totalIn,
  usedTransaction,
  wholeOf,
} from './transactionParts.js';

/** A payment as the clients of a service send it. */
export type PatronPayment = PaymentIdentity &
  Pick<SharedPayment, 'first' | 'firstOrder' | 'isFirstOnly'> &
  Pick<ReceivePayment, 'at' | 'comment' | 'staffNote' | 'reference' | 'overpayment'> & {
    readonly by: RecordedActor;
    /** The name of the only fee that it pays, or undefined. With `first`, which needs an amount, there is none. */
    readonly fee: string | undefined;
    /** The amount in canonical form, or undefined for all that is owed. */
    readonly amount: string | undefined;
    /** Whether a payment of all fees is money in addition to recorded parts of its transaction that name fees. */
    readonly isRest?: boolean;
    /**
     * Whether its client posts each payment of a transaction once, so that what names no fee is never the rest. Such a
     * payment has an amount.
     */
    readonly isPostedOnce?: boolean;
  };

/** Why a payment is not recorded. */
export type Unpaid = Rejection | 'nothing owed';

/** The transaction of a payment provider to which a client's payment belongs. */
export type ProviderTransaction = {
  /** The patron that the client names: the patron id in the event store. */
  readonly patronId: string;
  /** The payment method of the policy. */
  readonly method: string;
  /** The provider's id of the transaction. */
  readonly externalTransactionId: string;
};

/**
 * Returns what a transaction pays of the patron's fees, a decimal string; zero if all of it is recorded under another id;
 * undefined if that is unknown.
 */
export type TransactionTotal = (
  transaction: ProviderTransaction,
) => string | undefined | Promise<string | undefined>;

/** What payments need: where accounts are, a function that returns new ids, and the totals of transactions. */
export type PayingContext = AccountsContext & {
  readonly newId: () => string;
  readonly transactionTotal?: TransactionTotal | undefined;
};

/**
 * Records a payment in the accounts of a patron, which change in place: of one fee, of all fees of a single account, or of
 * all fees of several. It is recorded once, however often it is sent; after an interruption, sending it again finishes it.
 *
 * @param patronId - the patron that the client names; its account refuses a payment of an unknown fee
 * @returns why it is refused; undefined if all of it is recorded
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the total is no amount
 */
export async function payPatron(
  context: PayingContext,
  group: PatronGroup,
  patronId: string,
  payment: PatronPayment,
): Promise<Unpaid | undefined> {
  const { fee, amount, method, externalTransactionId } = payment;
  const digits = digitsOf(context.policy.currency);
  const minor = (text: string | undefined) => (text === undefined ? undefined : parseAmount(text, digits));
  const hasTransaction = externalTransactionId !== undefined;
  const told = hasTransaction
    ? await context.transactionTotal?.({ patronId, method, externalTransactionId })
    : undefined;
  const total =
    told === undefined ? told : checkedArgument(amountOrZeroSchema(digits), told, 'transactionTotal()');
  const { fee: _, isPostedOnce, ...fields } = payment;
  const sent = { ...fields, digits, group, amount: minor(amount), total: minor(total) };
  if (hasTransaction && (await isRecordedElsewhere(context, { ...sent, fee }))) return undefined;
  if (hasTransaction && isPostedOnce === true) return payOnce(context, sent);
  if (fee !== undefined) {
    const row = rowOfPayment(group, fee, payment) ?? { patronId, id: fee };
    return payFee(context, memberOf(group, row.patronId), row.id, sent);
  }
  return payFees(context, sent);
}

/** Pays all fees, or the named ones. */
function payFees(context: PayingContext, payment: Sent): Promise<Unpaid | undefined> {
  const { group, externalTransactionId, first } = payment;
  const isShared = recordedParts(group, payment).some(
    (part) => externalTransactionId === undefined || sharedAmount(part.payment) !== undefined,
  );
  return group.length > 1 || isShared || first !== undefined
    ? paySeveral(context, payment)
    : payAll(context, group[0], payment);
}

/** Records a payment of a client that posts each payment of a transaction once, unless it is told again. */
async function payOnce(context: PayingContext, payment: Sent): Promise<Unpaid | undefined> {
  const { amount = 0, first, digits, group, total } = payment;
  const id = sharedId(payment, formatAmount(amount, digits), first);
  const told = () => {
    const parts = recordedParts(group, payment);
    // Its own parts may have been interrupted.
    const isOwn = parts.some((part) => part.payment.paymentId === id);
    return isOwn ? undefined : toldBefore(parts, { amount, first }, digits);
  };
  const before = told();
  if (before === 'repeat') return undefined;
  // With a total, the sum decides.
  if (before !== undefined && total === undefined) return before;
  const why = await payFees(context, payment);
  // Another call may have told it meanwhile.
  return why !== undefined && before === undefined && told() === 'repeat' ? undefined : why;
}

/** A payment with its amounts in minor units, and the accounts of its patron. */
type Sent = Omit<PatronPayment, 'fee' | 'amount' | 'isPostedOnce'> & {
  readonly amount: number | undefined;
  readonly total: number | undefined;
  readonly digits: number;
  readonly group: PatronGroup;
};

/**
 * Returns the row that a payment names. A payment that was recorded before names the fee of that time, although another
 * account may have got one with the same id since.
 */
function rowOfPayment(group: PatronGroup, name: string, payment: PaymentIdentity): GroupRow | undefined {
  const repeated = recordedParts(group, payment).find(({ payment: { feesNamed, allocations } }) => {
    const named =
      payment.externalTransactionId === undefined ? allocations.map(({ feeId }) => feeId) : feesNamed;
    return named.length === 1 && named[0] === name;
  });
  return repeated === undefined ? groupNames(group).find(name) : { patronId: repeated.patronId, id: name };
}

/** Pays one fee: an amount, or all that is owed. */
function payFee(
  context: AccountsContext,
  account: JoinedAccount,
  feeId: string,
  payment: Sent,
): Promise<Unpaid | undefined> {
  return executeFor(context, account, payment, (now) => {
    const fee = findFee(now, feeId);
    if (fee === undefined) return { type: 'FeeNotFound', kind: 'notFound', feeId };
    const part = partOf(payment, owed(fee), recordedFor(account, payment, [feeId]));
    return typeof part === 'number' ? [{ ...commandOf(account, payment, part), feeIds: [feeId] }] : part;
  });
}

/** Pays all fees of a single account. */
async function payAll(
  context: PayingContext,
  account: JoinedAccount,
  payment: Sent,
): Promise<Unpaid | undefined> {
  const pay = (usesCredits: boolean) =>
    executeFor(context, account, payment, (now) => {
      const recorded = recordedFor(account, payment, []);
      const part = partOf(payment, balancesInMinorUnits(now).active, recorded);
      if (typeof part !== 'number') return part;
      const isNew = payment.amount === undefined && recorded.length === 0;
      const credits = isNew && usesCredits ? useOfCredits(now, payment, context.newId) : [];
      return [...credits, { ...commandOf(account, payment, part), ...restOf(account, payment) }];
    });
  const why = await pay(true);
  // Whoever may not use credits can still pay what their sum leaves.
  const isForbidden =
    typeof why === 'object' &&
    (why.type === 'NotPermitted' || why.type === 'ApprovalRequired') &&
    why.commandType === 'ApplyCredit';
  return isForbidden ? pay(false) : why;
}

/** Pays all fees of several accounts. The first account is the payer's. */
async function paySeveral(context: PayingContext, payment: Sent): Promise<Unpaid | undefined> {
  const { group, digits, total } = payment;
  const hasTransaction = payment.externalTransactionId !== undefined;
  for (let attempt = 1; ; attempt++) {
    const parts = recordedParts(group, payment);
    const whole = hasTransaction ? wholeOf(parts, digits) : undefined;
    const { active } = balancesOfAll(group.map(({ account }) => account));
    const part = partOf(payment, active, whole === undefined ? [] : [whole.amount]);
    if (typeof part !== 'number') return Array.isArray(part) ? undefined : (part as Unpaid);
    const amount = payment.amount ?? part;
    const id = sharedId(payment, formatAmount(amount, digits), payment.first);
    const own = parts.filter((one) => one.payment.paymentId === id);
    const reversed = hasTransaction ? own.find(({ payment: one }) => isReversedWhole(one)) : undefined;
    if (reversed !== undefined) return usedTransaction(reversed, amount, digits, amount);
    // The payer's part is the last one, so all others are recorded, even those of accounts that were separated since.
    if (own.some(({ patronId }) => patronId === group[0].patronId)) return undefined;
    // Using credits changes no sum: after an interruption, the same amount is paid.
    const isNew = payment.amount === undefined && whole === undefined;
    if (isNew) await applyCredits(context, payment);
    const { digits: _, group: accounts, ...shared } = payment;
    const paid = await payAccounts(context, accounts, { ...shared, id, amount, total });
    if (paid.accepted) return undefined;
    const isLessOwed = isNew && paid.rejection.type === 'PaymentExceedsOwed';
    if (!isLessOwed || attempt === RETRY.attempts) return paid.rejection;
  }
}

/**
 * Returns the amount of a payment to record, in minor units: the amount that was sent, that was recorded before, or
 * that is open, at most what the transaction's total leaves. No commands if the transaction's parts are complete.
 *
 * @param open - what can be paid
 * @param recorded - the amounts of the transaction's parts for the same fees
 */
function partOf(payment: Sent, open: number, recorded: readonly number[]): number | readonly [] | Unpaid {
  const { group, amount, total, digits } = payment;
  if (total === undefined || (amount !== undefined && recorded.includes(amount))) {
    const part = amount ?? recorded[0] ?? open;
    return part > 0 ? part : 'nothing owed';
  }
  const parts = recordedParts(group, payment);
  const room = roomFor(parts, { ...payment, total }, amount ?? 0, digits);
  if (typeof room === 'object') return room;
  const part = Math.min(amount ?? open, room);
  if (part > 0) return part;
  return parts.length > 0 ? [] : 'nothing owed';
}

/** Uses the credits of each account for its own fees, unless the policy forbids it or somebody else just used them. */
async function applyCredits(
  { store, policy, institution, how, newId }: PayingContext,
  payment: Sent,
): Promise<void> {
  for (const account of payment.group) {
    const commands = useOfCredits(account.account, payment, newId);
    const stream = { institution, patronId: account.patronId };
    if (commands.length > 0) await executeLoaded(store, policy, stream, account, commands, how);
  }
}

/**
 * Returns the commands that use a patron's credits for what can be paid, as the sum of all rows counts them: refundable
 * ones and goodwill. Credits that are reserved for a lost item's fee are not in what can be paid.
 */
function useOfCredits(account: PatronAccount, { at, by }: Sent, newId: () => string): ApplyCredit[] {
  let left = balancesInMinorUnits(account).payable;
  return account.credits.flatMap((credit) => {
    const amount = Math.min(left, unused(credit));
    if (amount === 0 || (credit.purpose !== 'refundable' && credit.purpose !== 'goodwill')) return [];
    left -= amount;
    return { type: 'ApplyCredit', id: newId(), creditId: credit.creditId, at, by };
  });
}

function commandOf(account: JoinedAccount, payment: Sent, amount: number): ReceivePayment {
  const {
    isRest,
    total,
    digits,
    group,
    first: _first,
    firstOrder: _order,
    isFirstOnly: _only,
    ...fields
  } = payment;
  const said = totalIn(account, recordedParts(group, payment), total, digits);
  return { ...fields, ...said, type: 'ReceivePayment', amount: formatAmount(amount, digits) };
}

/** Says that a payment is the rest of its transaction, if parts of it that name fees are recorded and its total is unknown. */
function restOf(account: JoinedAccount, payment: Sent): Pick<ReceivePayment, 'part'> {
  const parts = recordedParts([account], payment).map((part) => part.payment);
  const isTotalKnown =
    payment.total !== undefined || parts.some((part) => part.externalTransactionTotal !== null);
  const isRest = payment.isRest === true && !isTotalKnown && parts.some((part) => part.feesNamed.length > 0);
  return isRest ? { part: 'rest' } : {};
}

/**
 * Returns the amounts of a transaction's parts for exactly some fees, so that a repeat is recognised even if less is
 * owed now.
 */
function recordedFor(account: JoinedAccount, payment: Sent, fees: readonly string[]): readonly number[] {
  if (payment.externalTransactionId === undefined) return [];
  const isSame = (named: readonly string[]) => named.length === fees.length && named[0] === fees[0];
  const parts = recordedParts([account], payment).map((part) => part.payment);
  return parts.filter(({ feesNamed }) => isSame(feesNamed)).map(({ amount }) => amount);
}

/** Executes commands that are made for the account as it is; an amount that depends on it is computed again if it changes. */
function executeFor(
  context: AccountsContext,
  account: JoinedAccount,
  { amount }: Sent,
  make: (account: PatronAccount) => readonly Command[] | Unpaid,
): Promise<Unpaid | undefined> {
  return executeMade(context, account, make, amount === undefined);
}
