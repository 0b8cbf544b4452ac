import type { ReceivePayment } from '../account/commands/paymentCommands.js';
import { decide } from '../account/decide.js';
import { owed } from '../account/fee.js';
import { emptyAccount, findPayment, payableFees } from '../account/patronAccount.js';
import type { Rejection } from '../account/rejections/rejection.js';
import { sumOf } from '../account/shares.js';
import { isReversedWhole } from '../account/transactionPart.js';
import { PatronFeesError } from '../errors.js';
import { executeLoaded } from '../history/execute.js';
import { compareInstants } from '../history/instants.js';
import { untilNoConflict } from '../history/retry.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type PaymentOrder, spread } from '../policy/paymentOrder.js';
import type { JoinedAccount } from './accountsOf.js';
import type { AccountsContext, GroupRow } from './patronGroup.js';
import {
  amountOf,
  type PaymentIdentity,
  paysAnyOf,
  type RecordedPart,
  recordedParts,
  roomFor,
  totalIn,
  usedTransaction,
  wholeOf,
} from './transactionParts.js';

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

/** A payment that is divided over accounts, with its amount in minor units. */
export type SharedPayment = PaymentIdentity &
  Pick<
    ReceivePayment,
    'at' | 'by' | 'approvedBy' | 'order' | 'overpayment' | 'reference' | 'comment' | 'staffNote'
  > & {
    readonly amount: number;
    /** What its transaction pays in all accounts, in minor units; undefined if unknown. */
    readonly total: number | undefined;
    /** Whether it is money in addition to recorded parts of its transaction that name fees. */
    readonly isRest?: boolean;
    /**
     * The fees that it pays before all others, in this order; none if left out. If the excess becomes no credit, it pays
     * no others.
     */
    readonly first?: readonly GroupRow[];
    /** How a part of what these fees owe is spread over them; in their order if left out. */
    readonly firstOrder?: PaymentOrder;
    /** Whether it pays no others, even if the excess becomes a credit. */
    readonly isFirstOnly?: boolean;
  };

/**
 * Returns whether the transaction's parts under other ids are this payment, or why it cannot be recorded beside them.
 */
function repeatOf(
  others: readonly RecordedPart[],
  payment: SharedPayment,
  digits: number,
): 'repeat' | Rejection | undefined {
  const { amount, isRest, first } = payment;
  if (others.length === 0) return undefined;
  // A part of other fees.
  if (first !== undefined && !others.some((part) => paysAnyOf(part, first))) return undefined;
  const sum = amountOf(others);
  const whole = wholeOf(others, digits);
  if (amount === sum || amount === whole?.amount) {
    const reversed = (amount === sum || whole === undefined ? others : [whole.part]).find((part) =>
      isReversedWhole(part.payment),
    );
    return reversed === undefined ? 'repeat' : usedTransaction(reversed, amount, digits, amount);
  }
  if (whole !== undefined) return usedTransaction(whole.part, amount, digits, whole.amount);
  // Less than what is recorded cannot be the whole, so it is the rest.
  return isRest === true || amount < sum ? undefined : ambiguous(payment, sum, digits);
}

function ambiguous(
  { method, externalTransactionId = '', amount }: SharedPayment,
  sum: number,
  digits: number,
): Rejection {
  const sums = { recordedAmount: formatAmount(sum, digits), amount: formatAmount(amount, digits) };
  return { type: 'TransactionAmbiguous', kind: 'conflict', method, externalTransactionId, ...sums };
}

/**
 * Records a payment in several accounts, each of which receives its part under the payment's id. The accounts are
 * written one after the other, the first one last.
 *
 * - Split: over all payable fees in the payment's order; what exceeds them becomes a credit of the first account.
 * - Repeated: an account that has its part stays unchanged, and the rest is divided over the others. If the
 *   transaction has parts under other ids, the payment is recorded as far as the total leaves room; without a total,
 *   it repeats parts that add up to it.
 * - Refused: as a whole before the first part is recorded; afterwards the rest is always recorded.
 *
 * @param accounts - the accounts as they were read, the payer's first; they change in place
 */
export async function payAccounts(
  context: AccountsContext,
  accounts: readonly JoinedAccount[],
  payment: SharedPayment,
): Promise<HouseholdPaid> {
  return untilNoConflict(async (write) => {
    const paid = await payOnce(context, accounts, payment);
    return paid === 'divide again' ? write(() => Promise.reject(changed(payment)), payment) : paid;
  });
}

function changed({ id }: SharedPayment): PatronFeesError {
  const message = `payment ${id}: others changed the accounts while it was divided: send it again`;
  return new PatronFeesError('VERSION_CONFLICT', message, { id });
}

/** Refusals because others changed an account after it was read: the payment is divided again. */
const changedMeanwhile: readonly Rejection['type'][] = ['PaymentExceedsOwed', 'FeeIsDisputed'];

async function payOnce(
  { store, policy, institution, how }: AccountsContext,
  accounts: readonly JoinedAccount[],
  payment: SharedPayment,
): Promise<HouseholdPaid | 'divide again'> {
  const digits = digitsOf(policy.currency);
  const own = () => accounts.flatMap((account) => ownPart(account, payment));
  const result = (rejection?: Rejection, recorded: readonly RecordedPart[] = own()): HouseholdPaid => {
    const parts = accounts.flatMap(({ patronId }) => {
      const amount = amountOf(recorded.filter((part) => part.patronId === patronId));
      return amount === 0 ? [] : { patronId, amount: formatAmount(amount, digits) };
    });
    return rejection === undefined ? { accepted: true, parts } : { accepted: false, rejection, parts };
  };
  const { total } = payment;
  const isOther = (part: RecordedPart) => part.payment.paymentId !== payment.id;
  const others = recordedParts(accounts, payment).filter(isOther);
  const recorded = amountOf(own());
  let known: Rejection | number | 'repeat' | undefined;
  if (total !== undefined) known = roomFor(others, { ...payment, total }, payment.amount, digits);
  else if (recorded === 0) known = repeatOf(others, payment, digits);
  if (typeof known === 'object') return result(known);
  if (known === 0 || known === 'repeat') return result(undefined, others);
  // The recorded part stays, even if other parts were recorded in between.
  const amount = known === undefined ? payment.amount : Math.max(recorded, Math.min(payment.amount, known));
  const divided = divide(accounts, { ...payment, amount }, policy);
  if ('type' in divided) return result(divided);
  const partOf = ({ account, command }: Divided, parts: readonly RecordedPart[]): ReceivePayment => {
    // Beside a part of the same fees and amount it would be a repeat of that.
    const hasAlike = parts.some(
      (part) =>
        part.patronId === account.patronId && formatAmount(part.payment.amount, digits) === command.amount,
    );
    const { allocations, ...nameless } = command;
    const rest = total === undefined ? ({ part: 'rest' } as const) : {};
    return {
      ...(hasAlike ? { ...nameless, ...rest } : command),
      ...totalIn(account, parts, total, digits),
    };
  };
  if (recorded === 0) {
    // The whole is decided on an empty account: a role's limit and an approval are about all parts together.
    const tries = [
      { account: emptyAccount(), command: wholeCommand(payment, formatAmount(amount, digits)) },
      ...divided.map((one) => ({ account: one.account.account, command: partOf(one, others) })),
    ];
    const { now } = how;
    for (const { account, command } of tries) {
      const decision = decide(command, account, policy, now === undefined ? {} : { now });
      if (!decision.accepted) return result(decision.rejection);
    }
  }
  for (const one of divided) {
    const { account } = one;
    const parts = recordedParts(accounts, payment);
    const stream = { institution, patronId: account.patronId };
    const { decision } = await executeLoaded(store, policy, stream, account, partOf(one, parts), how);
    const isRecorded = ownPart(account, payment).length > 0;
    if (decision.accepted && isRecorded) continue;
    if (decision.accepted) return result(ambiguous(payment, amountOf(parts), digits));
    const { rejection } = decision;
    // Another call with the same payment was first, and divided it otherwise.
    const isDivided = rejection.type === 'IdAlreadyUsed' && isRecorded;
    return isDivided || changedMeanwhile.includes(rejection.type) ? 'divide again' : result(rejection);
  }
  return result();
}

/** Returns the command of a payment as if it were for one account. */
function wholeCommand(payment: SharedPayment, amount: string): ReceivePayment {
  const { order, isRest, total, first, firstOrder, isFirstOnly, ...common } = payment;
  return { ...common, type: 'ReceivePayment', amount, overpayment: 'credit' };
}

/** A part of a payment, and the account that receives it. */
type Divided = { readonly account: JoinedAccount; readonly command: ReceivePayment };

/** Returns the part that an account has under the payment's id. Throws if it is another payment. */
function ownPart({ patronId, account }: JoinedAccount, payment: PaymentIdentity): RecordedPart[] {
  const part = findPayment(account, payment.id);
  if (part === undefined) return [];
  const { method, externalTransactionId } = part;
  if (method !== payment.method || externalTransactionId !== (payment.externalTransactionId ?? null))
    throw otherPayment(payment, `${patronId} has it as a ${method} payment`);
  return [{ patronId, payment: part }];
}

function otherPayment({ id }: PaymentIdentity, found: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', `payment.id: ${id} is another payment: ${found}`, { id });
}

/** Divides the part that is not recorded yet over the fees of the other accounts. The payer's command comes last. */
function divide(
  accounts: readonly JoinedAccount[],
  payment: SharedPayment,
  policy: FeePolicy,
): Rejection | readonly Divided[] {
  const digits = digitsOf(policy.currency);
  const money = (minor: number) => formatAmount(minor, digits);
  const [payer] = accounts as [JoinedAccount];
  const own = accounts.flatMap((account) => ownPart(account, payment));
  const has = ({ patronId }: JoinedAccount) => own.some((part) => part.patronId === patronId);
  const recorded = amountOf(own);
  const left = payment.amount - recorded;
  if (left < 0 || (left > 0 && has(payer))) throw otherPayment(payment, `${money(recorded)} is recorded`);
  const rows = accounts
    .filter((account) => !has(account))
    .flatMap((account) => payableFees(account.account).map((fee) => ({ account, fee, owed: owed(fee) })));
  // The fees of one account are in the order of its stream.
  if (accounts.length > 1) rows.sort((a, b) => compareInstants(a.fee.assessedAt, b.fee.assessedAt));
  const limitsOf = (some: typeof rows) => some.map((row) => row.owed);
  const owing = (some: typeof rows) => sumOf(limitsOf(some));
  const { first = [], firstOrder, isFirstOnly = false } = payment;
  const placeOf = ({ account, fee }: (typeof rows)[number]) =>
    first.findIndex(({ patronId, id }) => patronId === account.patronId && id === fee.feeId);
  const named = rows.filter((row) => placeOf(row) >= 0);
  if (firstOrder === undefined) named.sort((a, b) => placeOf(a) - placeOf(b));
  const rowsAfter = isFirstOnly ? [] : rows.filter((row) => placeOf(row) < 0);
  const surplus = Math.max(0, left - owing([...named, ...rowsAfter]));
  // Who names fees and wants no credit pays those alone.
  const payable = owing(payment.first === undefined ? rows : named);
  const refuses = (payment.overpayment ?? policy.overpayment) === 'refuse';
  if (left > payable && recorded === 0 && refuses) {
    const said = { type: 'PaymentExceedsOwed', kind: 'conflict', feeId: null } as const;
    return { ...said, amount: money(left), owed: money(payable) };
  }
  const toNamed = Math.min(left, owing(named));
  const shares = [
    ...spread(toNamed, limitsOf(named), firstOrder ?? 'oldest-first'),
    ...spread(left - surplus - toNamed, limitsOf(rowsAfter), payment.order ?? policy.paymentOrder),
  ];
  const paid = [...named, ...rowsAfter].map((row, index) => ({ ...row, share: shares[index] as number }));
  const othersPay = recorded > 0 || paid.some(({ account, share }) => account !== payer && share > 0);
  return [...accounts].reverse().flatMap((account) => {
    const fees = paid.filter((row) => row.account === account && row.share > 0);
    const amount = sumOf([...fees.map(({ share }) => share), account === payer ? surplus : 0]);
    if (amount === 0) return [];
    const command: ReceivePayment = {
      ...wholeCommand(payment, money(amount)),
      allocations: fees.map(({ fee, share }) => ({ feeId: fee.feeId, amount: money(share) })),
      // Once the others have their parts, the rest was received too.
      overpayment: account === payer && (surplus > 0 || othersPay) ? 'credit' : 'refuse',
    };
    return { account, command };
  });
}
