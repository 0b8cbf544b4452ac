import type { RecordedActor } from '../account/circumstances.js';
import type { ApplyCredit } from '../account/commands/creditCommands.js';
import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { unused } from '../account/credit.js';
import type { Decision } from '../account/decision.js';
import { digestOf } from '../account/digest.js';
import { externalTransactionPositions } from '../account/ids.js';
import { balancesInMinorUnits, findPayment, type PatronAccount } from '../account/patronAccount.js';
import { type Payment, reversedOf } from '../account/records.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { execute, executeLoaded } from '../history/execute.js';
import { ATTEMPTS } from '../job/accountFinding.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import { accountsOf, type JoinedAccount } from '../patron/accountsOf.js';
import { payHousehold } from '../patron/payHousehold.js';
import { balancesOfAll } from '../views/amountWriter.js';
import type { ServiceContext } from './serviceOptions.js';

/** The accounts of one patron, the one for new fees first. Most patrons have one. */
export type ServiceGroup = readonly [JoinedAccount, ...JoinedAccount[]];

/**
 * Reads the accounts of a patron that are merged with the given one, and in the same currency.
 */
export async function groupOf(
  { store, institution, policy }: ServiceContext,
  patronId: string,
): Promise<ServiceGroup> {
  const accounts = await accountsOf(store, { institution, patronId });
  const own = accounts.find((account) => account.patronId === patronId) as JoinedAccount;
  const currencyOf = ({ account }: JoinedAccount) => account.currency ?? policy.currency;
  return accounts.filter((one) => currencyOf(one) === currencyOf(own)) as unknown as ServiceGroup;
}

/** A fee or a credit and the patron id of its account. */
export type GroupRow = { readonly patronId: string; readonly id: string };

/** The names of the fees and credits of a group, each with one row. */
export type GroupNames = {
  /** Returns the name by which clients know a row. */
  readonly nameOf: (row: GroupRow) => string;
  /** Returns the row with a name; undefined without one. */
  readonly find: (name: string) => GroupRow | undefined;
};

/**
 * Names the fees and credits of a group: by their ids, and where an earlier account has the same id, by the id followed
 * by `@` and the patron id.
 */
export function groupNames(group: ServiceGroup): GroupNames {
  const [{ patronId: only }] = group;
  if (group.length === 1) return { nameOf: ({ id }) => id, find: (id) => ({ patronId: only, id }) };
  const rows = new Map<string, GroupRow>();
  const names = new Map<string, string>();
  const keyOf = ({ patronId, id }: GroupRow) => JSON.stringify([patronId, id]);
  for (const { patronId, account } of group) {
    const { fees, credits } = account;
    for (const id of [...fees.map((fee) => fee.feeId), ...credits.map((credit) => credit.creditId)]) {
      let name = id;
      while (rows.has(name)) name += `@${patronId}`;
      rows.set(name, { patronId, id });
      names.set(keyOf({ patronId, id }), name);
    }
  }
  return { nameOf: (row) => names.get(keyOf(row)) as string, find: (name) => rows.get(name) };
}

/**
 * Returns the row that a payment names. A payment that was recorded before names the fee of that time, although another
 * account may have got one with the same id since.
 *
 * @returns undefined if the group has no such row
 */
export function rowOfPayment(
  group: ServiceGroup,
  name: string,
  payment: Pick<GroupPayment, 'id' | 'method' | 'externalTransactionId'>,
): GroupRow | undefined {
  const named = ({ feesNamed, allocations }: Payment) =>
    payment.externalTransactionId === undefined ? allocations.map(({ feeId }) => feeId) : feesNamed;
  const repeated = partsOf(group, payment).find((part) => {
    const [feeId, ...more] = named(part.payment);
    return feeId === name && more.length === 0;
  });
  return repeated === undefined ? groupNames(group).find(name) : { patronId: repeated.patronId, id: name };
}

/** A payment that names no fee. Its amount is in canonical form, or undefined for all that is owed. */
export type GroupPayment = Pick<
  ReceivePayment,
  'id' | 'at' | 'comment' | 'method' | 'externalTransactionId' | 'overpayment'
> & { readonly by: RecordedActor; readonly amount: string | undefined };

/** A recorded part of a payment over several accounts. */
type Part = { readonly patronId: string; readonly payment: Payment };

/**
 * Returns whether a payment is one over several accounts: those of the group, or those of an earlier group that has
 * recorded a part of it.
 */
export function isOverGroup(group: ServiceGroup, payment: GroupPayment): boolean {
  return group.length > 1 || recordedParts(group, payment).own.length > 0;
}

/**
 * Records a payment over a group: once, however often it is sent. After an interruption, sending it again finishes it.
 *
 * Clients repeat the external transaction id and not the id of the payment, so the parts have an id that is made of the
 * transaction and the whole amount.
 *
 * @returns why it is refused; `'nothing owed'`; undefined if all of it is recorded
 */
export async function payGroup(
  context: ServiceContext,
  group: ServiceGroup,
  payment: GroupPayment,
  attempt = 1,
): Promise<Rejection | 'nothing owed' | undefined> {
  const { store, policy, institution, how } = context;
  const digits = minorDigits(policy.currency) as number;
  const { own, others } = recordedParts(group, payment);
  const [part] = own;
  if (part !== undefined) {
    const prefix = prefixOf(payment);
    const total = prefix === undefined ? payment.amount : part.payment.paymentId.slice(prefix.length);
    const { amount = total } = payment;
    if (prefix !== undefined && (amount !== total || own.every(isReversed)))
      return used(part, total as string, payment);
    // Its part is the last one, so all others are recorded, also those of accounts that were separated since.
    if (own.some(({ patronId }) => patronId === group[0].patronId)) return undefined;
    return payAll(context, group, payment, total as string);
  }
  const nameless = others.find((other) => other.payment.feesNamed.length === 0);
  if (nameless !== undefined) {
    const { amount = formatAmount(nameless.payment.amount, digits), ...rest } = payment;
    const command: ReceivePayment = { ...rest, type: 'ReceivePayment', amount };
    const stream = { institution, patronId: nameless.patronId };
    const { decision } = await execute(store, policy, stream, command, how);
    return decision.accepted ? undefined : decision.rejection;
  }
  const sum = others.reduce((total, other) => total + other.payment.amount, 0);
  if (payment.amount !== undefined && sum === parseAmount(payment.amount, digits)) {
    const [first] = others as [Part];
    return others.every(isReversed) ? used(first, payment.amount, payment) : undefined;
  }
  if (payment.amount !== undefined) return payAll(context, group, payment, payment.amount);
  const { active } = balancesOfAll(group.map(({ account }) => account));
  if (active <= 0) return 'nothing owed';
  // Using credits changes no sum: after an interruption, the same amount is paid.
  const whyNot = await applyCredits(context, group, payment);
  const why = whyNot ?? (await payAll(context, group, payment, formatAmount(active, digits)));
  const isLess = whyNot !== undefined || why?.type === 'PaymentExceedsOwed';
  return isLess && attempt < ATTEMPTS
    ? payGroup(context, await groupOf(context, group[0].patronId), payment, attempt + 1)
    : why;
}

/** Uses the credits of each account for its own fees. Returns why not: somebody else used them meanwhile. */
async function applyCredits(
  { store, policy, institution, how, newId }: ServiceContext,
  group: ServiceGroup,
  payment: GroupPayment,
): Promise<Rejection | undefined> {
  for (const loaded of group) {
    const commands = useOfCredits(loaded.account, payment, newId);
    if (commands.length === 0) continue;
    const stream = { institution, patronId: loaded.patronId };
    const { decision } = await executeLoaded(store, policy, stream, loaded, commands, how);
    if (!decision.accepted && !isForbiddenUse(decision)) return decision.rejection;
  }
  return undefined;
}

/** Returns whether the policy's permissions forbid to use a credit. */
export function isForbiddenUse(decision: Decision): boolean {
  return (
    !decision.accepted &&
    decision.rejection.type === 'NotPermitted' &&
    decision.rejection.commandType === 'ApplyCredit'
  );
}

/**
 * Returns the commands that use a patron's credits for what can be paid, as the sum of all rows counts them: refundable
 * ones and goodwill. Credits that are reserved for a lost item's fee are not in what can be paid.
 */
export function useOfCredits(
  account: PatronAccount,
  { at, by }: Pick<GroupPayment, 'at' | 'by'>,
  newId: () => string,
): ApplyCredit[] {
  let left = balancesInMinorUnits(account).payable;
  return account.credits.flatMap((credit) => {
    const amount = Math.min(left, unused(credit));
    if (amount === 0 || (credit.purpose !== 'refundable' && credit.purpose !== 'goodwill')) return [];
    left -= amount;
    return { type: 'ApplyCredit', id: newId(), creditId: credit.creditId, at, by };
  });
}

async function payAll(
  { store, policy, institution, how }: ServiceContext,
  group: ServiceGroup,
  payment: GroupPayment,
  amount: string,
): Promise<Rejection | undefined> {
  const patronIds = group.map(({ patronId }) => patronId);
  const prefix = prefixOf(payment);
  const id = prefix === undefined ? payment.id : `${prefix}${amount}`;
  const paid = await payHousehold(store, policy, { ...payment, institution, patronIds, id, amount }, how);
  return paid.accepted ? undefined : paid.rejection;
}

/** Returns the beginning of the ids of a payment's parts; undefined if it has no external transaction id. */
function prefixOf({ method, externalTransactionId }: GroupPayment): string | undefined {
  return externalTransactionId === undefined
    ? undefined
    : `group-${digestOf([method, externalTransactionId])}-`;
}

/** Returns the recorded parts of a payment over a group, and the other payments of its external transaction. */
function recordedParts(group: ServiceGroup, payment: GroupPayment) {
  const prefix = prefixOf(payment);
  const parts = partsOf(group, payment);
  const isOwn = (part: Part) => prefix === undefined || part.payment.paymentId.startsWith(prefix);
  return { own: parts.filter(isOwn), others: parts.filter((part) => !isOwn(part)) };
}

/** Returns the payments of an external transaction in all accounts; without one, those with the payment's id. */
function partsOf(
  group: ServiceGroup,
  { id, method, externalTransactionId }: Pick<GroupPayment, 'id' | 'method' | 'externalTransactionId'>,
): readonly Part[] {
  return group.flatMap(({ patronId, account }) => {
    const found =
      externalTransactionId === undefined
        ? [findPayment(account, id)]
        : externalTransactionPositions(account.ids, method, externalTransactionId).map(
            (position) => account.payments[position],
          );
    return found.flatMap((payment) => (payment === undefined ? [] : { patronId, payment }));
  });
}

function isReversed({ payment }: Part): boolean {
  return reversedOf(payment) === payment.amount;
}

/** Returns the refusal of a payment whose transaction is recorded with another amount, or was reversed. */
function used({ payment: part }: Part, recorded: string, payment: GroupPayment): Rejection {
  return {
    type: 'ExternalTransactionAlreadyUsed',
    kind: 'conflict',
    method: part.method,
    externalTransactionId: part.externalTransactionId ?? '',
    paymentId: part.paymentId,
    recordedAmount: recorded,
    amount: payment.amount ?? recorded,
    feesNamed: part.feesNamed,
    recordedTotal: null,
    reversed: reversedOf(part) === part.amount,
  };
}
