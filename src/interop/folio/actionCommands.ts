import type { RecordedActor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import { owed } from '../../account/fee.js';
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

/** Returns what can be refunded of fees, in minor units: what was paid for them, and what was transferred. */
export function refundable(account: PatronAccount, feeIds: readonly string[]): number {
  return sumOf(sourcesOf(account, feeIds).map(({ amount }) => amount));
}

/** What money of fees goes back from: payments first, the last one first, then transfers. */
type Source = { readonly amount: number } & ({ readonly payment: Payment } | { readonly transfer: Transfer });

function sourcesOf(account: PatronAccount, feeIds: readonly string[]): readonly Source[] {
  const payments = account.payments.map((payment) => ({ payment, amount: reversible(payment, feeIds) }));
  const transfers = account.transfers.map((transfer) => ({ transfer, amount: recallable(transfer, feeIds) }));
  return [...payments.reverse(), ...transfers.reverse()].filter(({ amount }) => amount > 0);
}

/**
 * Returns how much of a payment can be undone for some fees. A payment is undone from its last fee to its first, its
 * overpayment before them, so that another fee in between ends it.
 */
function reversible({ allocations, overpayment }: Payment, feeIds: readonly string[]): number {
  if (overpayment !== null && overpayment.reversed < overpayment.amount) return 0;
  const open = allocations.filter(({ amount, reversed }) => reversed < amount).reverse();
  const end = open.findIndex(({ feeId }) => !feeIds.includes(feeId));
  return sumOf((end < 0 ? open : open.slice(0, end)).map(({ amount, reversed }) => amount - reversed));
}

function recallable({ feeId, amount, settled, recalled }: Transfer, feeIds: readonly string[]): number {
  return feeId !== null && feeIds.includes(feeId) ? amount - settled - recalled : 0;
}

function refunds(
  { amount, base, newId, feeIds }: PlannedAction,
  account: PatronAccount,
  money: (minor: number) => string,
): readonly Command[] | string {
  let left = amount;
  const commands = sourcesOf(account, feeIds).flatMap((source): Command[] => {
    const part = Math.min(left, source.amount);
    left -= part;
    if (part === 0) return [];
    const undo = { ...base, id: newId(), amount: money(part) };
    return 'payment' in source
      ? [{ ...undo, type: 'ReversePayment', paymentId: source.payment.paymentId }]
      : [{ ...undo, type: 'RecallTransfer', transferId: source.transfer.transferId }];
  });
  return left === 0
    ? commands
    : 'Refund amount must be greater than zero and less than or equal to Selected amount';
}
