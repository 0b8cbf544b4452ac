import type { RecordedActor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import { type Credit, unused } from '../../account/credit.js';
import { owed, refundableMoney } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Payment, Transfer } from '../../account/records.js';
import { sumOf } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { spread } from '../../policy/paymentOrder.js';

/** What can be done with fees. */
export const actionNames = ['pay', 'waive', 'transfer', 'cancel', 'refund'] as const;

/** One of them. */
export type ActionName = (typeof actionNames)[number];

/** An action of FOLIO on fees, with what it is called here. */
export type PlannedAction = {
  readonly action: ActionName;
  readonly base: {
    readonly at: string;
    readonly by: RecordedActor;
    readonly comment?: string;
    readonly staffNote?: string;
  };
  /** The method, the reason or the destination; undefined without one. */
  readonly code: string | undefined;
  readonly newId: () => string;
  readonly policy: FeePolicy;
  /** In minor units. */
  readonly amount: number;
  readonly feeIds: readonly string[];
  /** The accounts that the fees are in. */
  readonly patronIds: readonly string[];
  /** What can be refunded of the fees, in minor units. */
  readonly refundable: number;
};

/** Returns the commands of an action on fees of one account, or why there are none. */
export function actionCommands(planned: PlannedAction, account: PatronAccount): readonly Command[] | string {
  const { action, base, code = '', newId, policy, amount, feeIds } = planned;
  const digits = digitsOf(policy.currency);
  const money = (minor: number) => formatAmount(minor, digits);
  const fees = account.fees.filter(({ feeId }) => feeIds.includes(feeId));
  if (action === 'cancel')
    return fees.map(({ feeId }) => ({ ...base, type: 'CancelFee', id: newId(), feeId }));
  if (action === 'refund') return refunds(planned, account, money);
  if (action === 'pay')
    return [{ ...base, type: 'ReceivePayment', id: newId(), amount: money(amount), method: code, feeIds }];
  const owing = fees.map(owed);
  if (amount > sumOf(owing)) return 'Requested amount exceeds remaining amount';
  const shares = spread(amount, owing, policy.paymentOrder);
  const parts = fees.flatMap(({ feeId }, index) => {
    const minor = shares[index] as number;
    return minor === 0 ? [] : { feeId, amount: money(minor) };
  });
  if (action === 'waive') return [{ ...base, type: 'WaiveFees', id: newId(), fees: parts, reason: code }];
  const destination = code === '' ? {} : { destination: code };
  return [{ ...base, type: 'TransferFees', id: newId(), fees: parts, ...destination }];
}

/**
 * Returns what can be refunded of fees, in minor units: credits of cancelled fees, what was paid for them, and what was
 * transferred.
 */
export function refundable(account: PatronAccount, feeIds: readonly string[]): number {
  return sumOf(sourcesOf(account, feeIds).map(({ amount }) => amount));
}

/**
 * What money of fees goes back from: credits that they gave first, then payments, the last one first, then transfers. A
 * credit is paid out, so that a cancelled fee is not owed again.
 */
type Source = { readonly amount: number } & (
  | { readonly credit: Credit }
  | { readonly payment: Payment }
  | { readonly transfer: Transfer }
);

function sourcesOf(account: PatronAccount, feeIds: readonly string[]): readonly Source[] {
  const credits = account.credits
    .filter(({ purpose, feeId }) => purpose === 'refundable' && feeId !== null && feeIds.includes(feeId))
    .map((credit) => ({ credit, amount: unused(credit) }));
  const kept = new Map(
    account.fees.flatMap((fee) => (feeIds.includes(fee.feeId) ? [[fee.feeId, refundableMoney(fee)]] : [])),
  );
  const payments = [...account.payments]
    .reverse()
    .map((payment) => ({ payment, amount: reversible(payment, kept) }));
  const transfers = account.transfers.map((transfer) => ({ transfer, amount: recallable(transfer, feeIds) }));
  return [...credits, ...payments, ...transfers.reverse()].filter(({ amount }) => amount > 0);
}

/**
 * Returns how much of a payment can be undone for some fees, and takes it from what they kept. A payment is undone from
 * its last fee to its first, its overpayment before them, so that another fee in between ends it.
 */
function reversible({ allocations, overpayment }: Payment, kept: Map<string, number>): number {
  if (overpayment !== null && overpayment.reversed < overpayment.amount) return 0;
  let total = 0;
  for (const { feeId, amount, reversed } of [...allocations].reverse()) {
    const left = kept.get(feeId) ?? 0;
    const part = Math.min(amount - reversed, left);
    kept.set(feeId, left - part);
    total += part;
    if (part < amount - reversed) break;
  }
  return total;
}

function recallable({ feeId, amount, settled, recalled }: Transfer, feeIds: readonly string[]): number {
  return feeId !== null && feeIds.includes(feeId) ? amount - settled - recalled : 0;
}

function refunds(
  { amount, base, newId, feeIds, policy }: PlannedAction,
  account: PatronAccount,
  money: (minor: number) => string,
): readonly Command[] | string {
  let left = amount;
  const commands = sourcesOf(account, feeIds).flatMap((source): Command[] => {
    const part = Math.min(left, source.amount);
    left -= part;
    if (part === 0) return [];
    const undo = { ...base, id: newId(), amount: money(part) };
    if ('transfer' in source)
      return [{ ...undo, type: 'RecallTransfer', transferId: source.transfer.transferId }];
    if ('payment' in source)
      return [{ ...undo, type: 'ReversePayment', paymentId: source.payment.paymentId }];
    const { creditId, feeId } = source.credit;
    // FOLIO's clients name a reason, not a method: the money goes back as it came.
    const paid = account.payments
      .filter(({ allocations }) => allocations.some((one) => one.feeId === feeId))
      .at(-1);
    const method = paid?.method ?? (Object.keys(policy.paymentMethods)[0] as string);
    return [{ ...undo, type: 'RefundCredit', creditId, method }];
  });
  return left === 0
    ? commands
    : 'Refund amount must be greater than zero and less than or equal to Selected amount';
}
