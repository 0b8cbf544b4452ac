import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { digestOf } from '../account/digest.js';
import { owed } from '../account/fee.js';
import { externalTransactionPositions } from '../account/ids.js';
import { findPayment, payableFees } from '../account/patronAccount.js';
import { type Payment, reversedOf } from '../account/records.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { sumOf } from '../account/shares.js';
import { PatronFeesError } from '../errors.js';
import { executeLoaded } from '../history/execute.js';
import { compareInstants } from '../history/instants.js';
import { ATTEMPTS, BUSY_MESSAGE } from '../job/accountFinding.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { spread } from '../policy/paymentOrder.js';
import type { JoinedAccount } from './accountsOf.js';
import type { AccountsContext } from './patronGroup.js';

/** The part of a payment that one account received. */
export type HouseholdPart = {
  /** The patron. */
  readonly patronId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** The result of a payment for several patrons. */
export type HouseholdPaid =
  | {
      /** Whether the whole amount is recorded. */
      readonly accepted: true;
      /** The part of each patron who received one, in the given order. They add up to the amount. */
      readonly parts: readonly HouseholdPart[];
    }
  | {
      /** Whether the whole amount is recorded. */
      readonly accepted: false;
      /** Why not. */
      readonly rejection: Rejection;
      /** The parts that are recorded: none, unless an earlier call was interrupted. */
      readonly parts: readonly HouseholdPart[];
    };

/** What identifies a payment: its id, and the transaction of its provider if it has one. */
export type PaymentIdentity = Pick<ReceivePayment, 'id' | 'method' | 'externalTransactionId'>;

/** A payment that is divided over accounts: the fields that each part has too, and its amount in canonical form. */
export type SharedPayment = Omit<
  ReceivePayment,
  'type' | 'allocations' | 'feeIds' | 'externalTransactionTotal' | 'part'
> & {
  /** Whether it is other money than recorded parts of its transaction that name fees. */
  readonly isRest?: boolean;
};

/** A payment in one of the accounts. */
export type RecordedPart = { readonly patronId: string; readonly payment: Payment };

/** Returns the payments of an external transaction in all accounts; without one, those with the payment's id. */
export function recordedParts(
  accounts: readonly JoinedAccount[],
  { id, method, externalTransactionId }: PaymentIdentity,
): readonly RecordedPart[] {
  return accounts.flatMap(({ patronId, account }) => {
    const found =
      externalTransactionId === undefined
        ? [findPayment(account, id)]
        : externalTransactionPositions(account.ids, method, externalTransactionId).map(
            (position) => account.payments[position],
          );
    return found.flatMap((payment) => (payment === undefined ? [] : { patronId, payment }));
  });
}

/**
 * Returns the id of a payment's parts for clients that repeat the external transaction id and not the payment's id: made of
 * the transaction and the whole amount. Without a transaction, it is the payment's id.
 */
export function sharedId({ id, method, externalTransactionId }: PaymentIdentity, amount: string): string {
  return externalTransactionId === undefined ? id : `${prefixOf(method, externalTransactionId)}${amount}`;
}

function prefixOf(method: string, externalTransactionId: string): string {
  return `group-${digestOf([method, externalTransactionId])}-`;
}

/** Returns the whole amount of a payment of which a part has a {@link sharedId}; undefined for other payments. */
export function sharedAmount({ method, externalTransactionId, paymentId }: Payment): string | undefined {
  const prefix = externalTransactionId === null ? undefined : prefixOf(method, externalTransactionId);
  return prefix !== undefined && paymentId.startsWith(prefix) ? paymentId.slice(prefix.length) : undefined;
}

/** Returns the recorded amount of a transaction's payment of all fees; undefined if its parts name fees. */
export function wholeOf(
  parts: readonly RecordedPart[],
  digits: number,
): (RecordedPart & { readonly amount: string }) | undefined {
  for (const part of parts) {
    const { feesNamed, amount: minor } = part.payment;
    const amount =
      sharedAmount(part.payment) ?? (feesNamed.length === 0 ? formatAmount(minor, digits) : undefined);
    if (amount !== undefined) return { ...part, amount };
  }
  return undefined;
}

/**
 * Records a payment in several accounts, each of which receives its part under the payment's id. The accounts are
 * written one after the other, the first one last.
 *
 * - Split: over all payable fees in the payment's order; what exceeds them becomes a credit of the first account.
 * - Repeated: an account that has its part is left as it is, and the rest is divided over the others. The amount that the
 *   transaction's parts under other ids add up to is a repeat of them.
 * - Refused: as a whole before the first part is recorded; afterwards the rest is always recorded.
 *
 * @param accounts - the accounts as they were read, the payer's first; they change in place
 */
export async function payAccounts(
  context: AccountsContext,
  accounts: readonly JoinedAccount[],
  payment: SharedPayment,
): Promise<HouseholdPaid> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const paid = await payOnce(context, accounts, payment);
    if (paid !== 'divide again') return paid;
  }
  throw new PatronFeesError('VERSION_CONFLICT', `payment ${payment.id}: ${BUSY_MESSAGE}`);
}

/** Refusals because others changed an account after it was read: the payment is divided again. */
const changedMeanwhile: readonly Rejection['type'][] = ['PaymentExceedsOwed', 'FeeIsDisputed'];

async function payOnce(
  { store, policy, institution, how }: AccountsContext,
  accounts: readonly JoinedAccount[],
  payment: SharedPayment,
): Promise<HouseholdPaid | 'divide again'> {
  const digits = minorDigits(policy.currency) as number;
  const own = () => accounts.flatMap((member) => ownPart(member, payment));
  const result = (rejection?: Rejection, recorded: readonly RecordedPart[] = own()): HouseholdPaid => {
    const parts = accounts.flatMap(({ patronId }) => {
      const amount = sumOf(recorded.filter((part) => part.patronId === patronId).map(amountOf));
      return amount === 0 ? [] : { patronId, amount: formatAmount(amount, digits) };
    });
    return rejection === undefined ? { accepted: true, parts } : { accepted: false, rejection, parts };
  };
  if (own().length === 0) {
    const others = recordedParts(accounts, payment);
    const known = repeatOf(others, payment, digits);
    if (known !== undefined) return known === 'repeat' ? result(undefined, others) : result(known);
  }
  const divided = divide(accounts, payment, policy);
  if ('type' in divided) return result(divided);
  for (const { member, command } of divided) {
    const stream = { institution, patronId: member.patronId };
    const { decision } = await executeLoaded(store, policy, stream, member, command, how);
    if (decision.accepted) continue;
    const { rejection } = decision;
    // Another call with the same payment was first, and divided it otherwise.
    const isOther = rejection.type === 'IdAlreadyUsed' && ownPart(member, payment).length > 0;
    return isOther || changedMeanwhile.includes(rejection.type) ? 'divide again' : result(rejection);
  }
  return result();
}

const amountOf = ({ payment }: RecordedPart): number => payment.amount;

/** Returns the part that an account has under the payment's id. Throws if it is another payment. */
function ownPart({ patronId, account }: JoinedAccount, payment: SharedPayment): RecordedPart[] {
  const part = findPayment(account, payment.id);
  if (part === undefined) return [];
  const { method, externalTransactionId } = part;
  if (method !== payment.method || externalTransactionId !== (payment.externalTransactionId ?? null)) {
    throw otherPayment(payment, `${patronId} has it as a ${method} payment`);
  }
  return [{ patronId, payment: part }];
}

function otherPayment({ id }: SharedPayment, found: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', `payment.id: ${id} is another payment: ${found}`, { id });
}

/** Returns whether the transaction's parts under other ids are this payment, or why it cannot be recorded beside them. */
function repeatOf(
  others: readonly RecordedPart[],
  payment: SharedPayment,
  digits: number,
): 'repeat' | Rejection | undefined {
  if (others.length === 0) return undefined;
  const { amount, method, externalTransactionId = '' } = payment;
  const sum = sumOf(others.map(amountOf));
  const isSum = parseAmount(amount, digits) === sum;
  const whole = wholeOf(others, digits);
  if (isSum || amount === whole?.amount) {
    const reversed = (isSum || whole === undefined ? others : [whole]).find(isReversed);
    return reversed === undefined ? 'repeat' : usedTransaction(reversed, amount, amount);
  }
  if (whole !== undefined) return usedTransaction(whole, whole.amount, amount);
  // Less than what is recorded cannot be the whole, so it is the rest.
  if (payment.isRest === true || parseAmount(amount, digits) < sum) return undefined;
  const recordedAmount = formatAmount(sum, digits);
  return {
    type: 'TransactionAmbiguous',
    kind: 'conflict',
    method,
    externalTransactionId,
    recordedAmount,
    amount,
  };
}

/** Returns whether a part was reversed whole. */
export function isReversed({ payment }: RecordedPart): boolean {
  return reversedOf(payment) === payment.amount;
}

/** Returns the refusal of a payment whose transaction is recorded with another amount, or was reversed. */
export function usedTransaction(part: RecordedPart, recordedAmount: string, amount: string): Rejection {
  const { method, externalTransactionId, paymentId, feesNamed } = part.payment;
  return {
    type: 'ExternalTransactionAlreadyUsed',
    kind: 'conflict',
    method,
    externalTransactionId: externalTransactionId ?? '',
    paymentId,
    recordedAmount,
    amount,
    feesNamed,
    recordedTotal: null,
    reversed: isReversed(part),
  };
}

/** Divides the part that is not recorded yet over the fees of the other accounts. The payer's command comes last. */
function divide(
  accounts: readonly JoinedAccount[],
  payment: SharedPayment,
  policy: FeePolicy,
): Rejection | readonly { readonly member: JoinedAccount; readonly command: ReceivePayment }[] {
  const digits = minorDigits(policy.currency) as number;
  const money = (minor: number) => formatAmount(minor, digits);
  const [payer] = accounts as [JoinedAccount];
  const own = accounts.flatMap((member) => ownPart(member, payment));
  const has = ({ patronId }: JoinedAccount) => own.some((part) => part.patronId === patronId);
  const recorded = sumOf(own.map(amountOf));
  const left = parseAmount(payment.amount, digits) - recorded;
  if (left < 0 || (left > 0 && has(payer))) throw otherPayment(payment, `${money(recorded)} is recorded`);
  const rows = accounts
    .filter((member) => !has(member))
    .flatMap((member) => payableFees(member.account).map((fee) => ({ member, fee, owed: owed(fee) })))
    .sort((a, b) => compareInstants(a.fee.assessedAt, b.fee.assessedAt));
  const payable = sumOf(rows.map((row) => row.owed));
  const surplus = Math.max(0, left - payable);
  if (surplus > 0 && recorded === 0 && (payment.overpayment ?? policy.overpayment) === 'refuse') {
    const said = { type: 'PaymentExceedsOwed', kind: 'conflict', feeId: null } as const;
    return { ...said, amount: money(left), owed: money(payable) };
  }
  const limits = rows.map((row) => row.owed);
  const shares = spread(left - surplus, limits, payment.order ?? policy.paymentOrder);
  const paid = rows.map((row, index) => ({ ...row, share: shares[index] as number }));
  const othersPay = recorded > 0 || paid.some(({ member, share }) => member !== payer && share > 0);
  return [...accounts].reverse().flatMap((member) => {
    const fees = paid.filter((row) => row.member === member && row.share > 0);
    const amount = sumOf([...fees.map(({ share }) => share), member === payer ? surplus : 0]);
    if (amount === 0) return [];
    const { order, isRest, ...common } = payment;
    const command: ReceivePayment = {
      ...common,
      type: 'ReceivePayment',
      amount: money(amount),
      allocations: fees.map(({ fee, share }) => ({ feeId: fee.feeId, amount: money(share) })),
      // Once the others have their parts, the rest was received too.
      overpayment: member === payer && (surplus > 0 || othersPay) ? 'credit' : 'refuse',
    };
    return { member, command };
  });
}
