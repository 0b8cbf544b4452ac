import type { RecordedActor } from '../account/circumstances.js';
import type { Command } from '../account/commands/command.js';
import type { ApplyCredit } from '../account/commands/creditCommands.js';
import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { unused } from '../account/credit.js';
import { owed } from '../account/fee.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../account/patronAccount.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { isPatronFeesError } from '../errors.js';
import { executeLoaded } from '../history/execute.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { balancesOfAll } from '../views/amountWriter.js';
import type { JoinedAccount } from './accountsOf.js';
import {
  type AccountsContext,
  type GroupRow,
  groupNames,
  memberOf,
  type PatronGroup,
} from './patronGroup.js';
import {
  isReversed,
  type PaymentIdentity,
  payAccounts,
  recordedParts,
  sharedAmount,
  sharedId,
  usedTransaction,
  wholeOf,
} from './payAccounts.js';

/** A payment as the clients of a service send it. */
export type PatronPayment = PaymentIdentity &
  Pick<ReceivePayment, 'at' | 'comment' | 'overpayment'> & {
    readonly by: RecordedActor;
    /** The name of the only fee that it pays, or undefined. */
    readonly fee: string | undefined;
    /** The amount in canonical form, or undefined for all that is owed. */
    readonly amount: string | undefined;
    /** Whether a payment of all fees is other money than recorded parts of its transaction that name fees. */
    readonly isRest?: boolean;
  };

/** Why a payment is not recorded. */
export type Unpaid = Rejection | 'nothing owed';

type Paying = AccountsContext & {
  /** Returns a new id, for uses of credits. */
  readonly newId: () => string;
};

/**
 * Records a payment in the accounts of a patron, which change in place: of one fee, of all fees of a single account, or of
 * all fees of several. It is recorded once, however often it is sent; after an interruption, sending it again finishes it.
 *
 * @param patronId - the account that a payment of an unknown fee is refused by
 * @returns why it is refused; undefined if all of it is recorded
 */
export async function payPatron(
  context: Paying,
  group: PatronGroup,
  patronId: string,
  { fee, ...payment }: PatronPayment,
): Promise<Unpaid | undefined> {
  if (fee !== undefined) {
    const row = rowOfPayment(group, fee, payment) ?? { patronId, id: fee };
    return payFee(context, memberOf(group, row.patronId), row.id, payment);
  }
  const hasTransaction = payment.externalTransactionId !== undefined;
  const isShared = recordedParts(group, payment).some(
    (part) => !hasTransaction || sharedAmount(part.payment) !== undefined,
  );
  return group.length > 1 || isShared
    ? paySeveral(context, group, payment)
    : payAll(context, group[0], payment);
}

/** What is sent, without the fee that it names. */
type Sent = Omit<PatronPayment, 'fee'>;

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
    const amount = payment.amount ?? recordedAmount(account, payment, [feeId]) ?? (fee && owed(fee));
    if (amount === undefined) return { type: 'FeeNotFound', kind: 'notFound', feeId };
    return amount === 0 ? 'nothing owed' : [{ ...commandOf(payment, amount, now), feeIds: [feeId] }];
  });
}

/** Pays all fees of a single account. */
async function payAll(context: Paying, account: JoinedAccount, payment: Sent): Promise<Unpaid | undefined> {
  const pay = (usesCredits: boolean) =>
    executeFor(context, account, payment, (now) => {
      const known = payment.amount ?? recordedAmount(account, payment, []);
      const amount = known ?? balancesInMinorUnits(now).active;
      if (typeof amount === 'number' && amount <= 0) return 'nothing owed';
      const credits = known === undefined && usesCredits ? useOfCredits(now, payment, context.newId) : [];
      const part = isRestOf(account, payment) ? ({ part: 'rest' } as const) : {};
      return [...credits, { ...commandOf(payment, amount, now), ...part }];
    });
  const why = await pay(true);
  // Whoever may not use credits can still pay what their sum leaves.
  const isForbidden =
    typeof why === 'object' && why.type === 'NotPermitted' && why.commandType === 'ApplyCredit';
  return isForbidden ? pay(false) : why;
}

/** Pays all fees of several accounts. The first account is the payer's. */
async function paySeveral(context: Paying, group: PatronGroup, payment: Sent): Promise<Unpaid | undefined> {
  const digits = minorDigits(context.policy.currency) as number;
  const hasTransaction = payment.externalTransactionId !== undefined;
  for (let attempt = 1; ; attempt++) {
    const parts = recordedParts(group, payment);
    const known = payment.amount ?? (hasTransaction ? wholeOf(parts, digits)?.amount : undefined);
    const { active } = balancesOfAll(group.map(({ account }) => account));
    if (known === undefined && active <= 0) return 'nothing owed';
    const amount = known ?? formatAmount(active, digits);
    const id = sharedId(payment, amount);
    const own = parts.filter((part) => part.payment.paymentId === id);
    const reversed = hasTransaction ? own.find(isReversed) : undefined;
    if (reversed !== undefined) return usedTransaction(reversed, amount, amount);
    // The payer's part is the last one, so all others are recorded, also those of accounts that were separated since.
    if (own.some(({ patronId }) => patronId === group[0].patronId)) return undefined;
    // Using credits changes no sum: after an interruption, the same amount is paid.
    if (known === undefined) await applyCredits(context, group, payment);
    const paid = await payAccounts(context, group, { ...payment, id, amount });
    if (paid.accepted) return undefined;
    const isLessOwed = known === undefined && paid.rejection.type === 'PaymentExceedsOwed';
    if (!isLessOwed || attempt === ATTEMPTS) return paid.rejection;
  }
}

/** Uses the credits of each account for its own fees, unless the policy forbids it or somebody else just used them. */
async function applyCredits(
  { store, policy, institution, how, newId }: Paying,
  group: PatronGroup,
  payment: Sent,
): Promise<void> {
  for (const account of group) {
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

function commandOf(
  { isRest, ...payment }: Sent,
  amount: string | number,
  { minorDigits: digits }: PatronAccount,
): ReceivePayment {
  const text = typeof amount === 'string' ? amount : formatAmount(amount, digits);
  return { ...payment, type: 'ReceivePayment', amount: text };
}

/** Whether a payment is the rest of its transaction: parts of it that name fees are recorded, and its total is unknown. */
function isRestOf(account: JoinedAccount, payment: Sent): boolean {
  const parts = recordedParts([account], payment).map((part) => part.payment);
  const isTotalKnown = parts.some(({ externalTransactionTotal }) => externalTransactionTotal !== null);
  return payment.isRest === true && !isTotalKnown && parts.some(({ feesNamed }) => feesNamed.length > 0);
}

/** Returns the amount of a payment that was recorded before, so that it is recognised although less is owed now. */
function recordedAmount(account: JoinedAccount, payment: Sent, named: readonly string[]): number | undefined {
  if (payment.externalTransactionId === undefined) return undefined;
  const isSame = (feesNamed: readonly string[]) =>
    feesNamed.length === named.length && feesNamed[0] === named[0];
  return recordedParts([account], payment).find((part) => isSame(part.payment.feesNamed))?.payment.amount;
}

/** The number of times that an amount is computed again because others changed the account. */
const ATTEMPTS = 20;

/** Executes commands that are made for the account as it is; an amount that depends on it is computed again if it changes. */
async function executeFor(
  { store, policy, institution, how }: AccountsContext,
  { patronId, ...loaded }: JoinedAccount,
  { amount }: Sent,
  make: (account: PatronAccount) => readonly Command[] | Unpaid,
): Promise<Unpaid | undefined> {
  for (let attempt = 1; ; attempt++) {
    const commands = make(loaded.account);
    if (!Array.isArray(commands)) return commands as Unpaid;
    const version = loaded.account.eventCount;
    const options = amount === undefined ? { ...how, expectedVersion: version } : how;
    try {
      const stream = { institution, patronId };
      const { decision } = await executeLoaded(store, policy, stream, loaded, commands, options);
      return decision.accepted ? undefined : decision.rejection;
    } catch (error) {
      // The account has the events of the other writer now.
      const isOpen = amount === undefined && attempt < ATTEMPTS && loaded.account.eventCount > version;
      if (!isOpen || !isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    }
  }
}
